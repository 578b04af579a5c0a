"""Every case of the corpus, on every executor."""

from pathlib import Path

import pytest

from mofan_rules.executors import EXECUTORS
from mofan_rules.verdicts.reasons import REASONS
from tests.cases import find_cases, read_case, run_case

FOLDER = Path(__file__).parent
CASES = find_cases(FOLDER)


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.relative_to(FOLDER).with_suffix("")))
@pytest.mark.parametrize("executor", sorted(EXECUTORS))
def test_case(path: Path, executor: str) -> None:
    """The executor gives the verdicts that the case wants."""
    case = read_case(path)
    problems = run_case(case, executor)
    assert not problems, "\n".join((f"{path.relative_to(FOLDER)}: {case.note}", *problems))


def test_every_reason_is_wanted_somewhere() -> None:
    """The corpus wants each reason code at least once, with the state that it belongs to."""
    wanted = {(row["reason"], row["state"]) for path in CASES for row in read_case(path).want if "reason" in row}
    assert wanted == {(reason, state.value) for reason, state in REASONS.items()}


def test_the_corpus_is_large_enough() -> None:
    """A corpus that lost its files would pass in silence."""
    assert len(CASES) >= 150
