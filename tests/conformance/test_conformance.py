"""Every case of the corpus, on every executor."""

from functools import lru_cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from mofan_rules.executors import APART, COMPLETE, EXECUTORS, UnsupportedProgram
from mofan_rules.executors.rete.missing import missing
from mofan_rules.ir.program import Program
from mofan_rules.verdicts.reasons import REASONS
from tests.cases import Prepared, find_cases, read_case, run_case

FOLDER = Path(__file__).parent
CASES = find_cases(FOLDER)

AWAITED: dict[str, str] = {}
"""Cases that the library does not meet yet, with what is wrong. One that is met by now fails, so that it is taken out of this list."""

AWAITED_OF: dict[str, dict[str, str]] = {
    "interpreter": {},
    "duckdb": {},
    "rete": {},
}
"""Cases that one executor does not meet yet. One that is met by now fails, so that it is taken out of this list."""


def _name(path: Path) -> str:
    return str(path.relative_to(FOLDER).with_suffix(""))


def _marked(path: Path) -> ParameterSet:
    marks = [pytest.mark.xfail(reason=AWAITED[_name(path)], strict=True)] if _name(path) in AWAITED else []
    return pytest.param(path, id=_name(path), marks=marks)


prepared = lru_cache(maxsize=2)(Prepared.read)
"""The executors are asked one after the other, so that a case is admitted once."""


def requirements_of(program: Program) -> set[str]:
    """The ids of all requirements."""
    return {judged.header.requirement for judged in (*program.judgements, *program.tallies)}


@pytest.mark.parametrize("executor", sorted(set(EXECUTORS) - APART))
@pytest.mark.parametrize("path", [_marked(path) for path in CASES])
def test_case(path: Path, executor: str, request: pytest.FixtureRequest) -> None:
    """The executor gives the verdicts that the case wants, or, if it computes a part only, refuses and names the requirement."""
    if (reason := AWAITED_OF[executor].get(_name(path))) is not None:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    case = prepared(path)
    if executor == "rete" and missing():
        pytest.skip("needs the extra `live`")
    try:
        problems = run_case(case, executor)
    except UnsupportedProgram as refused:
        assert executor not in COMPLETE
        assert all(reason.partition(": ")[0] in requirements_of(case.program) for reason in refused.reasons)
        return
    assert not problems, "\n".join((f"{path.relative_to(FOLDER)}: {case.case.note}", *problems))


def test_every_reason_is_wanted_somewhere() -> None:
    """The corpus wants each reason code at least once, with the state that it belongs to."""
    wanted = {(row["reason"], row["state"]) for path in CASES for row in read_case(path).want if "reason" in row}
    assert wanted == {(reason, state.value) for reason, state in REASONS.items()}


def test_the_corpus_is_large_enough() -> None:
    """A corpus that lost its files would pass in silence."""
    assert len(CASES) >= 150
