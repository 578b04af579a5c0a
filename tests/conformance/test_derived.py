"""The cases that want derived facts: whichever executor derives them, from the same verdicts."""

from pathlib import Path

import pytest

from mofan_rules.evaluation.deriving import DERIVERS, derived_by
from mofan_rules.executors import EXECUTORS, load_executor
from mofan_rules.executors.rete.missing import missing
from tests.cases import Prepared, compare_derived, find_cases, read_case

FOLDER = Path(__file__).parent
CASES = [path for path in find_cases(FOLDER) if read_case(path).derived is not None]


def test_every_executor_derives() -> None:
    assert set(DERIVERS) == set(EXECUTORS)
    assert len(CASES) >= 7


@pytest.mark.parametrize("deriver", [pytest.param(name, marks=[pytest.mark.live] if name == "rete" else []) for name in sorted(DERIVERS)])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, deriver: str) -> None:
    if deriver == "rete" and missing():
        pytest.skip("needs the extra `live`")
    prepared = Prepared.read(path)
    assert prepared.case.derived is not None
    verdicts = load_executor("duckdb").run(prepared.program, prepared.facts, prepared.case.context)
    found = derived_by(deriver, prepared.program, prepared.facts, prepared.case.context, verdicts)
    assert not (problems := compare_derived(found, prepared.case.derived, prepared.program.vocabulary)), "\n".join(problems)
