"""`mofan trace`: from the document to requirements, citations, cases and verdicts, and what is missing on the way."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.problems import print_problems
from mofan_rules.diagnostics import Bilingual
from mofan_rules.evaluation.files import write_whole

if TYPE_CHECKING:
    from mofan_rules.ruleset import Ruleset
    from mofan_rules.workbench.tracing import Counts, Trace


def run(arguments: Arguments) -> ExitCode:
    """Trace, show or write it, and tell what is missing; 1 if anything is."""
    from mofan_rules.workbench.tracer import Given, run_trace

    inventory = None if arguments.inventory is None else Path(arguments.inventory)
    ruleset, trace, problems = run_trace(Path(arguments.ruleset), Given(_texts(arguments.texts), inventory, _counts(arguments)))
    if arguments.output is not None:
        text = _text(ruleset, trace, arguments)
        write_whole(Path(arguments.output), lambda path: path.write_text(text, encoding="utf-8", newline=""))
    elif arguments.format == "table":
        from mofan_rules.reports.table import console_for, print_section
        from mofan_rules.workbench.trace_text import section

        print_section(console_for(sys.stdout), section(trace, arguments.language))
    else:
        sys.stdout.write(_text(ruleset, trace, arguments))
    if problems:
        print_problems(tuple(problems), problems.sources, arguments.language, sys.stderr)
    print(_summary(trace, len(problems)).of(arguments.language), file=sys.stderr)
    return ExitCode.FAILED if problems.has_errors else ExitCode.FINE


def _texts(written: tuple[str, ...]) -> dict[str, Path]:
    """`FILE` is the text of the document, `NAME=FILE` that of another source."""
    found = {}
    for text in written:
        name, equals, file = text.partition("=")
        found[name if equals else ""] = Path(file if equals else text)
    return found


def _counts(arguments: Arguments) -> "Counts | None":
    if not arguments.facts:
        return None
    from mofan_rules import pipeline

    evaluation = pipeline.evaluate(
        *pipeline.load(arguments.ruleset, arguments.facts, arguments.mapping),
        as_of=date.today() if arguments.as_of is None else arguments.as_of,
        period=arguments.period,
        known_at=arguments.known_at,
    )
    summary = evaluation.summary()
    return {line.requirement: line.counts for line in (*summary.lines, *summary.shadow)}


def _text(ruleset: "Ruleset", trace: "Trace", arguments: Arguments) -> str:
    from mofan_rules.workbench.trace_text import to_csv, to_json, to_markdown

    form = arguments.format
    if form == "table" and arguments.output is not None:
        form = {".csv": "csv", ".json": "json"}.get(Path(arguments.output).suffix, "markdown")
    match form:
        case "csv":
            return to_csv(trace, arguments.language)
        case "json":
            return to_json(trace) + "\n"
        case _:
            command = f"mofan trace {arguments.ruleset} --lang {arguments.language} --format markdown"
            return to_markdown(trace, ruleset.title, command, arguments.language)


def _summary(trace: "Trace", problems: int) -> Bilingual:
    number = sum(1 for _ in trace.requirements())
    answered = sum(bool(traced.requirements) for traced in trace.rows)
    return Bilingual(
        f"文件的 {len(trace.rows)} 项中 {answered} 项有要求；要求 {number} 条；问题 {problems} 个",
        f"{answered} of {len(trace.rows)} rows have requirements; {number} requirements; {problems} problems",
    )
