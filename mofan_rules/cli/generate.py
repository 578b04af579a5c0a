"""`mofan generate`: a reproducible population for a ruleset that has a profile (`population.yaml`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.progress import progress
from mofan_rules.diagnostics import Bilingual


def run(arguments: Arguments) -> ExitCode:
    """Generate, and say what was written and how to check it."""
    from mofan_rules import pipeline

    assert arguments.output is not None, "declared as required"
    with progress(arguments.language) as shown:
        shown.step("generate")
        form: Literal["csv", "parquet"] = "parquet" if arguments.format == "parquet" else "csv"
        clean = arguments.clean
        manifest = pipeline.generate(arguments.ruleset, arguments.branches, arguments.seed, Path(arguments.output), form, not clean, shown.share)
    print(_told(arguments, manifest).of(arguments.language))
    return ExitCode.FINE


def _told(arguments: Arguments, manifest: Mapping[str, Any]) -> Bilingual:
    rows = sum(manifest["rows"].values())
    check = f"mofan check {arguments.ruleset} {arguments.output} --as-of {manifest['as_of']} --period {manifest['period']}"
    return Bilingual(f"已写入 {arguments.output}，共 {rows:,} 行。可运行：\n{check}", f"wrote {rows:,} rows to {arguments.output}. To judge them:\n{check}")
