"""`mofan due`: what falls due until a day, if nothing happens."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.output import check_writable, text_to, to_stdout
from mofan_rules.cli.progress import progress
from mofan_rules.diagnostics import Bilingual, Language

if TYPE_CHECKING:
    from mofan_rules.reports.sections import Section
    from mofan_rules.ruleset import Ruleset
    from mofan_rules.sessions.forecast import Due

ENDINGS = {".ics": "ics", ".json": "json", ".txt": "table"}


def run(arguments: Arguments) -> ExitCode:
    """Forecast, and write it as a table, as JSON or as a calendar."""
    from mofan_rules import pipeline
    from mofan_rules.evaluation.question import read_context, read_date
    from mofan_rules.evaluation.rows import names_of
    from mofan_rules.sessions.forecast import forecast, read_until

    if arguments.output is not None:
        check_writable(Path(arguments.output))
    chosen = arguments.format or ENDINGS.get(Path(arguments.output or "").suffix.lower(), "table")
    context = read_context(date.today() if arguments.as_of is None else arguments.as_of, arguments.period)
    until = read_until(arguments.until, context.as_of)
    known = read_date("known_at", arguments.known_at) if arguments.known_at is not None else None
    with progress(arguments.language) as shown:
        ruleset, facts = pipeline.load(arguments.ruleset, arguments.facts, arguments.mapping)
        shown.step("admit")
        admitted = pipeline.admit(ruleset, facts, known)
        shown.step("run")
        days = (until - context.as_of).days
        dues = forecast(ruleset.program, admitted, context, until, arguments.executor, lambda day: shown.share((day - context.as_of).days / days))
        names = names_of(admitted, context.as_of)
    if chosen == "ics":
        from mofan_rules.sessions.calendar_file import calendar

        file = calendar(dues, ruleset.catalogue, names, datetime.now(UTC), arguments.language)
        if arguments.output is None:
            to_stdout(lambda path: path.write_bytes(file))
        else:
            pipeline.write_whole(Path(arguments.output), lambda path: path.write_bytes(file))
    elif chosen == "json":
        from mofan_rules.sessions.as_json import forecast_data

        text_to(json.dumps(forecast_data(context.as_of, until, dues), ensure_ascii=False, indent=2), arguments.output)
    else:
        _show(_section(dues, ruleset, names, arguments.language), arguments.output)
    return ExitCode.FINE


def _section(dues: "Sequence[Due]", ruleset: "Ruleset", names: dict[str, str], language: Language) -> "Section":
    from mofan_rules.reports.sections import Section
    from mofan_rules.verdicts.state import State
    from mofan_rules.verdicts.wording import STATES

    def say(zh: str, en: str) -> str:
        return Bilingual(zh, en).of(language)

    headings = (say("变化之日", "changes on"), say("组织", "organization"), say("要求", "requirement"), say("变为", "becomes"), "")
    rows = [
        (
            due.on.isoformat(),
            names.get(due.verdict.subject, due.verdict.subject),
            ruleset.catalogue.entry(due.verdict.requirement, due.verdict.window_from).title.of(language),
            STATES[State(due.becomes.state)].of(language) if due.becomes is not None else say("不再要求", "asked no more"),
            f"{due.verdict.requirement} {due.verdict.subject}",
        )
        for due in dues
    ]
    return Section(say("如无新的记录，到期的事项", "what changes if nothing happens"), headings, rows)


def _show(section: "Section", output: str | None) -> None:
    import sys

    from mofan_rules.evaluation.files import write_whole
    from mofan_rules.reports.table import console_for, print_section

    if output is None:
        print_section(console_for(sys.stdout), section)
        return

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            print_section(console_for(stream), section)

    write_whole(Path(output), write)
