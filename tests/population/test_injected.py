"""What was injected into a population, code by code, against what `mofan check` says of it: each fault by its reason, each bad row by its code."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mofan_rules import pipeline
from mofan_rules.cli import main
from mofan_rules.population import Profile, cut
from mofan_rules.population.answers import FAULTS as ANSWER_FAULTS
from mofan_rules.population.duties import Duty, Fault
from mofan_rules.population.meetings import FAULTS as MEETINGS
from mofan_rules.population.posts import FAULTS as POST_FAULTS
from mofan_rules.population.posts import HOLDER_FAULTS
from mofan_rules.population.profile import Node, read_profile
from mofan_rules.population.relations import FAULTS as RELATION_FAULTS
from mofan_rules.population.states import DOCUMENT_FAULTS
from mofan_rules.population.terms import FAULTS as TERMS
from mofan_rules.ruleset import load_ruleset

ROOT = Path(__file__).parents[2]
RULESETS = ("mofan", "mofan-minimal", "mofan-tianjin")
"""The ruleset with a profile of its own, and those that take it over: cut down, and changed."""

Outcome = tuple[str, str]
"""The state of a verdict and its reason."""

UNTRACED = ("satisfied", "met")
"""Of what is odd and no fault: a correction, a late record, a repetition, a second event, a date known to the month, a division without members."""

REASONS: dict[tuple[str, str, str], str] = {
    ("occurrence", "missed", "violated"): "too_few",
    ("occurrence", "missed", "unknown"): "rejected_rows",  # a row that was rejected may be the event
    ("occurrence", "neglected", "violated"): "too_few",
    ("occurrence", "excused", "waived"): "waived",
    ("occurrence", "unfed", "unknown"): "feed_incomplete",
    ("occurrence", "unclear", "unknown"): "undecided_rows",
    ("occurrence", "cancelled", "violated"): "too_few",
    ("occurrence", "undated", "unknown"): "rejected_rows",
    ("occurrence", "inquorate", "violated"): "too_few",
    ("occurrence", "blank", "unknown"): "undecided_rows",
    ("occurrence", "withdrawn", "violated"): "too_few",
    ("occurrence", "contradicted", "unknown"): "rejected_rows",
    ("occurrence", "spoiled", "violated"): "too_few",
    ("attribute", "missed", "violated"): "condition_false",
    ("attribute", "short", "violated"): "condition_false",
    ("attribute", "none", "violated"): "condition_false",
    ("attribute", "spoiled", "violated"): "condition_false",
    ("attribute", "spoiled", "unknown"): "value_missing",
    ("attribute", "unfed", "unknown"): "feed_incomplete",
    ("attribute", "excused", "waived"): "waived",
    ("attribute", "standing", "violated"): "condition_false",
    ("attribute", "standing", "unknown"): "value_missing",
    ("deadline", "overdue", "violated"): "missing",
    ("deadline", "late_election", "violated"): "late",
    ("deadline", "inquorate", "violated"): "missing",
    ("deadline", "extended", "pending"): "extended",
    ("deadline", "unrecorded", "unknown"): "no_trigger",
    ("deadline", "missed", "violated"): "missing",
    ("deadline", "late", "violated"): "late",
    ("deadline", "unfed", "unknown"): "feed_incomplete",
    ("occupancy", "vacant", "violated"): "too_few",
    ("occupancy", "vacant_briefly", "pending"): "grace",
    ("occupancy", "other_person", "violated"): "holder_condition",
    ("occupancy", "unlinked", "violated"): "holder_condition",
    ("occupancy", "spoiled", "unknown"): "undecided_rows",
    ("evidence", "none", "violated"): "no_document",
    ("evidence", "none", "unknown"): "value_missing",  # what nobody has assessed
    ("evidence", "incomplete", "violated"): "document_incomplete",
    ("evidence", "blank", "unknown"): "value_missing",
    ("evidence", "expired", "violated"): "no_document",
    ("evidence", "spoiled", "unknown"): "value_missing",
    ("coverage", "standing", "violated"): "too_few",
}
"""The reason of the verdict that a fault gives, by the kind of the requirement, the fault and the state that the profile wants."""

OPEN: dict[tuple[str, str, str], tuple[str, ...]] = {
    ("evidence", "spoiled", "violated"): ("no_document", "document_incomplete"),  # a condition on the document, or its grade
    ("occupancy", "spoiled", "violated"): ("holder_condition", "too_few"),  # a condition on the holder, or on the tenures that count
    ("occupancy", "unfed", "unknown"): ("feed_incomplete", "undecided_rows"),  # nobody is known, or one of whom it is not known whether he fits
    ("coverage", "standing", "unknown"): ("feed_incomplete", "binding_unknown"),  # a feed, or a cell that says whether the requirement binds
}
"""The same where it goes by what the profile spoils."""


@dataclass(frozen=True)
class Checked:
    """A population of a ruleset and what `mofan check` says of it."""

    ruleset: str
    profile: Profile
    manifest: dict[str, Any]
    report: dict[str, Any]

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each requirement."""
        return {entry["id"]: entry["kind"] for entry in self.report["requirements"]}

    def outcomes(self) -> dict[str, Counter[Outcome]]:
        """How often each requirement has each outcome that a fault may have."""
        found: dict[str, Counter[Outcome]] = defaultdict(Counter)
        kinds = self.kinds
        for verdict in self.report["verdicts"]:
            put_off = verdict["reason"] == "extended" or (verdict["reason"] == "grace" and kinds[verdict["requirement"]] == "occupancy")
            if verdict["state"] in ("violated", "unknown", "waived") or put_off:
                found[verdict["requirement"]][verdict["state"], verdict["reason"]] += 1
        return found


