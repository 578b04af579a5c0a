"""Each kind's lowering, as text: a case holds a requirement and the node it becomes.

`python tests/requirements/test_lowering.py` writes what the cases give now; look at the difference before you keep it.
"""

from pathlib import Path

import pytest

from mofan_rules.ir.check import violations
from mofan_rules.ir.print import print_program
from mofan_rules.ir.program import Bounds, Program
from mofan_rules.ruleset import load_texts
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State

FOLDER = Path(__file__).parent / "lowered"
CASES = sorted(FOLDER.glob("*.txt"))
MARK = "\n=== lowered\n"
PARTS = """\
- {id: part.one, kind: occurrence, subject: branch, event: training, every: month, tags: [basic]}
- {id: part.two, kind: occurrence, subject: branch, event: training, every: month, tags: [basic, other]}
- {id: part.draft, kind: occurrence, subject: branch, event: training, every: month, tags: [basic], stage: draft}
"""


def program_of(case: Path) -> Program:
    requirement = case.read_text(encoding="utf-8").split(MARK)[0]
    indented = "\n".join(f"  {line}" if line else "" for line in requirement.strip().splitlines())
    rules = f"requirements:\n{PARTS}-{indented[1:]}\n"
    return load_texts({"ruleset.yaml": (FOLDER / "ruleset.yaml").read_text(encoding="utf-8"), "rules.yaml": rules}).program


def lowered(program: Program) -> str:
    """The printed form of the case's own node."""
    blocks: list[str] = []
    for line in print_program(program).splitlines():
        if not line.startswith(" "):
            blocks.append("")
        blocks[-1] += line + "\n"
    return "".join(block for block in blocks if block.startswith(("judgement r ", "tally r ")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_lowers_to(case: Path) -> None:
    program = program_of(case)
    assert lowered(program) == case.read_text(encoding="utf-8").split(MARK)[1]
    assert violations(program) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_reasons_are_of_violated(case: Path) -> None:
    for judgement in program_of(case).judgements:
        for test in judgement.tests:
            reasons = {test.few, test.many} if isinstance(test, Bounds) else {test.otherwise}
            assert {REASONS[reason] for reason in reasons} == {State.VIOLATED}


def test_each_kind_has_cases() -> None:
    from mofan_rules.requirements import KINDS

    assert {kind for kind in KINDS if not any(case.stem.startswith(kind) for case in CASES)} == set()


if __name__ == "__main__":
    for case in CASES:
        text = case.read_text(encoding="utf-8").split(MARK)[0]
        case.write_text(text + MARK + lowered(program_of(case)), encoding="utf-8")
