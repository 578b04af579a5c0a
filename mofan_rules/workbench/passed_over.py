"""Rows that a verdict does not count, and the part of the condition on them that is not true: what an explanation, which is about what counts, leaves out."""

from collections.abc import Iterator

from mofan_rules.condition import print_expression
from mofan_rules.diagnostics import Language
from mofan_rules.executors.interpreter.expressions import Place, watched
from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.executors.interpreter.run import verdicts
from mofan_rules.executors.interpreter.values import Value
from mofan_rules.facts import AdmittedFacts
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.program import Context, Program
from mofan_rules.ir.walk import program_rows
from mofan_rules.verdicts.table import Verdict
from mofan_rules.workbench.narrowing import narrowed
from mofan_rules.workbench.possible import atoms, requirement_nodes
from mofan_rules.workbench.words import TRUTHS

MOST_ROWS = 10
"""So many rows are shown."""


class _Watch:
    """Notes for each row of one subject the atomic conditions that are not true of it."""

    def __init__(self, conditions: list[Expression], subject: int) -> None:
        self._subject = subject
        self._atoms = {id(atom): atom for atom in atoms(conditions)}
        self.found: dict[tuple[str, str, str], Value] = {}

    def __call__(self, expression: Expression, place: Place, value: Value) -> None:
        if place.row is None or place.subject != self._subject or id(expression) not in self._atoms:
            return
        if value is None or isinstance(value, bool):
            self.found[place.row.table.value, place.row.id, print_expression(self._atoms[id(expression)])] = value


def passed_over(program: Program, facts: AdmittedFacts, context: Context, verdict: Verdict, language: Language) -> Iterator[str]:
    """The rows of the subject that fail a condition of the requirement, a line each: table, id, condition, truth value."""
    small = narrowed(program, {verdict.requirement})
    rows = Facts(facts, whole=True)
    subject = rows.numbers.get(verdict.subject)
    nodes = [node for node in requirement_nodes(small) if node.header.requirement == verdict.requirement]
    conditions = [found.where for node in nodes for found in program_rows(node) if found.where is not None]
    if not conditions or subject is None:
        return
    watch = _Watch(conditions, subject)
    with watched(watch):
        verdicts(small, rows, context)
    failing = [(table, row, text, value) for (table, row, text), value in watch.found.items() if value is not True]
    for table, row, text, value in failing[:MOST_ROWS]:
        truth = TRUTHS[value if isinstance(value, bool) else None].of(language)
        yield f"{table} {row or '—'}: {text} = {truth}"
