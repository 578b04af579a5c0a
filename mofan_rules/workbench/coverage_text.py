"""What cases reach, as sections for a terminal and as one HTML page."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from mofan_rules.diagnostics import Bilingual, Language
from mofan_rules.diagnostics.render import place
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.wording import STATES
from mofan_rules.workbench.coverage import Coverage, Covered, Share
from mofan_rules.workbench.words import TRUTHS


def summary_line(coverage: Coverage, language: Language) -> str:
    """Both shares in a line."""
    states, conditions = coverage.states(), coverage.conditions()
    return Bilingual(
        f"用例到达的结论 {_share(states)}，条件的取值 {_share(conditions)}", f"reached: states {_share(states)}, values of conditions {_share(conditions)}"
    ).of(language)


def _share(share: Share) -> str:
    return f"{share.reached}/{share.possible} ({_percent(share)})"


def _percent(share: Share) -> str:
    """Cut, not rounded: 99.96 % never reads as 100 %."""
    return f"{int(share.percent * 10) / 10:g}%"


def missing(coverage: Coverage, language: Language) -> list[str]:
    """What no case reaches, a line each: place, requirement, what, the values; none if everything is reached."""
    return [
        f"{'' if covered.place is None else place(covered.place) + ': '}{covered.requirement}  {what}: {values}"
        for covered in coverage.requirements.values()
        for what, values in _missing(covered, language)
    ]


def _missing(covered: Covered, language: Language) -> Iterable[tuple[str, str]]:
    if covered.missing:
        yield Bilingual("结论", "states").of(language), _states(covered.missing, language)
    for condition in covered.conditions.values():
        if condition.missing:
            yield condition.text, ", ".join(TRUTHS[value].of(language) for value in condition.missing)


def _states(states: Iterable[State], language: Language) -> str:
    return ", ".join(STATES[state].of(language) for state in states)


def _place(covered: Covered) -> str:
    return "" if covered.place is None else f"{covered.place.file}:{covered.place.line}"


def write_html(coverage: Coverage, title: str, language: Language, path: Path) -> None:
    """Write the page: for each requirement its states and conditions, what is reached and what is not."""
    path.write_text("\n".join(_page(coverage, title, language)) + "\n", encoding="utf-8", newline="\n")


def _page(coverage: Coverage, title: str, language: Language) -> Iterable[str]:
    yield f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>'
    yield f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n<p>{escape(summary_line(coverage, language))}</p>"
    for covered in coverage.requirements.values():
        yield from _requirement(covered, language)
    yield "</body>\n</html>"


def _requirement(covered: Covered, language: Language) -> Iterable[str]:
    whole = not covered.missing and not any(condition.missing for condition in covered.conditions.values())
    number = Bilingual(f"{len(covered.cases)} 个用例", f"{len(covered.cases)} cases").of(language)
    head = f"<b>{escape(covered.requirement)}</b> <span>{escape(_place(covered))} · {number}</span>"
    yield f"<details{'' if whole else ' open'}><summary>{head}</summary>\n<table>"
    words = Bilingual("结论", "states").of(language)
    yield _row(words, [(STATES[state].of(language), state in covered.states) for state in State if state in covered.possible])
    for condition in covered.conditions.values():
        yield _row(condition.text, [(TRUTHS[value].of(language), value in condition.reached) for value in (True, False, None) if value in condition.possible])
    yield "</table></details>"


def _row(what: str, marks: Iterable[tuple[str, bool]]) -> str:
    cells = " ".join(f'<i class="{"yes" if reached else "no"}">{escape(word)}</i>' for word, reached in marks)
    return f"<tr><td>{escape(what)}</td><td>{cells}</td></tr>"


STYLE = """
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; max-width: 1100px; margin: 24px auto; padding: 0 16px; }
table { border-collapse: collapse; margin: 6px 0 14px; } td { padding: 3px 12px 3px 0; vertical-align: top; } summary span { color: #667085; }
i { font-style: normal; padding: 1px 7px; border-radius: 4px; } .yes { background: #d9f0e1; } .no { background: #f8d3cf; text-decoration: underline; }
"""
