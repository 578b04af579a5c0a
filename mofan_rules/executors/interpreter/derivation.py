"""The derivation of a verdict as a tree of nodes (`verdicts.explanation`)."""

from collections.abc import Iterable, Iterator
from datetime import date

from mofan_rules.diagnostics.bilingual import Bilingual, same
from mofan_rules.executors.interpreter.bounds import WHOLE, written_interval
from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.expressions import Place, evaluate
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.feeds import Gap
from mofan_rules.executors.interpreter.labels import TABLES, TRUTHS, UNKNOWN, expression_text, fact, measure_text, test_text, value_text
from mofan_rules.executors.interpreter.measures import Reading, candidates
from mofan_rules.executors.interpreter.outcome import Judged, Outcome, Tested, parts_of
from mofan_rules.executors.interpreter.parts import Part
from mofan_rules.executors.interpreter.tally import Sum
from mofan_rules.ir.expressions import Const, Expression, MeasureValue, Op, Param
from mofan_rules.ir.measures import Extreme, Measure, Total
from mofan_rules.ir.program import Bounds, Judge, Judgement, Tally
from mofan_rules.schema import Table, Type
from mofan_rules.values.interval import Interval
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.explanation import Fact, Node, NodeKind, Role, evidence_order
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.wording import STATES

MOST_ROWS_WITH_CONDITION = 20
"""Of so many rows the condition or the value is shown part by part."""


