"""The facts as somebody gave them: sources of rows for each table, not read yet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from mofan_rules.diagnostics import Bilingual, FactsError, closest, make
from mofan_rules.facts.mapping import Use
from mofan_rules.facts.names import TABLE_ALIASES, table_of
from mofan_rules.facts.open import open_table
from mofan_rules.facts.sources import Source
from mofan_rules.schema import Table

Supplied = Sequence[tuple[Source, Sequence[Use]]]


class Facts:
    """Facts about organizations, from which `admit` makes the tables that executors read.

    Parameters
    ----------
    organizations, relations, events, attendance, tenures, evidence, waivers, feeds: a table each: a list of dictionaries, a pandas or polars data frame, an
        Arrow table or whatever else has `__arrow_c_stream__`, or the path of a CSV, Parquet or Excel file. Cells may be texts: they are typed by the ruleset.
    complete: names of tables of which nothing was supplied because there is nothing (an empty register); `"all"` for every table that was not supplied.
        A table that is neither supplied nor named here is unknown, everywhere.

    Raises
    ------
    FactsError: if a table is none of these, or `complete` names something that is no table.
    """

    def __init__(
        self,
        organizations: object = None,
        relations: object = None,
        events: object = None,
        attendance: object = None,
        tenures: object = None,
        evidence: object = None,
        waivers: object = None,
        feeds: object = None,
        *,
        complete: Iterable[str] | Literal["all"] = (),
    ) -> None:
        given = (organizations, relations, events, attendance, tenures, evidence, waivers, feeds)
        supplied = {table: value for table, value in zip(Table, given, strict=True) if value is not None}
        self.sources: list[tuple[Source, tuple[Use, ...]]] = [
            (source, (Use(table),)) for table, value in supplied.items() for source in open_table(table.value, value)
        ]
        self.supplied = frozenset(supplied) | complete_tables(complete)
        self._assumptions: list[Bilingual] = []
        self.texts: dict[str, str] = {}
        """What diagnostics of these facts may point into, by file: the text of `facts.yaml`."""

    @classmethod
    def of_sources(
        cls, sources: Supplied, complete: Iterable[str] | Literal["all"], assumptions: Iterable[Bilingual] = (), texts: Mapping[str, str] | None = None
    ) -> "Facts":
        """Facts from opened sources and the uses of each."""
        facts = cls(complete=complete)
        facts.sources = [(source, tuple(uses)) for source, uses in sources]
        facts.supplied |= {use.table for _, uses in sources for use in uses}
        facts._assumptions = list(assumptions)
        facts.texts = dict(texts or {})
        return facts

    def joined(self, sources: Supplied) -> "Facts":
        """The same facts with these sources. A table counts as supplied only if it did before."""
        facts = Facts()
        facts.sources = [(source, tuple(uses)) for source, uses in sources]
        facts.supplied = self.supplied
        facts._assumptions = list(self._assumptions)
        facts.texts = self.texts
        return facts

    @property
    def assumptions(self) -> list[Bilingual]:
        """What was assumed so far in reading: encodings, separators, which file is which table. More may come when the facts are admitted."""
        return [*self._assumptions, *(one for source, _ in self.sources for one in source.assumed())]


def complete_tables(complete: Iterable[str] | Literal["all"]) -> frozenset[Table]:
    """The tables that `complete` names, by their names or Chinese aliases."""
    if complete == "all":
        return frozenset(Table)
    names = [complete] if isinstance(complete, str) else list(complete)
    found = {str(name): table_of(str(name)) for name in names}
    known: Mapping[str, str] = {alias: table.value for table in Table for alias in (table.value, *TABLE_ALIASES[table])}
    unknown = [name for name, table in found.items() if table is None]
    if unknown:
        raise FactsError([make("facts-unknown-table", None, suggestions=closest(name, known), table=name) for name in unknown])
    return frozenset(table for table in found.values() if table is not None)