@pytest.fixture(scope="module", params=RULESETS)
def checked(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Checked:
    folder, ruleset = tmp_path_factory.mktemp("injected"), ROOT / "rulesets" / request.param
    profile = cut(read_profile(ruleset / "population.yaml"), load_ruleset(ruleset).vocabulary)
    manifest = pipeline.generate(ruleset, 150, 21, folder / "facts", format="parquet")
    target = folder / "report.json"
    question = ("--as-of", manifest["as_of"], "--period", manifest["period"])
    assert main(["check", str(ruleset), str(folder / "facts"), *question, "-o", str(target)]) == 0
    return Checked(request.param, profile, manifest, json.loads(target.read_text(encoding="utf-8")))


def duties(node: Node) -> Iterator[tuple[Duty, list[Fault]]]:
    """The duties of a node, those within others too, with the faults that may show in each."""
    for meeting in node.meetings:
        yield from ((duty, duty.faults) for duty in (meeting, meeting.some, meeting.answer) if duty is not None)
    for term in node.terms:
        yield from ((duty, duty.faults) for duty in (term, term.reminder) if duty is not None)
    for post in node.posts:
        answer = None if post.ended is None else post.ended.answer
        yield from ((duty, duty.faults) for duty in (post, post.began, answer) if duty is not None)
        yield from ((holder, [*post.faults, *holder.faults]) for holder in post.holder)
    for document in node.documents:
        yield from ((duty, duty.faults) for duty in (document, document.some) if duty is not None)
    yield from ((duty, list(duty.faults)) for duty in (*node.relations, *node.standing))


def declared(profile: Profile) -> dict[str, dict[str, list[Fault]]]:
    """The faults of the profile by requirement and by the name that the manifest gives them."""
    found: dict[str, dict[str, list[Fault]]] = defaultdict(lambda: defaultdict(list))
    for node in profile.nodes.values():
        for duty, faults in duties(node):
            for fault in faults:
                named = fault.value or fault.fault if fault.fault == "standing" else fault.fault
                found[duty.requirement or "-"][named].append(fault)
    return found


def expected(kind: str, faults: list[Fault]) -> Iterator[Outcome]:
    """The outcomes that faults of one name may have."""
    for fault in faults:
        key = (kind, fault.fault, fault.state)
        if fault.state in ("satisfied", "not_applicable"):
            yield UNTRACED
        else:
            yield from ((fault.state, reason) for reason in (OPEN.get(key) or (REASONS[key],)))


def test_each_fault_is_found_by_its_reason(checked: Checked) -> None:
    """Every verdict that is violated, unknown, waived or put off has its fault, and every fault its verdict."""
    outcomes, profile, kinds = checked.outcomes(), declared(checked.profile), checked.kinds
    for requirement in checked.manifest["verdicts"]:
        left, neglected = outcomes[requirement].copy(), 0
        injected = checked.manifest["faults"].get(requirement, {})
        of = {name: sorted(set(expected(kinds[requirement], profile[requirement][name]))) for name in injected}
        for name in sorted(injected, key=lambda name: len(of[name])):
            number, possible = injected[name], [outcome for outcome in of[name] if outcome != UNTRACED]
            for outcome in possible:
                taken = min(number, left[outcome])
                left[outcome] -= taken
                number -= taken
            assert number == 0 or not possible, f"{requirement}: {number} of {name} are not found: {outcomes[requirement]}"
            neglected += injected[name] if name == "neglected" else 0
        rest = {outcome: number for outcome, number in left.items() if number}
        if neglected:  # each window of the year that is over and in which the organization was there, and not only one
            assert set(rest) <= {("violated", "too_few")}, requirement
            assert outcomes[requirement]["violated", "too_few"] == checked.manifest["verdicts"][requirement]["violated"], requirement
            assert sum(rest.values()) <= 11 * neglected, requirement
        else:
            assert rest == {}, f"{requirement}: nothing was injected that gives {rest}"


def test_each_fault_that_there_is_was_injected(checked: Checked) -> None:
    every = MEETINGS | TERMS | POST_FAULTS | HOLDER_FAULTS | ANSWER_FAULTS | DOCUMENT_FAULTS | RELATION_FAULTS
    named = {fault.fault for faults in declared(checked.profile).values() for several in faults.values() for fault in several}
    assert named >= every or checked.ruleset == "mofan-minimal"
    injected = {name for faults in checked.manifest["faults"].values() for name in faults}
    assert injected >= named & every
    assert sum(map(len, checked.manifest["faults"].values())) > 25


def test_each_bad_row_is_found_by_its_code(checked: Checked) -> None:
    """The rows rejected, as the report says; the profile's rows are all refused for the reason that it names, and no others are."""
    rejected: dict[str, dict[str, int]] = defaultdict(dict)
    for row in checked.report["facts"]["rejected"]:
        rejected[row["table"]][row["code"]] = row["number"]
    assert rejected == checked.manifest["rejected"]
    codes = {(bad.table, bad.code) for bad in checked.profile.bad_rows}
    assert codes <= {(table, code) for table, found in rejected.items() for code in found}
    assert checked.report["facts"]["rejected_organizations"] == 0, "those that are known from bad rows only are yet to begin"


def test_facts_have_the_kinds_and_columns_that_the_ruleset_knows_and_no_others(checked: Checked) -> None:
    """What a ruleset does not know would be refused or not read: no row is refused for it but the one that is to be, and no column is left aside."""
    refused = {(table, code): number for table, codes in checked.manifest["rejected"].items() for code, number in codes.items()}
    assert {code for _, code in refused} >= {"unknown_kind", "unknown_requirement"}
    assert refused["events", "unknown_kind"] == refused["organizations", "unknown_kind"] == refused["waivers", "unknown_requirement"] == 1
    assert [said for said in checked.report["facts"]["assumptions"] if "column" in str(said).lower() or "栏" in str(said)] == []


def test_every_requirement_of_the_manifest_is_decided(checked: Checked) -> None:
    if checked.ruleset == "mofan-minimal":
        assert len(checked.manifest["verdicts"]) == 10
    undecided = {name for name, states in checked.manifest["verdicts"].items() if not {"satisfied", "violated", "pending", "not_applicable"} & set(states)}
    assert undecided == set()
