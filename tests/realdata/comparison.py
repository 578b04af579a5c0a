"""Verdicts of a community's ruleset on the community's own records, against those of an independent script.

The records are not part of this repository: they are looked for in the folder that `MOFAN_REALDATA` names, by default `../shared/realdata` beside it.
"""

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import mofan_rules as mr
from mofan_rules.executors import COMPLETE
from mofan_rules.ir.program import Context
from mofan_rules.pipeline import admit, run
from mofan_rules.verdicts.table import Verdict
from mofan_rules.workbench.narrowing import narrowed

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("MOFAN_REALDATA", ROOT.parent / "shared" / "realdata"))
STATES = {"met": "satisfied", "violated": "violated", "unknown": "unknown", "not_applicable": "not_applicable"}
BEGINNING = date(2010, 1, 1)

Line = Mapping[str, str]
"""A row of the truth: `org_id`, `rule`, `window`, `verdict`, `reason`."""


@dataclass(frozen=True)
class Ask:
    """What a row of the truth asks of the engine.

    `windows` chooses among the verdicts on `subject` at `as_of` those that answer; by default all, which must then agree.
    """

    subject: str
    as_of: date
    windows: Callable[[Verdict], bool] = lambda verdict: True


@dataclass(frozen=True)
class Rule:
    """A rule of the community: the requirements that carry it, and how its rows are asked."""

    requirements: tuple[str, ...]
    ask: Callable[[Line], Ask]


@dataclass(frozen=True)
class Community:
    """A community: where its records and its ruleset are, its rules, those left out with the reason, and the rows in which we differ.

    `differences`: (body, rule, window) → (our states, why). The ruleset's README tells the whole story.
    """

    data: Path
    ruleset: Path
    rules: Mapping[str, Rule]
    left_out: Mapping[str, str]
    differences: Mapping[tuple[str, str, str], tuple[str, str]]

    @property
    def is_here(self) -> bool:
        return (self.data / "truth.csv").is_file()

    def lines(self, name: str) -> Iterator[dict[str, str]]:
        with (self.data / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def names(self) -> list[list[str]]:
        """The rules that the community wrote; one line of its list may hold two."""
        return [[name.strip() for name in line["rule"].split(" / ")] for line in self.lines("rules.csv")]


@dataclass
class Score:
    """What the comparison found."""

    rows: int = 0
    wrong: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    """(body, rule, window) → (our states, the truth and its reason)."""
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many rows of the truth a rule has with a verdict."""
    equal: Counter[tuple[str, str]] = field(default_factory=Counter)
    guessed: list[tuple[str, str, str]] = field(default_factory=list)
    """Rows in which we say violated where the truth is unknown."""
    disagreements: list[str] = field(default_factory=list)
    """Verdicts that differ between the executors."""

    @property
    def weak(self) -> list[tuple[str, str]]:
        """Rules and verdicts of which less than 95 % of the rows are met."""
        return [key for key, count in self.asked.items() if self.equal[key] < 0.95 * count]


Table = dict[tuple[str, str], list[Verdict]]


def compare(community: Community) -> Score:
    """Every row of the truth whose rule is expressed, asked of every executor."""
    asks: list[tuple[Line, Rule, Ask]] = []
    for line in community.lines("truth.csv"):
        if (rule := community.rules.get(line["rule"])) is not None:
            asks.append((line, rule, rule.ask(line)))
    wanted: defaultdict[date, set[str]] = defaultdict(set)
    for _, rule, ask in asks:
        wanted[ask.as_of] |= set(rule.requirements)
    score = Score()
    tables = _tables(community, wanted, score)
    for line, rule, ask in asks:
        _count(score, line, [row for name in rule.requirements for row in tables[ask.as_of].get((name, ask.subject), []) if ask.windows(row)])
    return score


def _tables(community: Community, wanted: Mapping[date, set[str]], score: Score) -> dict[date, Table]:
    """The verdicts of each day asked, for the period up to the day before: the day itself has not ended, and so would leave roll-ups open."""
    ruleset = mr.load_ruleset(community.ruleset)
    admitted = admit(ruleset, mr.load_facts(community.data, mapping=community.ruleset / "facts.yaml"))
    tables: dict[date, Table] = {}
    for as_of, requirements in wanted.items():
        program = narrowed(ruleset.program, requirements)
        found = {name: sorted(run(name, program, admitted, Context(as_of, BEGINNING, as_of - timedelta(days=1))).rows()) for name in COMPLETE}
        first, *others = found.values()
        for other in others:
            score.disagreements += [f"{as_of}: {row}" for row in set(first) ^ set(other)]
        tables[as_of] = {}
        for row in first:
            tables[as_of].setdefault((row.requirement, row.subject), []).append(row)
    return tables


def _count(score: Score, line: Line, answers: list[Verdict]) -> None:
    states = sorted({row.state for row in answers})
    key = line["rule"], line["verdict"]
    score.rows += 1
    score.asked[key] += 1
    if states == [STATES[line["verdict"]]]:
        score.equal[key] += 1
        return
    place = line["org_id"], line["rule"], line["window"]
    score.wrong[place] = " ".join(states), f"{line['verdict']}: {line['reason']}"
    if line["verdict"] == "unknown" and "violated" in states:
        score.guessed.append(place)


def on_day(line: Line) -> Ask:
    """The state on the day that the truth names."""
    return Ask(line["org_id"], date.fromisoformat(line["window"]))


def check(community: Community, score: Score) -> None:
    """The comparison is good enough, and differs only where the README says so."""
    assert not score.disagreements, score.disagreements[:10]
    assert not score.guessed, score.guessed
    ours = {place: states for place, (states, _) in score.wrong.items()}
    assert ours == {place: states for place, (states, _) in community.differences.items()}, dict(list(score.wrong.items())[:20])
    assert len(score.wrong) <= 0.005 * score.rows
    assert not score.weak, score.weak


def check_rules(community: Community) -> None:
    """Each rule that the community wrote is expressed or left out with a reason, which the README tells; at least 85 % are expressed."""
    written = community.names()
    names = {name for line in written for name in line}
    assert names == set(community.rules) | set(community.left_out)
    assert not set(community.rules) & set(community.left_out)
    expressed = [line for line in written if all(name in community.rules for name in line)]
    assert len(expressed) >= 0.85 * len(written)
    readme = (community.ruleset / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if name not in readme] == []
    assert [place for place in community.differences if not all(part in readme for part in place[:2])] == []
