"""Which verdicts a row can reach: for each node of a program that reads rows, the subjects that read this one; then the tallies above them.

What is said here must never be too little. It may be too much: a verdict that is judged again and comes out the same is no change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.matching import kind_truth
from mofan_rules.executors.interpreter.parts import accountable_relations
from mofan_rules.executors.interpreter.walk import walk
from mofan_rules.ir.expressions import Holds
from mofan_rules.ir.program import ByAccountable, Judgement, Program, Tally
from mofan_rules.ir.rows import ByRole, Direction, Linked, OfLinked, Own, Owner, Rows
from mofan_rules.schema import Table

Verdicts = tuple[str, int]
"""All verdicts on one requirement about one subject (its number)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A requirement reads rows of these kinds (`None`: all): those that belong to its subject through `owner`."""

    requirement: str
    kinds: frozenset[str] | None
    owner: Owner


def readers_of(program: Program) -> dict[Table, tuple[Reader, ...]]:
    """What reads the rows of each table."""
    found: dict[Table, set[Reader]] = {}
    for judgement in program.judgements:
        for table, reader in _readers(judgement):
            found.setdefault(table, set()).add(reader)
    headers = [*(judgement.header for judgement in program.judgements), *(tally.header for tally in program.tallies)]
    for requirement in {header.requirement for header in headers}:
        found.setdefault(Table.WAIVERS, set()).add(Reader(requirement, frozenset({requirement}), Own()))
    return {table: tuple(readers) for table, readers in found.items()}


def _readers(judgement: Judgement) -> Iterator[tuple[Table, Reader]]:
    requirement = judgement.header.requirement
    for node in walk(judgement):
        match node:
            case Rows(table=table, kinds=kinds, owner=owner):
                yield table, Reader(requirement, kinds, owner)
                if isinstance(owner, ByRole):
                    yield Table.TENURES, Reader(requirement, owner.roles, Own())
            case Holds(roles=roles, relation=None):
                yield Table.TENURES, Reader(requirement, roles, Own())
            case Holds(roles=roles, relation=str() as relation):
                yield Table.TENURES, Reader(requirement, roles, OfLinked(Linked(relation, Direction.OUT)))
                yield Table.TENURES, Reader(requirement, roles, Own())


class Reach:
    """What rows reach in one state of the graph."""

    def __init__(self, engine: Engine, subjects: Iterable[int]) -> None:
        self.engine = engine
        self.subjects = frozenset(subjects)
        self.readers = readers_of(engine.program)
        self._links = {
            id(tally): (
                [tally.over]
                if isinstance(tally.over, Linked)
                else [Linked(relation, Direction.IN) for relation in sorted(accountable_relations(engine, tally))]
                if isinstance(tally.over, ByAccountable)
                else []
            )
            for tally in engine.program.tallies
        }

    def judged(self, rows: Iterable[Row]) -> set[Verdicts]:
        """The verdicts of judgements and tallies that read one of these rows themselves."""
        found: set[Verdicts] = set()
        for row in rows:
            for reader in self.readers.get(row.table, ()):
                if kind_truth(row, reader.kinds) is not False:
                    found |= {(reader.requirement, subject) for subject in self._readers_of(row, reader.owner)}
        return found

    def _readers_of(self, row: Row, owner: Owner) -> Iterable[int]:
        match owner:
            case Own(column):
                number = row.cells[column]
                if number is None:
                    return self.subjects
                assert isinstance(number, int)
                return self.subjects & {number}
            case OfLinked(link):
                number = row.cells["organization"]
                if number is None:
                    return self.subjects
                assert isinstance(number, int)
                return self.subjects & self.engine.links.ever(number, opposite(link))
            case ByRole():
                return self.subjects
            case _:
                assert_never(owner)

    def above(self, tally: Tally, parts: Iterable[int]) -> set[int]:
        """The subjects of a tally that may count verdicts about these organizations."""
        parts = set(parts)
        found = set(parts) if tally.over is None or isinstance(tally.over, ByAccountable) else set()
        for link in self._links[id(tally)]:
            for part in parts:
                found |= self.engine.links.ever(part, opposite(link))
        return found & self.subjects


def opposite(link: Linked) -> Linked:
    """The same walk from the other end."""
    return Linked(link.relation, Direction.IN if link.direction is Direction.OUT else Direction.OUT, link.depth)
