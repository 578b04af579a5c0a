"""`mofan derive`: the facts that follow from the verdicts — reminders, talks, escalations."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.progress import progress
from mofan_rules.diagnostics import Bilingual

if TYPE_CHECKING:
    from mofan_rules.evaluation.derived import Derived


def run(arguments: Arguments) -> ExitCode:
    """Evaluate, derive, and show what follows."""
    from mofan_rules import pipeline

    with progress(arguments.language) as shown:
        evaluation = pipeline.evaluate(
            *pipeline.load(arguments.ruleset, arguments.facts, arguments.mapping),
            as_of=date.today() if arguments.as_of is None else arguments.as_of,
            period=arguments.period,
            known_at=arguments.known_at,
            executor=arguments.executor,
            on_pass=shown.step,
        )
        derived = evaluation.derived()
    if arguments.format == "json":
        from mofan_rules.sessions.as_json import derived_data

        print(json.dumps([derived_data(fact) for fact in derived], ensure_ascii=False, indent=2))
    else:
        _show(derived, arguments)
    return ExitCode.FINE


def _show(derived: "Sequence[Derived]", arguments: Arguments) -> None:
    from mofan_rules.reports.sections import Section
    from mofan_rules.reports.table import console_for, print_section

    def say(zh: str, en: str) -> str:
        return Bilingual(zh, en).of(arguments.language)

    rows = [(fact.date.isoformat(), fact.kind, fact.organization, _attributes(fact, say("，", ", "))) for fact in derived]
    headings = (say("日期", "date"), say("事项", "kind"), say("组织", "organization"), say("内容", "attributes"))
    title = say(f"推导出的事项：{len(rows)} 件", f"derived facts: {len(rows)}")
    print_section(console_for(sys.stdout), Section(title, headings, rows, whole=frozenset({0})))


def _attributes(fact: "Derived", comma: str) -> str:
    from mofan_rules.sessions.as_json import plain

    return comma.join(f"{name} {plain(value)}" for name, value in fact.attributes.items())
