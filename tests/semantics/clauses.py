"""The sentences of `docs/semantics.md`, sections 1 to 5, by the clause in which they stand."""

import re
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "semantics.md"
SECTIONS = ("1", "2", "3", "4", "5")
NAMED = {"**Measures**": "4.measures", "**States**": "4.states", "**Roll-ups.**": "4.rollups"}


def clauses() -> dict[str, str]:
    """The text of each clause on one line. Numbered ones are called `2.4`, the rows of tables by their first cell (`3.violated`, `4.deadline`), paragraphs
    by their section or what they begin with (`4.states`)."""
    found: dict[str, str] = {}
    for section, body in _sections():
        name = section
        for line in body.splitlines():
            if re.match(r"\|[-|]+$", line) or line.startswith(("| table", "| state |", "| kind |")):
                continue
            if section == "1" and line.startswith("|"):
                continue
            if match := re.match(r"(\d+)\. ", line):
                name = f"{section}.{match[1]}"
            elif match := re.match(r"\| `(\w+)` \|", line):
                name = f"{section}.{match[1]}"
                name = f"{name}.otherwise" if name in found else name
            elif begins := next((named for named in NAMED if line.startswith(named)), None):
                name = NAMED[begins]
            elif not line.strip():
                name = section if name == section else name
                continue
            found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return found


def _sections() -> Iterator[tuple[str, str]]:
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        number = part.split(".")[0]
        if number in SECTIONS:
            yield number, part.split("\n", 1)[1]


def sentences(clause: str) -> list[str]:
    """The sentences of a clause."""
    return [sentence for sentence in re.split(r"(?<=[.;:])\s+(?=[A-Z`*])", clause) if len(sentence) > 12]