class Derivation:
    """Makes the tree of one verdict."""

    def __init__(self, engine: Engine, node: Judgement | Tally, judged: Judged) -> None:
        self.engine = engine
        self.node = node
        self.judged = judged
        self.subjects = engine.facts.subjects

    def children(self) -> tuple[Node, ...]:
        """Window, binding, tests or parts, waivers."""
        return tuple(node for node in (self._law(), self._window(), self._binding(), *self._tests(), *self._parts(), *self._waivers()) if node is not None)

    # law, window, binding

    def _law(self) -> Node:
        header = self.judged.header
        span, day = _span(header.first, header.last), self.judged.law.law_day
        value = Bilingual(f"{span.zh}（按 {day} 的规定）", f"{span.en}, law of {day}")
        return Node(NodeKind.LAW, Bilingual("适用版本", "version in force"), value)

    def _window(self) -> Node:
        window = self.judged.window
        value = UNKNOWN if window.first is None or window.last is None else _span(window.first, window.last)
        facts = (fact(window.trigger, Role.TRIGGER),) if window.trigger is not None else ()
        due = self.judged.due_on
        children = (
            Node(NodeKind.DAYS, Bilingual("期限", "due on"), UNKNOWN if due is None else same(due.isoformat())),
            Node(NodeKind.DAYS, Bilingual("基准日", "reference day"), same(self.judged.day.isoformat())),
        )
        return Node(NodeKind.WINDOW, Bilingual("期间", "window"), value, facts, children)

    def _binding(self) -> Node | None:
        if not self.judged.stretches:
            return None
        found = {stretch.bound for stretch in self.judged.stretches}
        whole = found.pop() if len(found) == 1 else "partly"
        value = Bilingual("部分日子适用", "on some days") if whole == "partly" else TRUTHS[whole if isinstance(whole, bool) else None]
        days = tuple(Node(NodeKind.DAYS, _span(stretch.first, stretch.last), TRUTHS[stretch.bound]) for stretch in self.judged.stretches)
        versions = self.engine.organizations.versions(self.judged.subject)
        # the organization's own rows are told only where they are in doubt
        facts = tuple(fact(version.row, Role.REJECTED) for version in versions if not version.row.certain)
        when = tuple(self._when())
        return Node(NodeKind.BINDING, Bilingual("是否适用于该组织", "binds the organization"), value, facts, (*days, *when))

    def _when(self) -> Iterator[Node]:
        condition = self.judged.header.when
        if condition is None:
            return
        window = self.judged.window
        for version in self.engine.organizations.versions(self.judged.subject):
            place = Place(self.judged.law, self.judged.subject, version.row, None, None, window.first, window.last)
            yield self.expression(condition, place, Type.BOOLEAN)

    # tests

    def _tests(self) -> Iterator[Node]:
        outcome = self.judged.outcome
        if outcome is None or not isinstance(self.node, Judgement):
            return
        if self.judged.running is not None:
            yield Node(NodeKind.RUN, Bilingual("宽限期内，不达标始于", "within grace, failing since"), same(self.judged.running.isoformat()))
        elif self.judged.state is State.UNKNOWN and self.node.judge is not Judge.WINDOW and self.judged.header.grace is not None and outcome.truth is False:
            yield Node(NodeKind.RUN, Bilingual("不达标是否已久于宽限期", "it has failed for longer than the grace"), UNKNOWN)
        used: set[str] = set()
        if self.node.given is not None:
            yield self._premise(self.node.given, outcome)
            used |= measures_in(self.node.given)
        for tested in outcome.tested:
            yield self._test(outcome, tested)
            used |= measures_of(tested)
        for measure in self.node.measures:
            if measure.name not in used:
                yield self._measure(outcome, measure)

    def _premise(self, given: Expression, outcome: Outcome) -> Node:
        place = outcome.setting.place(extended=False)
        names = [name for name in outcome.setting.measures if name in measures_in(given)]
        measures = tuple(self._measure(outcome, outcome.setting.measures[name]) for name in names)
        condition = self.expression(given, place, Type.BOOLEAN)
        title = Bilingual(f"前提：{condition.title.zh}", f"premise: {condition.title.en}")
        return Node(NodeKind.TEST, title, TRUTHS[outcome.given], (), (*measures, *condition.children))

    def _test(self, outcome: Outcome, tested: Tested) -> Node:
        place = outcome.setting.place(extended=False)
        names = [name for name in outcome.setting.measures if name in measures_of(tested)]
        over = _is_over(tested)
        measures = tuple(self._measure(outcome, outcome.setting.measures[name], over) for name in names)
        test = tested.test
        if isinstance(test, Bounds):
            assert tested.limits is not None
            title = Bilingual("数目是否在要求之内", "the quantity lies within its bounds")
            bounds = (
                self._bound(Bilingual("至少", "at least"), test.at_least, tested.limits.least, place),
                self._bound(Bilingual("至多", "at most"), test.at_most, tested.limits.most, place),
            )
            return Node(NodeKind.TEST, title, TRUTHS[tested.truth], (), (*measures, *(bound for bound in bounds if bound is not None)))
        condition = self.expression(test.expression, place, Type.BOOLEAN)
        title = test_text(test.expression, outcome.setting.measures)
        return Node(NodeKind.TEST, title, TRUTHS[tested.truth], (), (*measures, *condition.children))

    def _bound(self, title: Bilingual, expression: Expression | None, limit: Interval | None, place: Place) -> Node | None:
        if expression is None:
            return None
        value = Bilingual("不限", "no bound") if limit is None else _number(limit)
        children = () if isinstance(expression, Const) else (self.expression(expression, place, Type.NUMBER),)
        if self.judged.share != WHOLE:
            share = Node(NodeKind.BOUND, Bilingual("适用日子所占的份额", "share of days that are bound"), _number(self.judged.share))
            children = (*children, share)
        return Node(NodeKind.BOUND, title, value, (), children)

    def _measure(self, outcome: Outcome, measure: Measure, over: bool = False) -> Node:
        """A measure with its rows. `over`: it is more than is allowed, so that of counted rows too it is shown why they count."""
        reading = outcome.setting.reading(measure.name)
        quantity = measure.quantity
        type_ = quantity.value.type if isinstance(quantity, Extreme) else Type.NUMBER
        rows = (*self._values(outcome, measure, reading), *self._conditions(outcome, measure, reading, over))
        children = (*rows, *(self.gap(gap) for gap in reading.gaps))
        return Node(NodeKind.MEASURE, measure_text(measure), value_text(reading.value, type_, self.subjects), matched(reading), children)

    def _values(self, outcome: Outcome, measure: Measure, reading: Reading) -> Iterator[Node]:
        """Of the rows whose values a measure takes the value, part by part."""
        quantity = measure.quantity
        if not isinstance(quantity, Extreme | Total):
            return
        found = list(reading.matches) if isinstance(quantity, Total) else candidates(quantity, list(reading.matches))
        for row, truth in found[:MOST_ROWS_WITH_CONDITION]:
            place = self.engine.matcher.place(quantity.rows, row, outcome.setting.look, outcome.setting.place(extended=False).world)
            node = self.expression(quantity.value, place, quantity.value.type)
            yield Node(node.kind, node.title, node.value, (fact(row, role_of(row, truth)),), node.children)

    def _conditions(self, outcome: Outcome, measure: Measure, reading: Reading, over: bool) -> Iterator[Node]:
        """Of each undecided row the condition, part by part; of counted ones too where there are too many."""
        rows = measure.quantity.rows
        if rows.where is None:
            return
        matcher, setting = self.engine.matcher, outcome.setting
        shown = [match for match in reading.matches if match.row.certain and (match.truth is None or over)]
        for row, truth in shown[:MOST_ROWS_WITH_CONDITION]:
            place = matcher.place(rows, row, setting.look, setting.place(extended=False).world)
            node = self.expression(rows.where, place, Type.BOOLEAN)
            yield Node(node.kind, node.title, node.value, (fact(row, role_of(row, truth)),), node.children)

    def gap(self, gap: Gap) -> Node:
        """A gap in the feeds."""
        table = TABLES[gap.table]
        owner = "" if gap.organization is None else self.subjects[gap.organization]
        about_ = " ".join(name for name in (gap.kind or "", owner) if name)
        span = _span(gap.first, gap.last)
        title = Bilingual(f"报送不完整：{table.zh} {about_}".rstrip(), f"incomplete: {table.en} {about_}".rstrip())
        return Node(NodeKind.DAYS, title, span, tuple(self._feed_facts(gap)))

    def _feed_facts(self, gap: Gap) -> Iterator[Fact]:
        for row in self.engine.facts.table(Table.FEEDS):
            cells = row.cells
            first, last = cells["from_date"], cells["until_date"]
            assert isinstance(first, date)
            assert isinstance(last, date)
            about_it = cells["table"] == gap.table.value and cells["organization"] in (None, gap.organization) and first <= gap.last and last >= gap.first
            if about_it and not cells["complete"] and row.id:
                yield Fact(Role.FEED, Table.FEEDS.value, row.id, first)

    def expression(self, expression: Expression, place: Place, type_: Type) -> Node:
        """An expression with its value, and those of its parts that are no literals."""
        own = getattr(expression, "type", type_)
        arguments: tuple[Expression, ...] = expression.arguments if isinstance(expression, Op) else ()
        children = tuple(self.expression(argument, place, own) for argument in arguments if not isinstance(argument, Const))
        kind = NodeKind.PARAMETER if isinstance(expression, Param) else NodeKind.EXPRESSION
        return Node(kind, expression_text(expression), value_text(evaluate(expression, place), own, self.subjects), (), children)

    # parts and waivers

    def _parts(self) -> Iterator[Node]:
        total = self.judged.parts
        if not isinstance(total, Sum) or not isinstance(self.node, Tally):
            return
        sure = total.sure
        summed = Bilingual(
            f"计入 {sure.counted}，相反 {sure.opposite}，无法判定 {sure.unknown}，未到期 {sure.pending}",
            f"{sure.counted} counted, {sure.opposite} opposite, {sure.unknown} unknown, {sure.pending} pending",
        )
        place = Place(self.judged.law, self.judged.subject, self.engine.organizations.fields(self.judged.subject, self.judged.day))
        bounds = (
            self._bound(Bilingual("至少", "at least"), self.node.at_least, total.limits.least, place),
            self._bound(Bilingual("至多", "at most"), self.node.at_most, total.limits.most, place),
        )
        parts = tuple(self._part(part) for part in total.parts)
        gaps = tuple(self.gap(gap) for gap in total.gaps)
        yield Node(NodeKind.PARTS, Bilingual("汇总的各项", "parts"), summed, (), (*(bound for bound in bounds if bound is not None), *parts, *gaps))

    def _part(self, part: Part) -> Node:
        first = part.verdicts[0]
        linked = Bilingual("", "") if part.linked else Bilingual("（是否属于该组织未定）", " (possibly linked)")
        name = f"{first.header.requirement} · {self.subjects[first.subject]}"
        if len(part.verdicts) > 1:
            children = tuple(self._verdict(verdict) for verdict in part.verdicts)
            return Node(NodeKind.PART, Bilingual(name + linked.zh, name + linked.en), _state(part.state.value), (), children)
        node = self._verdict(first)
        return Node(NodeKind.PART, Bilingual(f"{name} {node.title.zh}{linked.zh}", f"{name} {node.title.en}{linked.en}"), node.value)

    def _verdict(self, judged: Judged) -> Node:
        window = judged.window
        title = UNKNOWN if window.first is None or window.last is None else _span(window.first, window.last)
        key = f" {window.key}" if window.key else ""
        return Node(NodeKind.PART, Bilingual(title.zh + key, title.en + key), _state(judged.state.value))

    def _waivers(self) -> Iterator[Node]:
        waivers = self.judged.waivers
        if not (waivers.covering or waivers.possible or waivers.gaps):
            return
        facts = tuple(fact(row, Role.WAIVER) for row in dict.fromkeys((*waivers.covering, *waivers.possible)))
        covered: Truth = True if waivers.covering else None
        yield Node(NodeKind.WAIVERS, Bilingual("豁免", "waived"), TRUTHS[covered], facts, tuple(self.gap(gap) for gap in waivers.gaps))


