"""On which days a requirement binds a subject (meaning 1.5), and which waivers cover a window (meaning 3.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from mofan_rules.executors.interpreter.engine import Engine, Law
from mofan_rules.executors.interpreter.expressions import Place, truth
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.feeds import Gap
from mofan_rules.executors.interpreter.organizations import Version
from mofan_rules.ir.program import Header
from mofan_rules.schema import Table
from mofan_rules.values.dates import add, add_days
from mofan_rules.values.interval import Interval
from mofan_rules.values.truth import Truth, conjunction, disjunction

OneDay = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the requirement binds alike."""

    first: date
    last: date
    bound: Truth

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Binding:
    """The binding of one window. `cut`: only the days on which the version of the requirement is effective count (states)."""

    def __init__(self, engine: Engine, header: Header, law: Law, shown: tuple[date | None, date | None], cut: bool) -> None:
        self.engine = engine
        self.header = header
        self.law = law
        self.shown = shown
        self.cut = cut
        self._when: dict[int, Truth] = {}

    def on(self, day: date) -> Truth:
        """Does it bind on the day?"""
        if self.cut and not self.header.first <= day <= self.header.last:
            return False
        seen = self.engine.organizations.seen(day)
        return disjunction(self._by(version, seen) for version in self.engine.organizations.versions(self.law.subject))

    def _by(self, version: Version, day: date) -> Truth:
        result = conjunction((version.covers(day), version.has_kind(self.header.subjects)))
        return result if result is False else conjunction((result, self.when(version)))

    def when(self, version: Version) -> Truth:
        """The requirement's condition, over the fields of a version."""
        number = version.row.number
        if number not in self._when:
            place = Place(self.law, self.law.subject, version.row, None, None, *self.shown)
            self._when[number] = truth(self.header.when, place)
        return self._when[number]

    def stretches(self, first: date, last: date) -> Iterator[Stretch]:
        """The days of a span."""
        for start, end in self._days(first, last):
            yield Stretch(start, end, self.on(start))

    def _days(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        edges = {self.header.first, add_days(self.header.last, 1)} if self.cut else set()
        for start, end in self.engine.organizations.stretches(self.law.subject, first, last):
            cuts = sorted(edge for edge in edges if start < edge <= end)
            for cut in cuts:
                yield start, cut - OneDay
                start = cut
            yield start, end

    def share(self, first: date, last: date) -> Interval:
        """The share of the days of a span that are bound (meaning 3.4)."""
        stretches = list(self.stretches(first, last))
        total = sum(stretch.days for stretch in stretches)
        sure = sum(stretch.days for stretch in stretches if stretch.bound)
        possible = sum(stretch.days for stretch in stretches if stretch.bound is not False)
        return Interval(Fraction(sure, total), Fraction(possible, total))


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers of a window: those that cover it, those that may, and the days on which the feed leaves them open."""

    covering: tuple[Row, ...] = ()
    possible: tuple[Row, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def doubt(self) -> bool:
        return bool(self.possible or self.gaps)

    def extended(self, last: date, due: date, header: Header) -> date:
        """The day until which the covering waivers move the due day of a deadline (meaning 3.5)."""
        if not self.covering:
            return due
        until = max(row.day("until_date").low for row in self.covering)
        return max(due, until if header.extension is None else min(until, add(last, header.extension)))


NO_WAIVERS = Waivers()


def waivers(engine: Engine, header: Header, subject: int, last: date) -> Waivers:
    """The waivers of a requirement and a subject for a window with this last day."""
    begun = min(last, engine.as_of)
    covering, possible = [], []
    for row in engine.facts.owned(Table.WAIVERS, "organization", subject):
        if row.cells["requirement"] not in (None, header.requirement):
            continue
        start, until = row.day("from_date"), row.day("until_date")
        if row.certain and start.high <= begun and last <= until.low:
            covering.append(row)
        if start.low <= begun and last <= until.high and not (row.certain and start.exact and until.exact):
            possible.append(row)
    policy = engine.facts.vocabulary.waivers.get(header.requirement)
    if policy is None or (policy.must and not policy.waivable):
        return Waivers(tuple(covering))
    gaps = engine.feeds.gaps(Table.WAIVERS, frozenset({header.requirement}), {subject}, begun, begun)
    return Waivers(tuple(covering), tuple(possible), tuple(gaps))
