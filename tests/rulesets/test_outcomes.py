"""Which requirements of `rulesets/mofan` generated facts decide in one way only: a written list, each with its reason, so that it cannot grow unseen."""

from datetime import date
from pathlib import Path

import pytest

import mofan_rules as mr
from mofan_rules.population import generate

RULESET = Path(__file__).parents[2] / "rulesets" / "mofan"

DECIDED = frozenset(["satisfied", "violated", "unknown", "waived"])
"""States that say something: not those of what does not bind, or is yet to come."""

SEEDS = (1, 2)

REASONS: dict[str, tuple[str, ...]] = {
    "the profile makes no rows of what they are about: findings, complaints, tasks, instructions and members away are single occasions": (
        "chuangjian.task",
        "chuangjian.task_share",
        "chuangkou.complaint_settled",
        "ducha.correction",
        "ducha.overdue",
        "jilv.findings_corrected",
        "luoshi.decision",
        "shenghuo.democratic_moved",
        "wenti.solved",
        "wenti.solved_share",
        "xuexi.early_signs",
        "xuexi.plenum_briefing",
        "zhengzhi.deviation",
        "zhengzhi.instruction",
        "zhengzhi.instruction_share",
        "zuofeng.appeal_answered",
        "zuofeng.eight_rules",
        "zuzhi.member_transferred",
    ),
    "the profile has no units below others, temporary bodies, units with fewer than three members, or county levels": (
        "chuangjian.cascade",
        "shezhi.joint",
        "zuofeng.reception_county",
        "zuzhi.temporary_branch",
        "zuzhi.temporary_branch_ends",
        "zuzhi.temporary_group",
    ),
    "the profile sets organizations up as their members ask for": (
        "shezhi.branch",
        "shezhi.committee",
        "shezhi.discipline_commission",
        "shezhi.general_branch",
        "shezhi.joint_width",
        "zhibu.still_fit",
        "zuzhi.own_branch",
    ),
    "too few organizations of a population of this size are bound": ("shezhi.small_committee", "zhibu.demonstration"),
    "the rows that decide it are those of another requirement, or of none, and nothing goes wrong in what this one asks of them": (
        "dangke.branch_secretary",
        "dangke.leaders",
        "huanjie.advance_approved",
        "huanjie.advance_limit",
        "jilv.secret_checks",
        "kaimen.replies",
        "shezhi.appointment_approved",
        "zhengzhi.check_record",
        "zhengzhi.self_check",
        "zhibu.staff_designated",
        "zongze.topic",
        "zuofeng.opinions",
        "zuofeng.research",
        "zuofeng.research_record",
        "zuofeng.solved",
    ),
    "shares of many verdicts, of which few are violated, stay on one side of the line": (
        "kaohe.city_share",
        "kaohe.city_standing",
        "kaohe.committee_share",
        "kaohe.regulations",
        "kaohe.unit_score",
        "kaohe.unit_share",
    ),
}
"""The requirements that are found to be in one decided state, or in none, by the reason why."""


@pytest.fixture(scope="module")
def one_sided(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The requirements that are not found to be in two decided states, in populations of 120 branches together."""
    ruleset = mr.load_ruleset(RULESET)
    found: dict[str, set[str]] = {entry.requirement: set() for entry in ruleset.catalogue.entries}
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp("outcomes")
        generate(RULESET / "population.yaml", 120, seed, folder, as_of=date(2025, 4, 1), period=2024)
        for verdict in mr.evaluate(ruleset, mr.load_facts(folder), as_of="2025-04-01", period="2024").verdicts.rows():
            found[verdict.requirement].add(verdict.state)
    return {requirement for requirement, states in found.items() if len(states & DECIDED) < 2}


def test_each_requirement_with_one_outcome_has_a_reason(one_sided: set[str]) -> None:
    explained = {requirement for requirements in REASONS.values() for requirement in requirements}
    assert one_sided - explained == set(), "generated facts neither test nor show these: give the profile a fault for them, or write down why not"


def test_no_reason_is_out_of_date(one_sided: set[str]) -> None:
    explained = [requirement for requirements in REASONS.values() for requirement in requirements]
    assert len(explained) == len(set(explained))
    assert set(explained) - one_sided == set(), "generated facts decide these in two ways now: strike them from the list"
