"""`rulesets/nodejs-governance` on the project's and the council's own records."""

import re
from datetime import date

import pytest

from tests.realdata.comparison import DATA, ROOT, Ask, Community, Line, Rule, check, check_rules, compare, on_day

HEAD = date(2026, 8, 21)
"""The day on which the records were taken."""


def _week(line: Line) -> Ask:
    year, week = line["window"].split("-W")
    first = date.fromisocalendar(int(year), int(week), 1)
    return Ask(line["org_id"], HEAD, lambda verdict: verdict.window_from == first)


def _year(line: Line) -> Ask:
    last = date(int(line["window"]), 12, 31)
    return Ask(line["org_id"], HEAD, lambda verdict: verdict.window_until == last)


def _month(line: Line) -> Ask:
    first = date.fromisoformat(f"{line['window']}-01")
    return Ask(line["org_id"], HEAD, lambda verdict: verdict.window_from == first)


def _dated(line: Line) -> Ask:
    """The verdicts on the meetings or the minutes of a day; a second one is `2019-01-14 #2` in the truth."""
    day = date.fromisoformat(line["window"][:10])
    return Ask(line["org_id"], HEAD, lambda verdict: verdict.window_from == day)


def _sitting(line: Line) -> Ask:
    year = int(line["window"][:4])
    return Ask(f"{line['org_id']}@{line['window']}", HEAD, lambda verdict: verdict.window_from == date(year, 1, 1))


def _vote(line: Line) -> Ask:
    return Ask(line["org_id"], HEAD, lambda verdict: verdict.key.endswith(line["window"]))


def _seat(line: Line) -> Ask:
    """`2017Q3 person someone`."""
    found = re.fullmatch(r"(\d{4})Q(\d) person (.+)", line["window"])
    assert found, line
    first = date(int(found[1]), 3 * int(found[2]) - 2, 1)
    return Ask(f"{line['org_id']}/{found[3]}", HEAD, lambda verdict: verdict.window_from == first)


def _ended(line: Line) -> Ask:
    """Every quarter in which the body stood and which has ended."""
    return Ask(line["org_id"], HEAD, lambda verdict: verdict.state != "not_applicable" and verdict.window_until is not None and verdict.window_until < HEAD)


def _at_head(line: Line) -> Ask:
    return Ask(line["org_id"], HEAD)


COMMUNITY = Community(
    data=DATA / "nodejs",
    ruleset=ROOT / "rulesets" / "nodejs-governance",
    rules={
        "meets_weekly": Rule(("meets.weekly", "meets.weekly.tsc"), _week),
        "rollup_weeks_with_meeting_share": Rule(("meets.all_weeks",), _year),
        "meets_fortnightly_max_gap_14": Rule(("meets.fortnightly.year",), _year),
        "meets_every_3_weeks_max_gap_21": Rule(("meets.three_weeks.year",), _year),
        "meets_biweekly_max_gap_14": Rule(("meets.biweekly.year",), _year),
        "meets_monthly": Rule(("meets.monthly",), _month),
        "meets_regularly": Rule(("meets.regularly",), _ended),
        "minutes_link_recording": Rule(("minutes.recording",), _dated),
        "minutes_list_attendance": Rule(("minutes.attendance",), _dated),
        "quorum_half_of_active_members": Rule(("quorum.half",), _sitting),
        "tsc_at_least_4_voting_members": Rule(("votes.four",), _vote),
        "attends_25_percent_in_quarter": Rule(("seat.active",), _seat),
        "cpc_two_at_large_seats_filled": Rule(("cpc.at_large",), on_day),
        "cpc_at_most_two_elected_by_regular_members": Rule(("cpc.elected",), on_day),
        "cpc_employer_max_one_fourth": Rule(("cpc.employer",), on_day),
        "cpc_chair_filled": Rule(("cpc.chair",), on_day),
        "cpc_vice_chair_filled": Rule(("cpc.vice_chair",), on_day),
        "wg_size_target_6_to_12": Rule(("wg.size",), _at_head),
        "minutes_not_stale_90_days": Rule(("minutes.fresh",), on_day),
    },
    left_out={"three_missed_votes_ends_voting_status": "neither absences nor, after 2018, memberships are on record"},
    differences={
        ("nodejs-modules", "quorum_half_of_active_members", "2018-03-14"): ("unknown", "two misspelt handles, which the independent script knows by hand"),
        ("nodejs-modules", "quorum_half_of_active_members", "2019-07-03"): ("unknown", "one short handle, which the independent script knows by hand"),
    },
)

pytestmark = pytest.mark.skipif(not COMMUNITY.is_here, reason=f"the records of the community are not at {DATA}")


def test_every_rule_is_accounted_for() -> None:
    check_rules(COMMUNITY)


def test_verdicts_equal_the_truth() -> None:
    score = compare(COMMUNITY)
    check(COMMUNITY, score)
    assert score.rows > 3_000
