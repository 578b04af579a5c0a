"""Roll-ups: one version of a tally as a query of verdict rows, from the verdicts of its parts (`docs/meaning.md` section 7)."""

from collections.abc import Mapping

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.accountable import accountable
from mofan_rules.compiler.binding import binding, bound_stretches, frame_of, waivers
from mofan_rules.compiler.bounds import bound
from mofan_rules.compiler.cells import ASKED, KEY, cells_of, possible_subjects, same_cell, windows_of
from mofan_rules.compiler.feeds import gaps, owner_in_feeds
from mofan_rules.compiler.frame import Frame, Refused
from mofan_rules.compiler.graph import reach
from mofan_rules.compiler.judging import BLANK, VERDICT, binding_reasons
from mofan_rules.compiler.organizations import Aliased, versions
from mofan_rules.compiler.parameters import missing
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.sums import Sums, tally_measured, tally_required, tally_truth
from mofan_rules.compiler.tree import (
    BIGINT,
    BOOLEAN,
    DATE,
    FALSE,
    TEXT,
    TRUE,
    Tree,
    both,
    case,
    cast,
    column,
    either,
    eq,
    ge,
    gt,
    is_known,
    is_null,
    le,
    no,
    null,
    text,
    whole,
)
from mofan_rules.compiler.values import Number, Ratio
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.program import Bounds, Counted, Judgement, Partial, Per, Snapshot, Stage, Tally
from mofan_rules.ir.rows import Linked
from mofan_rules.schema import Table
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State

WORST_FIRST = (State.VIOLATED, State.UNKNOWN, State.PENDING, State.SATISFIED, State.WAIVED)
"""The order in which the state of one part stands for several."""


def tally_verdicts(plan: Plan, tally: Tally, parts_of: Mapping[str, Aliased], question: Aliased) -> Tree:
    """The verdicts of a tally: the columns of `VERDICT`.

    Parameters
    ----------
    parts_of: the judged rows of each part requirement, for a period that holds all windows of the tally.

    Raises
    ------
    Refused, TooLarge: if it is not compiled.
    """
    header = tally.header
    if tally.in_a_row is not None:
        raise Refused("Tally.in_a_row: windows one after the other")
    listed = windows_of(plan, tally.windows, header, question) if tally.windows is not None else _asked_period(plan, tally, question)
    cells = cells_of(plan, header, listed, by_day=False, grace=False)
    stretches = bound_stretches(plan, header, cells)
    bound_days, waived = binding(plan, header, cells, stretches, False), waivers(plan, header, cells)
    summed = plan.step("sums", _sums(plan, tally, cells, parts_of))
    frame = frame_of(plan, {Scope.SUBJECT: "s"})
    joins = [sql.inner(bound_days("b"), same_cell("b", "c")), sql.inner(waived("w"), same_cell("w", "c")), sql.left(summed("p"), same_cell("p", "c"))]
    incomplete: Tree = FALSE
    if tally.over is not None:
        join, incomplete = _incomplete(plan, tally, cells)
        joins.append(join)
    columns = _columns(plan, tally, frame, frame.need(incomplete))
    if Scope.SUBJECT in frame.used:
        covering = both(eq(column("sv.organization"), column("c.subject")), sql.within(column("c.day"), column("sv.sure_first"), column("sv.sure_last")))
        joins += [sql.left(versions(plan)("sv"), covering), sql.left(plan.fact(Table.ORGANIZATIONS, "s"), eq(column("s.row"), column("sv.version")))]
    answers = column("c.subject")
    if header.accountable is not None:
        joins.append(sql.left(accountable(plan, header.accountable, cells)("a"), same_cell("a", "c")))
        answers = sql.coalesce(column("a.organization"), column("c.subject"))
    columns |= {name: frame.need(column(f"c.{name}")) for name in ("subject", "w", "key", "window_first", "window_last", "day")}
    columns |= {"requirement": text(header.requirement), "accountable": frame.need(answers), "answered_on": null(DATE), "waits": FALSE}
    return frame.query(cells("c"), joins, TRUE, {name: columns[name] for name in VERDICT})


def _asked_period(plan: Plan, tally: Tally, question: Aliased) -> Tree:
    """The period of the run as the one window."""
    subjects = sql.nested(possible_subjects(plan, tally.header), "o")
    run = plan.question("r")
    begun = both(le(column("r.period_first"), column("q.as_of")), le(column("r.period_first"), column("q.period_last")))
    selected = both(begun, ge(column("r.period_last"), column("q.period_first")))
    columns = {
        "subject": column("o.organization"),
        "w": cast(whole(0), BIGINT),
        "key": text(""),
        "preset": null(TEXT),
        "window_first": column("r.period_first"),
        "window_last": column("r.period_last"),
    }
    asked = {name: column(f"q.{name}") for name in ASKED}
    return sql.select(columns | asked, subjects, [sql.crossed(question("q")), sql.crossed(run)], selected)


