"""Which rows of facts match a subject in a window, surely or possibly (`ir.rows`, meaning 3.1, 3.2 and 4.1)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, assert_never

from mofan_rules.executors.interpreter.expressions import Place, World, truth
from mofan_rules.executors.interpreter.facts import Facts, Row
from mofan_rules.executors.interpreter.frames import Frame, Look
from mofan_rules.executors.interpreter.links import Links
from mofan_rules.executors.interpreter.organizations import Organizations, in_force, opened
from mofan_rules.ir.rows import ByRole, OfLinked, Own, Rows
from mofan_rules.ir.rows import Place as Lies
from mofan_rules.schema import KIND_COLUMN, Table
from mofan_rules.values.dates import Day
from mofan_rules.values.truth import Truth, conjunction, disjunction

SPANS: dict[Table, tuple[str, str]] = {
    Table.ORGANIZATIONS: ("valid_from", "valid_until"),
    Table.RELATIONS: ("valid_from", "valid_until"),
    Table.EVENTS: ("date", "date"),
    Table.TENURES: ("from_date", "until_date"),
    Table.EVIDENCE: ("date", "valid_until"),
    Table.WAIVERS: ("from_date", "until_date"),
}
"""The columns in which the validity of a row begins and ends."""

HELD: dict[object, Truth] = {"yes": True, "no": False, "unclear": None}


class Match(NamedTuple):
    """A row that matches: truly, or maybe (`None`)."""

    row: Row
    truth: Truth


def within(day: Day, first: date, last: date) -> Truth:
    """Does a date that may be known in part lie in `first..last`?"""
    if first <= day.low and day.high <= last:
        return True
    return False if day.high < first or day.low > last else None


def by(day: Day, limit: date) -> Truth:
    """Is it on or before the limit?"""
    if day.high <= limit:
        return True
    return False if day.low > limit else None


def kind_truth(row: Row, kinds: frozenset[str] | None) -> Truth:
    """Is the row of one of these kinds? A null kind (of an uncertain row) may be any."""
    if kinds is None:
        return True
    kind = row.cells[KIND_COLUMN.get(row.table, "requirement")]
    return None if kind is None else kind in kinds


def row_is(row: Row, other: Row) -> bool:
    """Are they rows of one table with one id?"""
    return row.table is other.table and row.id == other.id and (bool(row.id) or row.number == other.number)


class Matcher:
    """Finds the rows that match, in one state of the facts."""

    def __init__(self, facts: Facts, organizations: Organizations, links: Links) -> None:
        self.facts = facts
        self.organizations = organizations
        self.links = links
        self.as_of = organizations.as_of

    def matches(self, rows: Rows, look: Look, frame: Frame, world: World) -> list[Match]:
        """The rows that match or may match, by `row`."""
        found = []
        for row, owned in self.owned(rows, look):
            matched = self.match(rows, row, owned, look, frame, world)
            if matched is not False:
                found.append(Match(row, matched))
        return sorted(found, key=lambda match: match.row.number)

    def match(self, rows: Rows, row: Row, owned: Truth, look: Look, frame: Frame, world: World) -> Truth:
        """How far one row matches."""
        if look.trigger is not None and row_is(row, look.trigger):
            return False
        kind = kind_truth(row, rows.kinds)
        lies = False if kind is False else self.lies(rows, row, look, frame)
        result = False if lies is False else conjunction((owned, kind, lies, self._held(row)))
        if result is not False and rows.where is not None:
            result = conjunction((result, truth(rows.where, self.place(rows, row, look, world))))
        return None if result and not row.certain else result

    def place(self, rows: Rows, row: Row, look: Look, world: World) -> Place:
        """What an expression about the row sees: fields of the subject are those of the row's own date (meaning 3.1)."""
        own = self._own_date(rows, row, look)
        fields = self.organizations.fields(look.subject, look.day) if own is None else self.organizations.fields_on(look.subject, own)
        return Place(world, look.subject, fields, row, look.trigger, look.shown_first, look.shown_last)

    def day_place(self, look: Look, world: World) -> Place:
        """What an expression about the subject sees on the reference day, or in a state on the day judged."""
        fields = self.organizations.fields(look.subject, look.day)
        return Place(world, look.subject, fields, None, look.trigger, look.shown_first, look.shown_last)

    def _held(self, row: Row) -> Truth:
        return HELD[row.cells["held"]] if row.table is Table.EVENTS and row.cells["held"] is not None else True

    def _own_date(self, rows: Rows, row: Row, look: Look) -> Day | None:
        """The row's own date, where that and not the reference day counts."""
        if rows.place in (Lies.IN_FORCE, Lies.OVERLAPPING):
            return None
        own = row.cells.get(rows.date)
        return own if isinstance(own, Day) else None

    # time

    def lies(self, rows: Rows, row: Row, look: Look, frame: Frame) -> Truth:
        """Does the row lie in time as the node says?"""
        match rows.place:
            case Lies.DATED:
                return self._dated(rows, row, look, frame)
            case Lies.IN_FORCE:
                start, until = SPANS[row.table]
                return in_force(row.day(start), opened(row.day(until), self.as_of), True, look.day)
            case Lies.OVERLAPPING:
                return self._overlaps(row, look, frame)
            case Lies.ANY:
                own = self._own_date(rows, row, look)
                return True if own is None else by(own, look.day if look.state else self.as_of)
            case _:
                assert_never(rows.place)

    def _overlaps(self, row: Row, look: Look, frame: Frame) -> Truth:
        if frame.first is None or frame.last is None:
            return None
        start, until = (row.day(column) for column in SPANS[row.table])
        first, last = (look.day, look.day) if look.state else (frame.first, min(frame.last, self.as_of))
        if start.high <= last and until.low >= first:
            return True
        return False if start.low > last or until.high < first else None

    def _dated(self, rows: Rows, row: Row, look: Look, frame: Frame) -> Truth:
        own = row.day(rows.date)
        seen = by(own, self.as_of)
        if seen is False:
            return False
        belonging = self._belongs(row, own, frame) if rows.by_period and frame.belongs else None
        if belonging is not None:
            counts = belonging[0]
        elif frame.first is None or frame.last is None:
            counts = None
        else:
            counts = within(own, frame.first, frame.last)
        return False if counts is False else conjunction((seen, counts, self.organizations.exists_on(look.subject, own)))

    def _belongs(self, row: Row, own: Day, frame: Frame) -> tuple[Truth] | None:
        """Does the row count by the period that it belongs to, and if so, how far? `None`: it counts by its date."""
        period = row.cells["belongs_to"]
        if not isinstance(period, Day):
            return None
        assert frame.due is not None
        if period.missing:
            return (conjunction((None, by(own, frame.due))),)
        if frame.longer(period.low, period.high) or frame.astride(period.low, period.high):
            return None
        return (conjunction((frame.holds(period.low, period.high), by(own, frame.due))),)

    # owner

    def owned(self, rows: Rows, look: Look) -> Iterable[tuple[Row, Truth]]:
        """The rows that may belong to the subject, with how far they do."""
        match rows.owner:
            case Own(column):
                for row in self.facts.owned_of(rows.table, column, look.subject, rows.kinds):
                    yield row, None if row.cells[column] is None else True
            case OfLinked():
                yield from self._of_linked(rows, rows.owner, look)
            case ByRole():
                yield from self._by_role(rows, rows.owner, look)
            case _:
                assert_never(rows.owner)

    def _of_linked(self, rows: Rows, owner: OfLinked, look: Look) -> Iterator[tuple[Row, Truth]]:
        on_day = self.links.links(look.subject, owner.link, look.day)
        own_dates = not look.state and rows.place in (Lies.DATED, Lies.ANY)
        candidates = self.links.ever(look.subject, owner.link) if own_dates else on_day
        for row in self._of_any(rows.table, candidates):
            own = self._own_date(rows, row, look) if own_dates else None
            linked = on_day if own is None else self.links.links_on(look.subject, owner.link, own)
            organization = row.cells["organization"]
            if organization is None:
                yield row, None if linked else False
            else:
                assert isinstance(organization, int)
                yield row, linked.get(organization, False)

    def _of_any(self, table: Table, organizations: Iterable[int]) -> Iterator[Row]:
        """The rows of these organizations, those that may be of any of them once."""
        seen: set[int] = set()
        for organization in sorted(organizations):
            for row in self.facts.owned(table, "organization", organization):
                if row.number not in seen:
                    seen.add(row.number)
                    yield row

    def _by_role(self, rows: Rows, owner: ByRole, look: Look) -> Iterator[tuple[Row, Truth]]:
        holders: dict[int | None, list[Truth]] = {}
        for tenure in self.facts.owned(Table.TENURES, "organization", look.subject):
            held = self.holds_post(tenure, owner.roles, look.subject, look.day)
            holder = tenure.cells["holder"]
            assert holder is None or isinstance(holder, int)
            if held is not False and (holder is not None or tenure.cells["person"] is None):
                holders.setdefault(holder, []).append(held)
        anyone = None if None in holders else False
        everywhere = range(len(self.facts.subjects)) if None in holders else [number for number in holders if number is not None]
        for row in self._of_any(rows.table, everywhere):
            organization = row.cells["organization"]
            if organization is None:
                yield row, None if holders else False
            else:
                assert isinstance(organization, int)
                yield row, disjunction((anyone, *holders.get(organization, [])))

    def holds_post(self, tenure: Row, roles: frozenset[str], organization: int, day: date) -> Truth:
        """Is the tenure one of a role in an organization, in force on the day?"""
        owner = tenure.cells["organization"]
        until = opened(tenure.day("until_date"), self.as_of)
        held = conjunction(
            (
                None if owner is None else owner == organization,
                kind_truth(tenure, roles),
                in_force(tenure.day("from_date"), until, tenure.certain, day),
            )
        )
        return None if held and not tenure.certain else held
