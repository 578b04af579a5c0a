"""Judgements on the network: random counts of events against the interpreter, and what is refused."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("durable_rules_engine", reason="the extra `live` is not installed")

from mofan_rules.executors import UnsupportedProgram, load_executor
from mofan_rules.executors.rete import judging
from mofan_rules.executors.rete.network import Network
from tests.cases import Case, Prepared, admitted, ruleset_of, run_case

pytestmark = pytest.mark.live

CORPUS = Path(__file__).parents[1] / "conformance"
ANSWERED = (
    "binding/a-gap-between-versions",
    "corrections/superseded",
    "law/repealed-in-the-middle",
    "measured-text/counting-stops-at-the-upper-bound",
    "occurrence/at-most-exceeded",
    "occurrence/one-sitting-for-two-kinds-counts-once",
    "occurrence/upper-bound-broken-early",
    "partial/require",
    "time/known-at-hides",
    "derivations/missed-twice",
)
"""Cases of the corpus that the network answers (not merely refuses)."""

EVERY = ("week", "2 weeks", "month", "quarter", "half-year", "year")


def day(random: Random) -> str:
    return (date(2023, 6, 1) + timedelta(days=random.randrange(600))).isoformat()


def drawn(seed: int) -> Case:
    """Some requirements that count events, facts without a doubt, and a question."""
    random = Random(seed)
    requirements: list[dict[str, Any]] = []
    for number in range(random.randint(1, 4)):
        fields: dict[str, Any] = {"id": f"r{number}", "kind": "occurrence", "subject": random.choice(("branch", "joint", ["branch", "unit"]))}
        fields["event"] = random.choice(("meeting", "special", ["meeting", "lecture"]))
        if random.random() < 0.15:
            fields["once"] = {"from": "2024-01-10", "until": day(random)} if random.random() < 0.5 else {"from": "2023-09-01", "until": "2024-02-29"}
            fields["once"]["until"] = max(fields["once"].values())
        else:
            fields["every"] = random.choice(EVERY)
        least = random.choice((None, 1, 1, 2, 3))
        most = random.choice((None, None, 0, 2, 4))
        if (least is None and most is None) or (most is not None and least is not None and least > most):
            least, most = 1, None
        fields |= {name: str(bound) for name, bound in (("at_least", least), ("at_most", most)) if bound is not None}
        fields |= {"partial": random.choice(("skip", "require"))} if random.random() < 0.5 else {}
        fields |= {"effective": {"from": day(random)}} if random.random() < 0.2 else {}
        requirements.append(fields | {"modality": "must"})
    organizations: list[dict[str, str]] = []
    for number in range(random.randint(1, 5)):
        first, second = sorted((day(random), day(random)))
        kind = random.choice(("branch", "joint", "unit"))
        span = random.choice(({}, {"founded_on": first}, {"valid_until": second}, {"founded_on": first, "dissolved_on": second}))
        organizations.append({"id": f"o{number}", "kind": kind, **span})
        if random.random() < 0.25:
            organizations[-1] = {"id": f"o{number}", "kind": kind, "valid_until": first}
            organizations.append({"id": f"o{number}", "kind": random.choice(("branch", "unit")), "valid_from": second})
    events = [
        {
            "id": f"e{number}",
            "organization": f"o{random.randrange(len(organizations))}",
            "kind": random.choice(("meeting", "special", "lecture")),
            "date": day(random),
            "held": random.choice(("yes", "yes", "no")),
        }
        for number in range(random.randrange(60))
    ]
    known = {row["id"] for row in organizations}
    vocabulary = {"organizations": {"branch": {"kinds": ["joint"]}, "unit": {}}, "events": {"meeting": {"kinds": ["special"]}, "lecture": {}}}
    as_of = date.fromisoformat(day(random))
    return Case(
        path=Path(f"seed-{seed}"),
        note="",
        as_of=as_of,
        facts={"organizations": organizations, "events": [row for row in events if row["organization"] in known]},
        want=(),
        ruleset={"vocabulary": vocabulary, "requirements": requirements},
        period=random.choice((None, f"{as_of.year}", "2023..2024", "2024Q1", "2025")),
        complete=("relations", "attendance", "tenures", "evidence", "waivers"),
    )


def test_counts_are_judged_as_the_interpreter_judges_them() -> None:
    states = set()
    for seed in range(50):
        case = drawn(seed)
        program = ruleset_of(case).program
        facts = admitted(case, program.vocabulary)
        try:
            found = list(load_executor("rete").run(program, facts, case.context).rows())
            assert found == list(load_executor("interpreter").run(program, facts, case.context).rows()), seed
        finally:
            facts.connection.close()
        states |= {(row.state, row.reason) for row in found}
    assert states == {
        ("satisfied", "met"),
        ("violated", "too_few"),
        ("violated", "too_many"),
        ("pending", "open"),
        ("not_applicable", "partial_window"),
    }


@pytest.mark.parametrize("name", ANSWERED)
def test_cases_of_the_corpus_are_answered(name: str) -> None:
    assert run_case(Prepared.read(CORPUS / f"{name}.yaml"), "rete") == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("occurrence/month-known-only", "known in part"),
        ("occurrence/belongs-to-longer-than-the-window", "of a period"),
        ("feeds/incomplete-for-the-organization", "incomplete feed of events"),
        ("waivers/a-should-by-a-recorded-reason", "waivers"),
        ("binding/rejected-version", "an organization known in part"),
    ],
)
def test_what_the_facts_leave_in_doubt_is_refused(name: str, told: str) -> None:
    prepared = Prepared.read(CORPUS / f"{name}.yaml")
    assert load_executor("rete").unsupported(prepared.program) == []
    with pytest.raises(UnsupportedProgram, match=told):
        load_executor("rete").run(prepared.program, prepared.facts, prepared.case.context)


def test_more_than_a_network_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_FACTS", 0)
    prepared = Prepared.read(CORPUS / "partial/require.yaml")
    with pytest.raises(UnsupportedProgram, match="more than 0 cells and events"):
        load_executor("rete").run(prepared.program, prepared.facts, prepared.case.context)


def test_the_network_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every count and every state comes from a firing: where what fires is passed over, nothing is satisfied or violated any more."""
    prepared = Prepared.read(CORPUS / "occurrence/each-quarter-for-itself.yaml")
    add = Network.add
    monkeypatch.setattr(judging.Network, "add", lambda network, *fact: (add(network, *fact)[0], []))
    assert {row.state for row in load_executor("rete").run(prepared.program, prepared.facts, prepared.case.context).rows()} == {"pending"}
