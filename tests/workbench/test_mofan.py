"""What the authors' tools say of `rulesets/mofan`: its inventory is that of the document, and each locator and quotation stands in it."""

import re
from functools import lru_cache
from pathlib import Path

import pytest

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.ruleset import Ruleset, load_ruleset
from mofan_rules.workbench.mutation import mutate, rows_of
from mofan_rules.workbench.running import admitted
from mofan_rules.workbench.testing import cases_of
from mofan_rules.workbench.trace_text import to_markdown
from mofan_rules.workbench.tracer import Given, run_trace
from mofan_rules.workbench.tracing import Trace

ROOT = Path(__file__).parents[2]
RULESET = ROOT / "rulesets" / "mofan"
DOMAIN = ROOT.parent / "shared" / "domain"


def outside() -> Given:
    """The document and its inventory, which are not part of the repository."""
    text, inventory = DOMAIN / "source-document.txt", DOMAIN / "inventory.tsv"
    if not text.is_file() or not inventory.is_file():
        pytest.skip("the document and its inventory are not here")
    return Given({"": text}, inventory)


@lru_cache(maxsize=1)
def traced_alone() -> tuple[Ruleset, Trace, Diagnostics]:
    """The trace without anything from outside, made once."""
    return run_trace(RULESET, Given())


def test_the_document_has_its_rows_and_classes() -> None:
    _, trace, _ = traced_alone()
    classes = [traced.row.judged for traced in trace.rows]
    assert (classes.count("M"), classes.count("E"), classes.count("Q")) == (57, 46, 16)
    assert all(traced.row.about and len(traced.row.locator) <= 20 for traced in trace.rows)


def test_rows_locators_and_quotations_are_those_of_the_document() -> None:
    compared = {"row-not-carried", "row-not-in-inventory", "row-differs", "locator-not-found", "quote-not-found", "unknown-row"}
    _, _, problems = run_trace(RULESET, outside())
    assert [one.message.en for one in problems if one.code in compared] == []


def test_nothing_is_missing_on_the_way_from_the_document_to_the_cases() -> None:
    _, trace, problems = traced_alone()
    assert [f"{one.span}: {one.message.en}" for one in problems] == []
    assert all(traced.requirements for traced in trace.rows)


def test_every_requirement_says_where_it_comes_from() -> None:
    _, trace, _ = traced_alone()
    assert {requirement.id for requirement in trace.requirements()} == set(load_ruleset(RULESET).catalogue.requirements())
    assert [requirement.id for requirement in trace.requirements() if not requirement.citations] == []


def without_numbers(page: str) -> str:
    """The page without the number of cases, which changes with every case."""
    return re.sub(r" \(\d+\)", "", page)


def test_the_page_of_the_trace_is_up_to_date() -> None:
    ruleset, trace, _ = traced_alone()
    command = "mofan trace rulesets/mofan --lang zh --format markdown"
    page = (ROOT / "docs" / "trace-mofan.md").read_text(encoding="utf-8")
    assert without_numbers(page) == without_numbers(to_markdown(trace, ruleset.title, command, "zh")), f"run {command} -o docs/trace-mofan.md"


SAMPLE = frozenset({"sanhui.committee", "shezhi.joint", "zuzhi.secretary", "shenghuo.appraisal"})


def test_a_sample_of_changes_is_noticed() -> None:
    """All changes are tried by `benchmarks/noticed_changes.py`; here those of four requirements, without the parameters that others read too."""
    ruleset = load_ruleset(RULESET)
    cases = [case for case in cases_of(RULESET, ruleset) if case.requirements & SAMPLE]
    facts = {case.name: rows_of(admitted(case, ruleset.vocabulary)) for case in cases}
    found = mutate(ruleset, cases, facts, SAMPLE, frozenset())
    assert found.number > 25
    assert [(mutant.about, mutant.change) for mutant in found.survivors if mutant.about in SAMPLE] == []


def test_every_change_of_a_derivation_is_noticed() -> None:
    ruleset = load_ruleset(RULESET)
    cases = [case for case in cases_of(RULESET, ruleset) if case.derived is not None]
    facts = {case.name: rows_of(admitted(case, ruleset.vocabulary)) for case in cases}
    found = mutate(ruleset, cases, facts, frozenset())
    assert found.number == 56
    assert [(mutant.about, mutant.change) for mutant in found.survivors] == []
