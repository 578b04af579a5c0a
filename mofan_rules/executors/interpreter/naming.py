"""The facts that decide an unknown verdict, by the names that people know them by."""

from collections.abc import Iterator
from datetime import date

from mofan_rules.executors.interpreter.deciding import Search, part_fact
from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.executors.interpreter.supposing import CellFact, GapFact, OpenFact, ParameterFact, PartFact, RowFact
from mofan_rules.executors.interpreter.values import is_missing
from mofan_rules.ir.measures import Extreme
from mofan_rules.ir.program import Each, Judgement, Tally
from mofan_rules.verdicts.explanation import Unknown, UnknownKind, unknown_order

MOST_PARTS = 12
"""Of so many unknown parts of a tally the deciding facts are looked for."""

Asked = tuple[date, date]


def deciding_facts(evaluation: Evaluation, node: Judgement | Tally, judged: Judged, asked: Asked) -> tuple[tuple[Unknown, ...], bool]:
    """The facts that decide, and whether the search came to its end."""
    if judged.reason == "no_trigger" and judged.window.key == "":
        return (_missing_trigger(evaluation, node, judged),), True
    search = Search(evaluation, node, judged, asked)
    decision = search.decide()
    named: set[Unknown] = set()
    complete = decision.complete
    if not decision.facts and (absent := set(_absent_rows(evaluation, judged))):
        return tuple(sorted(absent, key=unknown_order)), True
    parts = [fact for fact in decision.facts if isinstance(fact, PartFact)]
    for fact in decision.facts:
        if not isinstance(fact, PartFact):
            named.add(_named(evaluation, search, fact))
    for fact in parts[:MOST_PARTS]:
        found, whole = _of_part(evaluation, fact, asked if judged.window.first is None else (judged.window.first, judged.window.last or asked[1]))
        named |= set(found)
        complete = complete and whole
    return tuple(sorted(named, key=unknown_order)), complete and len(parts) <= MOST_PARTS


def _of_part(evaluation: Evaluation, fact: PartFact, asked: Asked) -> tuple[tuple[Unknown, ...], bool]:
    """The facts that decide a part of a tally."""
    for runner in evaluation.runners:
        if runner.header.requirement == fact.requirement:
            for judged in runner.judged(fact.subject, *asked):
                if part_fact(judged) == fact:
                    return deciding_facts(evaluation, runner.node, judged, asked)
    return (), False


def _missing_trigger(evaluation: Evaluation, node: Judgement | Tally, judged: Judged) -> Unknown:
    """The row that should open a window and is not there."""
    assert isinstance(node, Judgement)
    assert isinstance(node.windows, Each)
    chain = node.windows.chain
    rows = chain.first if chain is not None else node.windows.trigger
    assert rows is not None
    subject = evaluation.engine.facts.subjects[judged.subject]
    return Unknown(UnknownKind.ROW, rows.table.value, "", " ".join(sorted(rows.kinds or ())), subject)


def _absent_rows(evaluation: Evaluation, judged: Judged) -> Iterator[Unknown]:
    """The rows of which something is asked, where there is none: a value of the latest of no rows is not known, and no cell could be filled in."""
    if judged.outcome is None:
        return
    setting = judged.outcome.setting
    for measure in setting.measures.values():
        rows = measure.quantity.rows
        if isinstance(measure.quantity, Extreme) and setting.reading(measure.name).absent and is_missing(setting.reading(measure.name).value):
            subject = evaluation.engine.facts.subjects[judged.subject]
            yield Unknown(UnknownKind.ROW, rows.table.value, "", " ".join(sorted(rows.kinds or ())), subject)


def _named(evaluation: Evaluation, search: Search, fact: OpenFact) -> Unknown:
    facts = evaluation.engine.facts
    match fact:
        case CellFact():
            row = search.rows[fact.table, fact.number]
            return Unknown(UnknownKind.CELL, fact.table.value, row.id, column_name(evaluation, fact.column))
        case RowFact():
            return Unknown(UnknownKind.ROW, fact.table.value, search.rows[fact.table, fact.number].id)
        case GapFact(gap):
            owner = "" if gap.organization is None else facts.subjects[gap.organization]
            return Unknown(UnknownKind.FEED, gap.table.value, "", gap.kind or "", owner, gap.first, gap.last)
        case ParameterFact(name):
            return Unknown(UnknownKind.PARAMETER, name=name)
        case PartFact():
            raise AssertionError(fact)


def column_name(evaluation: Evaluation, column: str) -> str:
    """The name that the ruleset gives to a column."""
    known = column.startswith("a_") and column[2:].isdigit()
    return evaluation.engine.facts.vocabulary.attributes[int(column[2:])].name if known else column
