"""The verdicts of `rulesets/kubernetes-governance` on the community's own records, against those of an independent script.

The records are not part of this repository: the tests look for them in the folder that `MOFAN_REALDATA` names, by default `../shared/realdata` beside it.
"""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import mofan_rules as mr
from mofan_rules.executors import EXECUTORS

ROOT = Path(__file__).parents[2]
RULESET = ROOT / "rulesets" / "kubernetes-governance"
DATA = Path(os.environ.get("MOFAN_REALDATA", ROOT.parent / "shared" / "realdata")) / "k8s"
HEAD = date(2026, 8, 21)
"""The day on which the records were taken."""

pytestmark = pytest.mark.skipif(not (DATA / "truth.csv").is_file(), reason=f"the records of the community are not at {DATA}")

STATES = {"met": "satisfied", "violated": "violated", "unknown": "unknown", "not_applicable": "not_applicable"}
RENAMED = {"committee-product-security": "committee-security-response", "sig-big-data": "ug-big-data", "wg-k8s-infra": "sig-k8s-infra"}
"""Bodies that the truth calls by the name of the day and that our facts, through `continues`, call by their last one."""


@dataclass(frozen=True)
class Rule:
    """One rule of the truth: the requirements that carry it, and where in time its rows are."""

    requirements: tuple[str, ...]
    window: Callable[[str], tuple[date, str]]
    """From the truth's window to (as-of date, what `window_until` or the key begins with; empty: the only row)."""


def _on_day(window: str) -> tuple[date, str]:
    return date.fromisoformat(window), ""


def _report(window: str) -> tuple[date, str]:
    return HEAD, f"{window.split(',')[0].removeprefix('report year ')}-12-31"


def _year(window: str) -> tuple[date, str]:
    return HEAD, f"{window}-12-31"


RULES = {
    "annual_report_on_time": Rule(("report.on_time", "report.on_time.wg2020"), _report),
    "rollup_annual_report_share": Rule(("report.share",), _report),
    "sig_meets_every_3_weeks": Rule(("sig.meets",), _year),
    "steering_company_max_one_third": Rule(("steering.company",), _on_day),
    "steering_has_7_members": Rule(("steering.members",), _on_day),
    "steering_election_every_year": Rule(("steering.election",), _year),
    "steering_meeting_quorum": Rule(("steering.quorum",), lambda window: (HEAD, window)),
    "sig_chair_count": Rule(("sig.chairs",), _on_day),
    "sig_chair_at_least_one": Rule(("sig.chair",), _on_day),
    "charter_present": Rule(("sig.charter",), _on_day),
    "wg_stakeholder_sigs": Rule(("wg.stakeholders",), _on_day),
    "subproject_has_owners_file": Rule(("subproject.owners",), _on_day),
}

NOT_YET = "the body entered sigs.yaml, and so our facts, on 2017-05-16; the rule was not in force either way"
DIFFERENCES: dict[tuple[str, str, str], tuple[str, str]] = {
    ("sig-auth", "sig_meets_every_3_weeks", "2016"): ("", NOT_YET),
    ("sig-apps", "sig_meets_every_3_weeks", "2016"): ("", NOT_YET),
}
"""(body, rule, window) → (our state, why), for each row in which we differ. The ruleset's README tells the whole story."""


def _truth() -> Iterator[dict[str, str]]:
    with (DATA / "truth.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_verdicts_equal_the_truth(executor: str) -> None:
    """Every truth row of the rules expressed has the verdict that we give, except where the README says why not."""
    ruleset = mr.load_ruleset(RULESET)
    facts = mr.load_facts(DATA, mapping=RULESET / "facts.yaml")
    tables: dict[date, dict[tuple[str, str], list[tuple[str, str, str]]]] = {}

    def rows(as_of: date) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
        if as_of not in tables:
            found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
            for row in mr.evaluate(ruleset, facts, as_of=as_of, period=f"2014-01-01..{as_of}", executor=executor).verdicts.rows():
                found.setdefault((row.requirement, row.subject), []).append((str(row.window_from), str(row.window_until), row.state))
            tables[as_of] = found
        return tables[as_of]

    compared, wrong = 0, {}
    for line in _truth():
        rule = RULES.get(line["rule"])
        if rule is None:
            continue
        as_of, until = rule.window(line["window"])
        subject = RENAMED.get(line["org_id"], line["org_id"])
        states = [state for name in rule.requirements for _, last, state in rows(as_of).get((name, subject), []) if last.startswith(until)]
        compared += 1
        if states != [STATES[line["verdict"]]]:
            wrong[line["org_id"], line["rule"], line["window"]] = (" ".join(states), line["verdict"] + ": " + line["reason"])
    assert {key: found for key, (found, _) in wrong.items()} == {key: ours for key, (ours, _) in DIFFERENCES.items()}, wrong
    assert compared > 1000


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_working_group_is_never_long_without_a_chair(executor: str) -> None:
    """The truth speaks of a group's whole life: it is met if each year of it is."""
    ruleset = mr.load_ruleset(RULESET)
    facts = mr.load_facts(DATA, mapping=RULESET / "facts.yaml")
    verdicts = mr.evaluate(ruleset, facts, as_of=HEAD, period=f"2017-01-01..{HEAD}", executor=executor).verdicts
    years = [row for row in verdicts.rows() if row.requirement == "wg.chair"]
    compared = 0
    for line in _truth():
        if line["rule"] != "wg_has_chair_4_weeks_grace":
            continue
        first, last = line["window"].split("..")
        subject = RENAMED.get(line["org_id"], line["org_id"])
        life = [row for row in years if row.subject == subject and str(row.window_until) >= first and str(row.window_from) < last]
        assert life and line["verdict"] == "met", line
        assert {row.state for row in life} <= {"satisfied", "pending"}, (line, life)
        compared += 1
    assert compared == 31
