"""`mofan format`: the conditions of a ruleset in one form."""

from functools import partial
from pathlib import Path

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.diagnostics import Bilingual
from mofan_rules.diagnostics.render import place
from mofan_rules.evaluation.files import write_whole


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)


def run(arguments: Arguments) -> ExitCode:
    """Rewrite the files, or with `--check` say what would be rewritten; then 1 if anything would."""
    from mofan_rules.workbench.formatting import format_ruleset

    found = format_ruleset(Path(arguments.ruleset))
    for formatted in found:
        for edit in formatted.edits:
            print(f"{place(edit.text.span)}: {edit.before} → {edit.after}")
        if not arguments.check:
            write_whole(formatted.path, partial(_write, formatted.data))
    number = sum(len(formatted.edits) for formatted in found)
    if arguments.check:
        words = Bilingual(f"{number} 处写法要改", f"{number} expressions would be rewritten")
    else:
        words = Bilingual(f"改了 {number} 处写法", f"{number} expressions rewritten")
    print(words.of(arguments.language))
    return ExitCode.FAILED if arguments.check and found else ExitCode.FINE