# parts


def selected(part: str, as_of: Tree, first: Tree, last: Tree) -> Tree:
    """Is a judged row selected for a period? (`docs/meaning.md` 2.6)"""
    begun = both(le(column(f"{part}.window_first"), as_of), le(column(f"{part}.window_first"), last))
    answered = column(f"{part}.answered_on")
    waits = both(column(f"{part}.waits"), either(is_null(answered), gt(answered, last)))
    reaches = either(ge(column(f"{part}.window_last"), first), waits)
    return either(column(f"{part}.always"), is_null(column(f"{part}.window_first")), both(begun, reaches))


def _reasons_of(state: State) -> list[Tree]:
    return [text(name) for name, of in REASONS.items() if of is state]


def _sums(plan: Plan, tally: Tally, cells: Aliased, parts_of: Mapping[str, Aliased]) -> Tree:
    """(subject, w, sums of weights by state and link): one row a cell that has parts."""
    named = {name: column(f"p.{name}") for name in (*VERDICT, *CONSTANTS)}
    every = [sql.select(named, parts_of[name]("p")) for name in sorted(set(tally.parts))]
    if not every:
        raise Refused("Tally.parts: none")
    joins: list[exp.Join] = []
    linked: Tree = TRUE
    if isinstance(tally.over, Linked):
        same, (linked, joins) = TRUE, _linked(plan, tally.over)
    else:
        same = eq(column("p.subject" if tally.over is None else "p.accountable"), column("c.subject"))
    chosen = selected("p", column("c.as_of"), column("c.window_first"), column("c.window_last"))
    counts = both(no(sql.among(column("p.reason"), _reasons_of(State.NOT_APPLICABLE))), no(column("p.shadow")))
    order = [(sql.among(column("p.reason"), _reasons_of(state)), whole(place)) for place, state in enumerate(WORST_FIRST)]
    columns = {name: column(f"c.{name}") for name in KEY} | {
        "requirement": column("p.requirement"),
        "part": column("p.subject"),
        "part_w": column("p.w"),
        "part_day": column("p.day"),
        "rank": case(*order, otherwise=null(BIGINT)),
        "weight": column("p.weight"),
        "due_on": column("p.due_on"),
        "linked": linked,
    }
    everything = sql.nested(sql.union(every[0], *every[1:]), "p")
    if isinstance(tally.over, Linked):
        near = both(eq(column("m.subject"), column("c.subject")), eq(column("m.sure"), whole(0)))
        on = both(eq(column("p.subject"), column("m.organization")), sql.within(column("p.day"), column("m.first"), column("m.last")), chosen, counts)
        found: Tree = sql.select(columns, cells("c"), [sql.inner(reach(plan, tally.over)("m"), near), sql.inner(everything, on), *joins])
    else:
        found = sql.select(columns, cells("c"), [sql.inner(everything, both(same, chosen, counts))])
    if tally.part_kinds is not None:
        found = _of_kinds(plan, tally.part_kinds, found)
    parts = plan.step("parts", found)
    return _added(tally, _by_subject(parts) if tally.per is Per.SUBJECT else sql.select({}, parts("p"), star="p"))


def _linked(plan: Plan, link: Linked) -> tuple[Tree, list[exp.Join]]:
    """Whether a part `p` of a possibly linked organization is surely linked on its own day."""
    sure = both(
        eq(column("s.sure"), whole(1)),
        eq(column("s.subject"), column("c.subject")),
        eq(column("s.organization"), column("p.subject")),
        sql.within(column("p.day"), column("s.first"), column("s.last")),
    )
    return case((is_known(column("s.subject")), TRUE), otherwise=null(BOOLEAN)), [sql.left(reach(plan, link)("s"), sure)]


