"""Scenarios: a random ruleset, random facts and a random question, all from one seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.cases import Case, as_yaml
from tests.differential.populations import Populations, Tables, hot_days
from tests.differential.rulesets import IDS, MOST, Document, Rulesets


@dataclass(frozen=True)
class Scenario:
    """What an executor is asked. `facts` has rows as people write them."""

    seed: int
    ruleset: Document
    facts: Tables
    complete: tuple[str, ...]
    as_of: str
    period: str
    known_at: str | None = None

    def case(self) -> Case:
        """The scenario as a case that wants nothing."""
        return Case(
            path=Path(f"seed-{self.seed}.yaml"),
            note=f"seed {self.seed}",
            as_of=date.fromisoformat(self.as_of),
            facts=self.facts,
            want=(),
            ruleset=self.ruleset,
            period=self.period,
            known_at=date.fromisoformat(self.known_at) if self.known_at else None,
            complete=self.complete,
        )

    def text(self, want: list[Mapping[str, str]]) -> str:
        """The scenario as a conformance case file."""
        document: dict[str, Any] = {"note": f"found by the differential test, seed {self.seed}", "as_of": self.as_of, "period": self.period}
        if self.known_at:
            document["known_at"] = self.known_at
        document |= {"ruleset": self.ruleset, "facts": self.facts}
        if self.complete:
            document["complete"] = list(self.complete)
        return as_yaml(document | {"want": want})


AIMS = ("", "", "", "states", "deadlines")
"""What the facts and rulesets of each fifth seed are about."""

PROGRAMS = 3
"""How many rulesets are tried on one set of facts."""


def scenarios(seed: int, *, presence: bool = True) -> Iterator[Scenario]:
    """The scenarios of a seed: some rulesets on the same facts, each asked one or two questions.

    All rulesets have one vocabulary and one waiver policy for each id, so that the facts are admitted alike.

    Parameters
    ----------
    presence: whether conditions may ask if a cell is missing.
    """
    random = Random(seed)
    days = hot_days(random)
    aim = AIMS[seed % len(AIMS)]
    errors = random.choice((0.15, 0.15, 0.3, 0.3) if aim == "states" else (0.0, 0.15, 0.3, 0.5))
    policies = {identifier: (random.choice(("must", "should")), random.choice(("true", "false"))) for identifier in IDS}
    size = MOST if aim == "states" else random.choice((3, 4, 4, 4, 5, MOST))
    populations = Populations(random, days, (*IDS[:size], IDS[0], "r99"), errors, aim)
    facts = populations.tables()
    left_out = [table for table in ("relations", "events", "attendance", "tenures", "evidence", "waivers") if table not in facts]
    complete = tuple(table for table in left_out if random.random() < 0.6)
    known_at = random.choice(days) if random.random() < 0.15 else None
    for number in range(PROGRAMS):
        plain = number > 0 or bool(aim)
        ruleset = Rulesets(random, days, populations.organizations, policies, presence=presence, plain=plain, aim=aim).document(size)
        for asked in range({"states": 3, "deadlines": 2}.get(aim) or random.choice((1, 1, 1, 1, 2))):
            # what is aimed at is asked again on other days, when a grace or an extension may still run
            if aim == "states":
                as_of, period = _soon(random, days)
            else:
                as_of, period = _question(random, days, late=plain and asked == 0 and random.random() < 0.8)
            yield Scenario(seed, ruleset, facts, complete, as_of, period, known_at)


def _soon(random: Random, days: list[str]) -> tuple[str, str]:
    """An as-of date soon after one of the last days, when a grace still runs or has just been exceeded, and the months before it."""
    as_of = date.fromisoformat(random.choice(days[-3:])) + timedelta(days=random.choice((0, 1, 1, 2, 3, 5, 8, 11, 12, 20, 31, 45)))
    first, last = as_of - timedelta(days=random.choice((60, 100, 200))), as_of - timedelta(days=random.choice((0, 1)))
    return as_of.isoformat(), f"{first}..{last}"


def _question(random: Random, days: list[str], *, late: bool) -> tuple[str, str]:
    """An as-of date at or near one of the days, mostly a later one, and a period before, around or after it.

    Parameters
    ----------
    late: ask after nearly everything has happened, for a long period.
    """
    base = date.fromisoformat(random.choice(days[-2:] if late else days[len(days) // 2 :] if random.random() < 0.75 else days))
    as_of = base + timedelta(days=random.choice((0, 0, 1, 2, 5, -1, 20, 45, 100)))
    draw = random.random()
    if late or draw < 0.4:
        return as_of.isoformat(), f"{as_of.year - random.choice((1, 1, 2))}..{as_of.year}"
    if draw < 0.7:
        return as_of.isoformat(), f"{as_of.year}"
    first, last = sorted(random.choices(days, k=2))
    if draw < 0.85:
        return as_of.isoformat(), f"{first}..{last}"
    return as_of.isoformat(), random.choice((f"{as_of.year - 1}", f"{as_of.year}-{as_of.month:02}", f"{as_of.year}H1", f"{as_of.year + 1}", f"{as_of.year}Q2"))