def _state(state: str) -> Bilingual:
    return STATES[State(state)]


def _number(value: Interval) -> Bilingual:
    return same(written_interval(value)) if written_interval(value) else UNKNOWN


def _span(first: date, last: date) -> Bilingual:
    """A span of days; the ends of time are left out."""
    from_, until = ("" if day in (date.min, date.max) else day.isoformat() for day in (first, last))
    if first == last:
        return same(from_)
    if not from_ and not until:
        return Bilingual("一直", "always")
    return Bilingual(f"{from_ or '以前'} 至 {until or '今后'}", f"{from_ or 'ever'} to {until or 'ever'}")


def _is_over(tested: Tested) -> bool:
    """Does the test fail because there is more than is allowed?"""
    most = tested.limits.most if tested.limits is not None else None
    low = tested.value.low if tested.value is not None else None
    return tested.truth is False and most is not None and most.high is not None and low is not None and low > most.high


def measures_of(tested: Tested) -> set[str]:
    """The measures that a test reads."""
    test = tested.test
    if isinstance(test, Bounds):
        bounds = [bound for bound in (test.at_least, test.at_most) if bound is not None]
        return {test.measure, *(name for bound in bounds for name in measures_in(bound))}
    return measures_in(test.expression)


def measures_in(expression: Expression) -> set[str]:
    """The measures that an expression reads."""
    return {part.name for part in parts_of(expression) if isinstance(part, MeasureValue)}


def matched(reading: Reading) -> tuple[Fact, ...]:
    """The rows behind a measure."""
    return tuple(sorted((fact(match.row, role_of(match.row, match.truth)) for match in reading.matches), key=evidence_order))


def role_of(row: Row, truth: Truth) -> Role:
    """What a row that matches does."""
    if truth:
        return Role.COUNTED
    return Role.UNDECIDED if row.certain else Role.REJECTED


def all_facts(nodes: Iterable[Node]) -> Iterator[Fact]:
    """The rows of a tree, without the versions behind the binding."""
    for node in nodes:
        if node.kind is not NodeKind.BINDING:
            yield from node.facts
            yield from all_facts(node.children)
