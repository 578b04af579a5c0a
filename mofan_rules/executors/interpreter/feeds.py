"""Where the facts are incomplete: gaps in the feeds (SEMANTICS 1.8, `ir.measures.Measure`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.interpreter.facts import Facts, Row
from mofan_rules.executors.interpreter.organizations import stretches
from mofan_rules.schema import Table
from mofan_rules.values.dates import BEGINNING, END, add_days


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which a table is incomplete for a kind (`None`: any) and an organization (`None`: one that no feed names)."""

    table: Table
    kind: str | None
    organization: int | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Feed:
    """A row of `feeds`."""

    kind: str | None
    organization: int | None
    first: date
    last: date
    complete: bool

    @property
    def rank(self) -> tuple[int, bool]:
        """The one that names more wins; between equals, incomplete wins."""
        return ((self.kind is not None) + (self.organization is not None), not self.complete)


class Feeds:
    """The feeds of all tables. `filled` are gaps that are thought of as complete; `found` collects those that were met, where somebody wants to know."""

    def __init__(self, facts: Facts, filled: frozenset[Gap] = frozenset(), found: set[Gap] | None = None) -> None:
        self.vocabulary = facts.vocabulary
        self.filled = filled
        self.found = found
        self._feeds: dict[Table, list[Feed]] = {}
        for row in facts.table(Table.FEEDS):
            self._feeds.setdefault(Table(str(row.cells["table"])), []).append(_feed(row))

    def named(self, table: Table) -> set[int | None]:
        """The organizations that the feeds of a table name, and `None` for all the others."""
        return {None, *(feed.organization for feed in self._feeds.get(table, []))}

    def turns(self, table: Table) -> Iterator[date]:
        """The days on which a feed of the table begins, or is over."""
        spans = [(feed.first, feed.last) for feed in self._feeds.get(table, [])]
        spans += [(gap.first, gap.last) for gap in self.filled if gap.table is table]
        for first, last in spans:
            yield from (first, add_days(last, 1))

    def any_gap(self, table: Table, first: date, last: date) -> bool:
        """Does some feed of the table say that it is incomplete on one of these days?"""
        return any(not feed.complete and feed.first <= last and feed.last >= first for feed in self._feeds.get(table, []))

    def gaps(self, table: Table, kinds: frozenset[str] | None, organizations: Iterable[int | None], first: date, last: date) -> Iterator[Gap]:
        """The gaps in `first..last` for each of the kinds (`None`: every kind there is) and organizations, in order."""
        if first > last or not self.any_gap(table, first, last):
            return
        touching = [feed for feed in self._feeds[table] if feed.first <= last and feed.last >= first]
        asked = self._all_kinds(table) if kinds is None else kinds
        for organization in sorted(set(organizations), key=lambda number: -1 if number is None else number):
            for kind in sorted(asked, key=lambda name: name or ""):
                yield from self._kind_gaps(table, kind, organization, touching, first, last)

    def _all_kinds(self, table: Table) -> set[str | None]:
        return {None, *self.vocabulary.kinds.get(table, {}), *(feed.kind for feed in self._feeds.get(table, []))}

    def _kind_gaps(self, table: Table, kind: str | None, organization: int | None, touching: list[Feed], first: date, last: date) -> Iterator[Gap]:
        applying = [feed for feed in touching if self._applies(feed, table, kind, organization)]
        filled = [gap for gap in self.filled if gap.table is table and gap.organization == organization and self.includes(table, gap.kind, kind)]
        spans = [(feed.first, feed.last) for feed in applying] + [(gap.first, gap.last) for gap in filled]
        turns = [turn for start, end in spans for turn in (start, add_days(end, 1))]
        for start, end in stretches(first, last, turns):
            covering = [feed for feed in applying if feed.first <= start and end <= feed.last]
            decisive = max(covering, key=lambda feed: feed.rank, default=None)
            known = decisive is None or decisive.complete or any(gap.first <= start and end <= gap.last for gap in filled)
            if not known:
                gap = Gap(table, kind, organization, start, end)
                if self.found is not None:
                    self.found.add(gap)
                yield gap

    def _applies(self, feed: Feed, table: Table, kind: str | None, organization: int | None) -> bool:
        if feed.organization is not None and feed.organization != organization:
            return False
        return self.includes(table, feed.kind, kind)

    def includes(self, table: Table, wider: str | None, kind: str | None) -> bool:
        """Is a kind the same as another, or a special case of it? `None` is every kind."""
        return wider is None or wider == kind or (kind is not None and kind in self.vocabulary.family(table, wider))


def _feed(row: Row) -> Feed:
    cells = row.cells
    first, last, kind, organization = cells["from_date"], cells["until_date"], cells["kind"], cells["organization"]
    assert kind is None or isinstance(kind, str)
    assert organization is None or isinstance(organization, int)
    start = first if isinstance(first, date) else BEGINNING
    end = last if isinstance(last, date) else END
    return Feed(kind, organization, start, end, cells["complete"] is True)
