"""`rulesets/kubernetes-governance` on the community's own records."""

import re
from datetime import date

import pytest

from tests.realdata.comparison import DATA, ROOT, Ask, Community, Line, Rule, check, check_rules, compare

HEAD = date(2026, 8, 21)
"""The day on which the records were taken."""

RENAMED = {"committee-product-security": "committee-security-response", "sig-big-data": "ug-big-data", "wg-k8s-infra": "sig-k8s-infra"}
"""Bodies that the truth calls by the name of the day and that our facts, through `continues`, call by their last one."""


def _body(line: Line) -> str:
    return RENAMED.get(line["org_id"], line["org_id"])


def _person(line: Line) -> str:
    """`person someone`, perhaps with more after a comma."""
    return "person/" + line["window"].split(",")[0].removeprefix("person ")


def _on_day(line: Line) -> Ask:
    return Ask(_body(line), date.fromisoformat(line["window"]))


def _year_of(subject: str, year: int) -> Ask:
    return Ask(subject, HEAD, lambda verdict: verdict.window_until == date(year, 12, 31))


def _year(line: Line) -> Ask:
    return _year_of(_body(line), int(line["window"]))


def _report(line: Line) -> Ask:
    """`report year 2021, due 2022-03-01`."""
    return _year_of(_body(line), int(line["window"].removeprefix("report year ")[:4]))


def _dated(line: Line) -> Ask:
    day = line["window"]
    return Ask(_body(line), HEAD, lambda verdict: str(verdict.window_until).startswith(day))


def _life(line: Line) -> Ask:
    """The quarters of a group's life that have ended."""
    first, last = (date.fromisoformat(day) for day in line["window"].split(".."))
    return Ask(
        _body(line),
        HEAD,
        lambda verdict: (
            verdict.window_from is not None
            and verdict.window_until is not None
            and verdict.window_until >= first
            and verdict.window_from < last
            and verdict.window_until < HEAD
        ),
    )


def _term(line: Line) -> Ask:
    """`person someone, elected 2021-11-08`: the year in which the two years end."""
    found = re.search(r"elected (\d{4})", line["window"])
    assert found, line
    return _year_of(_person(line), int(found[1]) + 2)


COMMUNITY = Community(
    data=DATA / "k8s",
    ruleset=ROOT / "rulesets" / "kubernetes-governance",
    rules={
        "sig_chair_count": Rule(("sig.chairs",), _on_day),
        "sig_chair_at_least_one": Rule(("sig.chair",), _on_day),
        "sig_tech_lead_count": Rule(("sig.tech_leads",), _on_day),
        "charter_present": Rule(("sig.charter",), _on_day),
        "annual_report_on_time": Rule(("report.on_time", "report.on_time.wg2020"), _report),
        "rollup_annual_report_share": Rule(("report.share",), _report),
        "sig_meeting_cadence_declared": Rule(("sig.cadence",), _on_day),
        "sig_meets_every_3_weeks": Rule(("sig.meets",), _year),
        "wg_has_chair_4_weeks_grace": Rule(("wg.chair",), _life),
        "wg_stakeholder_sigs": Rule(("wg.stakeholders",), _on_day),
        "steering_has_7_members": Rule(("steering.members",), _on_day),
        "steering_company_max_one_third": Rule(("steering.company",), _on_day),
        "steering_meeting_quorum": Rule(("steering.quorum",), _dated),
        "steering_election_every_year": Rule(("steering.election",), _year),
        "steering_seats_3_4_alternate": Rule(("steering.seats",), _dated),
        "steering_max_two_consecutive_terms": Rule(("steering.terms",), lambda line: Ask(_person(line), HEAD)),
        "steering_term_not_overrun": Rule(("steering.overrun",), _term),
        "subproject_has_owners_file": Rule(("subproject.owners",), _on_day),
        "steering_liaison_assigned_and_sitting": Rule(("group.liaison",), _on_day),
    },
    left_out={"liaison_load_about_equal": "the spread between the members' loads is the difference of a greatest and a least count"},
    differences={},
)

pytestmark = pytest.mark.skipif(not COMMUNITY.is_here, reason=f"the records of the community are not at {DATA}")


def test_every_rule_is_accounted_for() -> None:
    check_rules(COMMUNITY)


def test_verdicts_equal_the_truth() -> None:
    score = compare(COMMUNITY)
    check(COMMUNITY, score)
    assert score.rows > 1_500
