"""json-rules-engine (npm): a process of node that takes a branch a line; the rules are in the file beside."""

import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.peers.counting import MONTHS, YEAR, Row, branches, windows
from benchmarks.peers.rolling import rolled_up


def judge(facts: Path) -> list[Row]:
    asked = branches(facts)
    lines = "".join(json.dumps(flat(branch)) + "\n" for branch in asked)
    script = Path(__file__).with_suffix(".mjs")
    answers = subprocess.run(["node", str(script)], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    found = [
        (requirement, branch["id"], YEAR if requirement == "election" else windows(requirement)[window], state)
        for branch, answer in zip(asked, answers, strict=True)
        for requirement, window, state in json.loads(answer)
    ]
    return rolled_up(facts, found)


def flat(branch: dict[str, Any]) -> dict[str, Any]:
    facts = {"has_board": branch["has_board"], "due": branch["due"] or 0}
    for requirement in MONTHS:
        for number, counts in enumerate(branch[requirement]):
            facts |= {f"{requirement}_{number}_{key}": value for key, value in counts.items()}
    return facts