def _of_kinds(plan: Plan, kinds: frozenset[str], found: Tree) -> Tree:
    """The parts whose subject has one of the kinds on the part's own day, surely or possibly."""
    day = column("p.part_day")
    seen = both(
        eq(column("v.organization"), column("p.part")),
        sql.within(day, column("v.first"), column("v.last")),
        either(is_null(column("v.kind")), sql.among(column("v.kind"), [text(kind) for kind in sorted(kinds)])),
    )
    sure = both(is_known(column("v.kind")), sql.surely(sql.within(day, column("v.sure_first"), column("v.sure_last"))))
    names = (*KEY, "requirement", "part", "part_w", "part_day", "rank", "weight", "due_on")
    kept = {name: column(f"p.{name}") for name in names}
    linked = case((sql.any_of(both(sure, sql.surely(column("p.linked")))), TRUE), otherwise=null(BOOLEAN))
    return sql.select(kept | {"linked": linked}, sql.nested(found, "p"), [sql.inner(versions(plan)("v"), seen)], group=list(kept.values()))


def _by_subject(parts: Aliased) -> Tree:
    """The parts of one requirement and subject made one (`docs/meaning.md` 7.3)."""
    key = {name: column(f"p.{name}") for name in (*KEY, "requirement", "part")}
    sure, rank = sql.surely(column("p.linked")), column("p.rank")
    pending = both(sure, eq(rank, whole(WORST_FIRST.index(State.PENDING))))
    columns = key | {
        "worst": sql.smallest(rank),
        "sure_worst": sql.smallest(case((sure, rank), otherwise=null(BIGINT))),
        "best": sql.largest(rank),
        "linked": case((sql.any_of(sure), TRUE), otherwise=null(BOOLEAN)),
        "weight": sql.largest(column("p.weight")),
        "due_on": sql.smallest(case((pending, column("p.due_on")), otherwise=null(DATE))),
    }
    one = sql.select(columns, parts("p"), group=list(key.values()))
    alone = sql.coalesce(column("p.sure_worst"), column("p.best"))
    rank_of = case((eq(alone, column("p.worst")), column("p.worst")), otherwise=whole(WORST_FIRST.index(State.UNKNOWN)))
    kept = {name: column(f"p.{name}") for name in (*KEY, "linked", "weight", "due_on")}
    return sql.select(kept | {"rank": rank_of}, sql.nested(one, "p"))


def _added(tally: Tally, parts: Tree) -> Tree:
    counted = State(tally.counted.value)
    opposite = State.VIOLATED if tally.counted is Counted.SATISFIED else State.SATISFIED
    sure, rank = sql.surely(column("p.linked")), column("p.rank")
    columns: dict[str, Tree] = {name: column(f"p.{name}") for name in KEY}
    for name, state in (("counted", counted), ("opposite", opposite), ("unknown", State.UNKNOWN), ("pending", State.PENDING)):
        of = eq(rank, whole(WORST_FIRST.index(state)))
        for prefix, link in (("", sure), ("maybe_", no(sure))):
            columns[f"{prefix}{name}"] = cast(sql.total(case((both(of, link), column("p.weight")), otherwise=whole(0))), BIGINT)
    left = sql.ne(rank, whole(WORST_FIRST.index(State.WAIVED)))
    columns["some_left"] = sql.any_of(both(left, sure))
    columns["maybe_left"] = sql.any_of(left)
    columns["maybe_part"] = sql.any_of(no(sure))
    pending = both(sure, eq(rank, whole(WORST_FIRST.index(State.PENDING))))
    columns["due"] = sql.smallest(case((pending, column("p.due_on")), otherwise=null(DATE)))
    return sql.select(columns, sql.nested(parts, "p"), group=[column(f"p.{name}") for name in KEY])


def _incomplete(plan: Plan, tally: Tally, cells: Aliased) -> tuple[exp.Join, Tree]:
    """Where the feeds of the graph are incomplete for the subject on the reference day (`docs/meaning.md` 7.5)."""
    program = plan.program
    nodes: list[Judgement | Tally] = [*program.judgements, *program.tallies]
    relations = (
        {tally.over.relation}
        if isinstance(tally.over, Linked)
        else {node.header.accountable for node in nodes if node.header.requirement in tally.parts and node.header.accountable is not None}
    )
    family = frozenset(kind for relation in relations for kind in program.vocabulary.family(Table.RELATIONS, relation))
    queries = []
    for table, kinds in ((Table.RELATIONS, family), (Table.ORGANIZATIONS, None)):
        join, owner = owner_in_feeds(plan, table, column("c.subject"), "n")
        open_ = both(eq(column("g.organization"), owner), sql.within(column("c.day"), column("g.first"), column("g.last")))
        found = sql.inner(gaps(plan, table, kinds)("g"), open_)
        queries.append(sql.select({name: column(f"c.{name}") for name in KEY}, cells("c"), [join, found]))
    together = sql.nested(sql.union(queries[0], *queries[1:]), "x")
    step = plan.step("graph_incomplete", sql.select({name: column(f"x.{name}") for name in KEY}, together, distinct=True))
    return sql.left(step("g"), same_cell("g", "c")), is_known(column("g.subject"))


