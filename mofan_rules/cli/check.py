"""`mofan check`: judge facts by a ruleset, and say how it stands."""

import sys
from datetime import date
from pathlib import Path
from time import perf_counter

from mofan_rules.beside import beside
from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.output import check_writable, to_stdout
from mofan_rules.cli.progress import progress
from mofan_rules.diagnostics import Bilingual, QuestionError, make
from mofan_rules.reports import FORMATS, format_of, load_format


def run(arguments: Arguments) -> ExitCode:
    """Evaluate, write the result, and compare it with `--fail-on`."""
    started = perf_counter()
    format_name, output = _destination(arguments)
    from mofan_rules import pipeline

    with progress(arguments.language) as shown:
        beside(lambda: load_format(format_name))  # what it imports is there when it is needed
        evaluation = pipeline.evaluate(
            *pipeline.load(arguments.ruleset, arguments.facts, arguments.mapping),
            as_of=date.today() if arguments.as_of is None else arguments.as_of,
            period=arguments.period,
            known_at=arguments.known_at,
            executor=arguments.executor,
            on_pass=shown.step,
            on_share=shown.share,
            memory_limit=arguments.memory_limit,
        )
        report = evaluation.report(arguments.language, as_of_given=arguments.as_of is not None, started=started)
        if output is not None:
            shown.step("write")
            pipeline.write_whole(output, lambda path: load_format(format_name).write(report, path))
    if format_name == "table" and output is None:
        from mofan_rules.reports.table import show

        show(report)
    elif output is None:
        to_stdout(lambda path: load_format(format_name).write(report, path))
    else:
        told = Bilingual(f"已写入 {output}", f"wrote {output}")
        print(told.of(arguments.language), file=sys.stderr)
    return ExitCode.FAILED if report.summary.fails(arguments.fail_on) else ExitCode.FINE


def _destination(arguments: Arguments) -> tuple[str, Path | None]:
    """The format and the file: a format that is not given is told by the file's ending.

    Raises
    ------
    QuestionError: if the format cannot be told, cannot be shown on a terminal, or the file not written.
    """
    if arguments.output is None:
        name = arguments.format or "table"
        if not FORMATS[name].text and sys.stdout.isatty():
            raise QuestionError([make("needs-file", None, name=name)])
        return name, None
    path = Path(arguments.output)
    known = arguments.format or format_of(path)
    if known is None:
        raise QuestionError([make("unknown-format", None, name=path.suffix or path.name, suggestions=tuple(FORMATS))])
    check_writable(path)
    return known, path
