"""Writes `docs/diagnostics.md` from the tables of codes: `python docs/generate_diagnostics.py`. A test fails when the page is stale."""

from collections.abc import Iterator
from pathlib import Path

from mofan_rules.diagnostics.catalogue.condition import CONDITION_CODES
from mofan_rules.diagnostics.catalogue.entry import Code
from mofan_rules.diagnostics.catalogue.facts import FACTS_CODES
from mofan_rules.diagnostics.catalogue.question import QUESTION_CODES
from mofan_rules.diagnostics.catalogue.ruleset import RULESET_CODES
from mofan_rules.diagnostics.catalogue.service import SERVICE_CODES
from mofan_rules.diagnostics.catalogue.sessions import SESSION_CODES
from mofan_rules.diagnostics.catalogue.workbench import WORKBENCH_CODES
from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.verdicts.messages import ANY, MESSAGES
from mofan_rules.verdicts.reasons import REASONS

PAGE = Path(__file__).with_name("diagnostics.md")

PARTS: tuple[tuple[str, dict[str, Code]], ...] = (
    ("In rulesets", RULESET_CODES),
    ("In conditions", CONDITION_CODES),
    ("In fact files", FACTS_CODES),
    ("In questions and arguments", QUESTION_CODES),
    ("In cases and authors' tools", WORKBENCH_CODES),
    ("In sessions and journals", SESSION_CODES),
    ("In requests to the service", SERVICE_CODES),
)


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Codes"
    yield ""
    yield "Written by `docs/generate_diagnostics.py` from the tables in the code. A code is never given another meaning."
    for title, codes in PARTS:
        yield from ("", f"## {title}", "", "| code | | 中文 | English |", "|---|---|---|---|")
        for code, entry in sorted(codes.items()):
            yield f"| `{code}` | {entry.severity} | {_cell(entry.message.zh)} | {_cell(entry.message.en)} |"
    yield from ("", "## Rejected rows", "")
    yield "Why a row of facts is not admitted. Where *decides* says yes, what the row could have decided stays unknown."
    yield from ("", "| code | decides | 中文 | English |", "|---|---|---|---|")
    for code, rejection in sorted(REJECTIONS.items()):
        yield f"| `{code}` | {'yes' if rejection.decides else 'no'} | {_cell(rejection.message.zh)} | {_cell(rejection.message.en)} |"
    yield from ("", "## Reasons of verdicts", "", "| reason | state | 中文 | English |", "|---|---|---|---|")
    for reason, state in REASONS.items():
        words = MESSAGES[reason][ANY]
        yield f"| `{reason}` | {state} | {_cell(words.zh)} | {_cell(words.en)} |"


def _cell(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}").replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