def begins_again(plan: Plan, tally: Tally) -> bool:
    """May a part requirement have windows that are yet to begin? (`docs/meaning.md` 7.7)"""
    for judgement in plan.program.judgements:
        if judgement.header.requirement in tally.parts and not isinstance(judgement.windows, Snapshot):
            return True
    inner = [node for node in plan.program.tallies if node.header.requirement in tally.parts]
    return any(node.windows is not None or begins_again(plan, node) for node in inner)


# the verdict


def _columns(plan: Plan, tally: Tally, frame: Frame, incomplete: Tree) -> dict[str, Tree]:
    """`reason`, `measured`, `required` and `due_on`."""
    need, keep = frame.need, frame.keep
    header = tally.header
    at = {
        name: need(sql.coalesce(column(f"p.{name}"), whole(0)))
        for name in ("counted", "opposite", "unknown", "pending", "maybe_counted", "maybe_opposite", "maybe_unknown", "maybe_pending")
    }
    flags = {name: need(sql.surely(column(f"p.{name}"))) for name in ("some_left", "maybe_left", "maybe_part")}
    some_part = need(is_known(column("p.subject")))
    plus = sql.plus
    most = keep(plus(plus(at["counted"], at["unknown"]), at["pending"]))
    maybe_most = keep(plus(plus(at["maybe_counted"], at["maybe_unknown"]), at["maybe_pending"]))
    everything, maybe_all = keep(plus(most, at["opposite"])), keep(plus(maybe_most, at["maybe_opposite"]))
    sums = Sums(at["counted"], at["opposite"], most, everything, at["unknown"], at["pending"], at["maybe_counted"], maybe_most, maybe_all)
    is_open = need(ge(column("c.window_last"), column("c.as_of"))) if begins_again(plan, tally) else FALSE
    factor = None
    if header.partial is Partial.PRORATE:
        days = need(column("b.days_in"))
        ends = [Ratio(need(column(f"b.{name}_days_in")), days, 4 * 10**6, 4 * 10**6) for name in ("sure", "possible")]
        factor = Number(ends[0], ends[1])
    least, most_bound = bound(tally.at_least, frame, factor), bound(tally.at_most, frame, factor)
    truth, short = tally_truth(tally, frame, sums, least, most_bound, keep(either(is_open, incomplete)))
    lacking = keep(missing((Bounds("", tally.at_least, tally.at_most),), (), frame))
    failed = sql.surely_not(truth)
    doubtful = either(gt(plus(at["unknown"], maybe_all), whole(0)), incomplete)
    pending = either(is_open, both(gt(at["pending"], whole(0)), no(doubtful)))
    without = case(
        (is_open, text("open")),
        (either(flags["maybe_left"], incomplete, flags["maybe_part"]), text("undecided_parts")),
        (some_part, text("waived")),
        otherwise=text("no_parts"),
    )
    undecided = case((lacking, text("parameter_missing")), (doubtful, text("undecided_parts")), otherwise=text("value_missing"))
    reason = case(
        *binding_reasons(header.partial, frame),
        (no(flags["some_left"]), without),
        (sql.surely(truth), text("met")),
        (need(column("w.covered")), text("waived")),
        (both(failed, need(column("w.doubt"))), text("waiver_unknown")),
        (failed, case((short, text("too_few")), otherwise=text("too_many"))),
        (pending, text("open")),
        otherwise=undecided,
    )
    why = keep(reason)
    unbound = keep(sql.among(why, [text(name) for name in ("not_bound", "partial_window", "start_unknown")]))
    last = need(column("c.window_last"))
    hidden = keep(sql.among(why, [text(name) for name in BLANK]))
    due = case((unbound, last), otherwise=sql.coalesce(need(column("p.due")), last))
    written = {"measured": tally_measured(tally, frame, sums, incomplete), "required": tally_required(tally, frame, least, most_bound)}
    shown = {name: case((hidden, text("")), otherwise=value) for name, value in written.items()}
    return {"reason": why, "due_on": due, **shown}


CONSTANTS = ("weight", "shadow", "always")


def constants(node: Judgement | Tally) -> dict[str, Tree]:
    """What a tally must know of the version of a part requirement."""
    shadow = node.header.stage is Stage.SHADOW
    always = isinstance(node, Judgement) and isinstance(node.windows, Snapshot)
    return {"weight": whole(node.header.weight), "shadow": TRUE if shadow else FALSE, "always": TRUE if always else FALSE}
