"""What a call to a session brings: the verdicts that changed, in the order of verdict tables, and the rows that were rejected."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from mofan_rules.diagnostics import Language
from mofan_rules.evaluation.derived import Derived
from mofan_rules.verdicts.catalogue import Catalogue
from mofan_rules.verdicts.messages import message
from mofan_rules.verdicts.rows_table import order
from mofan_rules.verdicts.table import Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """One verdict before and after; `None` where there was or is no such row."""

    before: Verdict | None
    after: Verdict | None
    catalogue: Catalogue

    @property
    def verdict(self) -> Verdict:
        """The verdict as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    def why(self, language: Language = "zh") -> str:
        """Why it has the state that it has now, in one sentence."""
        verdict = self.verdict
        return message(verdict, self.catalogue.entry(verdict.requirement, verdict.window_from), language)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was rejected: with table, id or value, column, code and reason, as in `facts.rejected`."""

    table: str
    file: str | None
    line: int | None
    column: str | None
    code: str
    reason: str
    reason_en: str
    value: str | None
    decides: bool


@dataclass(frozen=True, slots=True)
class Changes(Sequence[Change]):
    """The verdicts that changed. `ids` are those of the facts that were recorded, `rejected` rows that have become rejected by it (they may be other rows).

    Of a session that derives, `derived` are the facts that follow now and did not, `withdrawn` those that follow no more.
    """

    verdicts: tuple[Change, ...] = ()
    ids: tuple[str, ...] = ()
    rejected: tuple[Refusal, ...] = ()
    derived: tuple[Derived, ...] = ()
    withdrawn: tuple[Derived, ...] = ()

    def __len__(self) -> int:
        return len(self.verdicts)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.verdicts)

    @overload
    def __getitem__(self, index: int) -> Change: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Change, ...]: ...

    def __getitem__(self, index: int | slice) -> Change | tuple[Change, ...]:
        return self.verdicts[index]


Identity = tuple[str, str, object, object, str]


def identity(verdict: Verdict) -> Identity:
    """What says which verdict a row is."""
    return verdict.requirement, verdict.subject, verdict.window_from, verdict.window_until, verdict.key


def differences(before: Iterable[Verdict], after: Iterable[Verdict], catalogue: Catalogue) -> tuple[Change, ...]:
    """How two sets of rows differ. Should several rows be one verdict, they are paired in their order."""
    old, new = _grouped(before), _grouped(after)
    found: list[Change] = []
    for key in {**old, **new}:
        was, now = old.get(key, []), new.get(key, [])
        if was != now:
            for place in range(max(len(was), len(now))):
                one, other = (rows[place] if place < len(rows) else None for rows in (was, now))
                if one != other:
                    found.append(Change(one, other, catalogue))
    return tuple(sorted(found, key=lambda change: order(change.verdict)))


def _grouped(verdicts: Iterable[Verdict]) -> dict[Identity, list[Verdict]]:
    groups: dict[Identity, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(identity(verdict), []).append(verdict)
    return {key: sorted(rows, key=lambda row: (row[5:10], row.accountable)) if len(rows) > 1 else rows for key, rows in groups.items()}
