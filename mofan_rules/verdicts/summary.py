"""What a verdict table says in sum: counts by requirement and state, the organizations worst off, what falls due soon."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from mofan_rules.verdicts.catalogue import Catalogue
from mofan_rules.verdicts.relation import judged
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.table import VerdictTable

if TYPE_CHECKING:
    import duckdb

DUE_SOON_DAYS = 30
"""How many days after the as-of date still are *soon*."""


@dataclass(frozen=True, slots=True)
class Line:
    """The verdicts of one requirement, counted by state. `violated` has the violated ones by modality (versions may differ in it)."""

    requirement: str
    stage: str
    counts: Mapping[State, int]
    violated: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def rate(self) -> Fraction | None:
        """The satisfied ones among those satisfied or violated; `None` where there is neither."""
        return rate(self.counts)


@dataclass(frozen=True, slots=True)
class WorstOff:
    """What one organization answers for: each verdict is charged once, to the accountable organization."""

    organization: str
    violated_must: int
    violated_should: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Due:
    """A pending verdict and the day on which it falls due."""

    requirement: str
    subject: str
    key: str
    window_from: date | None
    window_until: date | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Summary:
    """A verdict table in sum. Requirements in stage `shadow` stand in `shadow` and in no other figure."""

    lines: tuple[Line, ...]
    shadow: tuple[Line, ...]
    worst_off: tuple[WorstOff, ...]
    organizations_in_default: int
    due_soon: tuple[Due, ...]
    due_soon_total: int

    @property
    def counts(self) -> dict[State, int]:
        """The counts of all enforced requirements."""
        return {state: sum(line.counts[state] for line in self.lines) for state in State}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def rate(self) -> Fraction | None:
        return rate(self.counts)

    @property
    def verdicts(self) -> int:
        """How many there are in all, those on trial among them."""
        return self.total + sum(line.total for line in self.shadow)

    def violated(self, modality: str) -> int:
        """How many enforced verdicts of that modality are violated."""
        return sum(line.violated.get(modality, 0) for line in self.lines)

    def fails(self, level: str) -> bool:
        """Are there verdicts at or above a level of seriousness?

        Parameters
        ----------
        level: `never`; `must`: a violated `must`; `should`: anything violated; `unknown`: anything violated or unknown.

        Raises
        ------
        KeyError: for any other level.
        """
        must, violated = self.violated("must"), self.counts[State.VIOLATED]
        return {"never": 0, "must": must, "should": violated, "unknown": violated + self.counts[State.UNKNOWN]}[level] > 0


def rate(counts: Mapping[State, int]) -> Fraction | None:
    """The share s/(s+v) that summaries show; what is pending, unknown or waived is no part of it."""
    satisfied, violated = counts[State.SATISFIED], counts[State.VIOLATED]
    return Fraction(satisfied, satisfied + violated) if satisfied + violated else None


def summarize(table: VerdictTable, catalogue: Catalogue, as_of: date, worst: int = 10, due: int = 10) -> Summary:
    """The summary of a verdict table.

    Parameters
    ----------
    worst: how many organizations to name, the worst first: most violated `must`, then `should`, then unknown, then by id.
    due: how many pending verdicts to name of those that fall due within `DUE_SOON_DAYS` days, the earliest first.
    """
    with judged(table, catalogue, as_of) as connection:
        connection.execute(_COUNTED, [as_of + timedelta(days=DUE_SOON_DAYS)])
        lines = tuple(_lines(connection, catalogue))
        worst_off, in_default = _worst_off(connection, worst)
        due_soon, due_total = _due_soon(connection, due)
    enforced = tuple(line for line in lines if line.stage != "shadow")
    shadow = tuple(line for line in lines if line.stage == "shadow")
    return Summary(enforced, shadow, worst_off, in_default, due_soon, due_total)


def _lines(connection: "duckdb.DuckDBPyConnection", catalogue: Catalogue) -> Iterator[Line]:
    """A line for each requirement and stage, in the order of the ruleset; requirements without verdicts have one of zeros."""
    counts: dict[tuple[str, str], dict[State, int]] = {}
    violated: dict[tuple[str, str], dict[str, int]] = {}
    found = connection.execute(
        "SELECT requirement, stage, modality, state, sum(number)::BIGINT FROM counted JOIN entries USING (version) GROUP BY ALL"
    ).fetchall()
    for requirement, stage, modality, state, number in found:
        line = (requirement, stage)
        counts.setdefault(line, dict.fromkeys(State, 0))[State(state)] += number
        if state == State.VIOLATED:
            by_modality = violated.setdefault(line, {})
            by_modality[modality] = by_modality.get(modality, 0) + number
    for line in dict.fromkeys((entry.requirement, entry.stage) for entry in catalogue.entries):
        yield Line(*line, counts.get(line) or dict.fromkeys(State, 0), violated.get(line) or {})


def _worst_off(connection: "duckdb.DuckDBPyConnection", limit: int) -> tuple[tuple[WorstOff, ...], int]:
    """The organizations charged with the most, and how many are charged with anything violated."""
    found = connection.execute(
        """
        SELECT accountable, must, should, unknown, count(*) OVER () FROM (
            SELECT accountable,
                coalesce(sum(number) FILTER (state = 'violated' AND modality = 'must'), 0)::BIGINT AS must,
                coalesce(sum(number) FILTER (state = 'violated' AND modality <> 'must'), 0)::BIGINT AS should,
                coalesce(sum(number) FILTER (state = 'unknown'), 0)::BIGINT AS unknown
            FROM counted JOIN entries USING (version) WHERE stage <> 'shadow' AND state IN ('violated', 'unknown') GROUP BY accountable
        ) WHERE must + should > 0 ORDER BY must DESC, should DESC, unknown DESC, accountable LIMIT ?
        """,
        [limit],
    ).fetchall()
    return tuple(WorstOff(*row[:4]) for row in found), int(found[0][4]) if found else 0


def _due_soon(connection: "duckdb.DuckDBPyConnection", limit: int) -> tuple[tuple[Due, ...], int]:
    """The pending verdicts that fall due first, and how many fall due soon."""
    found = connection.execute(
        """
        SELECT requirement, soon.*, count(*) OVER () FROM (SELECT version, unnest(soon) AS soon FROM counted) JOIN entries USING (version)
        WHERE stage <> 'shadow' ORDER BY soon.due_on, requirement, soon.subject, soon.key LIMIT ?
        """,
        [limit],
    ).fetchall()
    return tuple(Due(*row[:6]) for row in found), int(found[0][6]) if found else 0


_COUNTED = """
    CREATE TEMP TABLE counted AS SELECT version, state, accountable, count(*) AS number,
        list({'subject': subject, 'key': key, 'window_from': window_from, 'window_until': window_until, 'due_on': due_on})
            FILTER (state = 'pending' AND due_on <= ?) AS soon
    FROM judged GROUP BY version, state, accountable
"""
"""All that a summary needs, in one reading of the table: to read it may be to compute it."""
