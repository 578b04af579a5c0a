"""The derived facts that a case wants, against those that there are."""

from collections.abc import Iterable, Iterator, Mapping

from mofan_rules.diagnostics import Bilingual, Diagnostics
from mofan_rules.documents.nodes import MappingNode
from mofan_rules.evaluation.derived import Derived
from mofan_rules.ir.derivations import OfVerdicts, Value
from mofan_rules.ir.program import Program
from mofan_rules.workbench.case import WantedFact
from mofan_rules.workbench.comparison import Difference
from mofan_rules.workbench.fields import Fields

KEYS = ("kind", "organization", "date")
"""What every derived fact has; all else that is written of one are attributes, by name."""


def read_fact(node: MappingNode, problems: Diagnostics) -> WantedFact:
    """A wanted fact as a case writes it."""
    names = [str(name) for name, _ in node.entries]
    fields = Fields(node, (*KEYS, *names), KEYS, problems)
    attributes = {name: fields.text(name) for name in names if name not in KEYS}
    return WantedFact(fields.text("kind"), fields.text("organization"), fields.text("date"), attributes)


def requirements_read(program: Program) -> frozenset[str]:
    """The requirements whose verdicts derivations read."""
    sources = (pattern.source for derivation in program.derivations for pattern in derivation.all_patterns)
    return frozenset(requirement for source in sources if isinstance(source, OfVerdicts) for requirement in source.requirements)


def fact_differences(want: Iterable[WantedFact], found: Iterable[Derived]) -> Iterator[Difference]:
    """What is not derived that is wanted, and the other way round."""
    wanted = [fact.line() for fact in want]
    there = [WantedFact(fact.kind, fact.organization, fact.date.isoformat(), _texts(fact.attributes)).line() for fact in found]
    for line in wanted:
        if line not in there:
            yield Difference(Bilingual(f"没有推导出：{line}", f"not derived: {line}"))
    for line in there:
        if line not in wanted:
            yield Difference(Bilingual(f"多推导出：{line}", f"derived, but not wanted: {line}"))


def _texts(attributes: Mapping[str, Value]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in attributes.items()}
