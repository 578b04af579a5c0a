"""`rulesets/openeuler-governance` on the community's own records."""

from datetime import date

import pytest

from mofan_rules.verdicts.table import Verdict
from tests.realdata.comparison import DATA, ROOT, Ask, Community, Line, Rule, check, check_rules, compare, on_day

HEAD = date(2026, 8, 20)
"""The day on which the records were taken."""


def _ended(verdict: Verdict) -> bool:
    """A window of the year that has ended and in which the body stood all the time."""
    if verdict.state == "not_applicable":
        return False
    return verdict.window_until is not None and verdict.window_from is not None and date(2026, 1, 1) <= verdict.window_from and verdict.window_until < HEAD


def _meetings(line: Line) -> Ask:
    """Each month or fortnight of the year that has ended."""
    return Ask(line["org_id"], HEAD, _ended)


def _roster(line: Line) -> Ask:
    """The roster in force at the end of the year, or on the day of the records."""
    return Ask(line["org_id"], min(date(int(line["window"]), 12, 31), HEAD))


COMMUNITY = Community(
    data=DATA / "openeuler",
    ruleset=ROOT / "rulesets" / "openeuler-governance",
    rules={
        "sig_至少一名maintainer": Rule(("sig.maintainer",), on_day),
        "sig_maintainer人数1至3": Rule(("sig.maintainers",), on_day),
        "sig_committer人数2至8": Rule(("sig.committers",), on_day),
        "sig_安全联络员1人": Rule(("sig.security_contact",), on_day),
        "rollup_有maintainer的sig占比": Rule(("community.maintained",), on_day),
        "sig_必须有章程": Rule(("sig.charter",), on_day),
        "sig_有README": Rule(("sig.readme",), on_day),
        "sig_至少一个项目": Rule(("sig.project",), on_day),
        "sig_info必填字段": Rule(("sig.info",), on_day),
        "sig_仓库清单与仓库文件一致": Rule(("sig.repositories_agree",), on_day),
        "仓库只归一个sig": Rule(("repository.one_sig",), on_day),
        "sig_每月至少一次会议": Rule(("sig.meeting",), _meetings),
        "tc_人数与公布人数一致": Rule(("tc.size",), on_day),
        "tc_任期一年未超期": Rule(("tc.term",), lambda line: Ask(f"委员/{line['window']}", HEAD)),
        "tc_每年换届名单": Rule(("tc.roster",), _roster),
        "tc_每双周例会": Rule(("tc.meeting",), _meetings),
    },
    left_out={},
    differences={("sig-CIS-Flavor", "sig_每月至少一次会议", "2026"): ("", "founded on the day of the records")},
)

pytestmark = pytest.mark.skipif(not COMMUNITY.is_here, reason=f"the records of the community are not at {DATA}")


def test_every_rule_is_accounted_for() -> None:
    check_rules(COMMUNITY)


def test_verdicts_equal_the_truth() -> None:
    score = compare(COMMUNITY)
    check(COMMUNITY, score)
    assert score.rows > 15_000
