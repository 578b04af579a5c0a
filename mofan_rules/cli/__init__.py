"""The command `mofan`: arguments in, exit code out.

0 all fine · 1 verdicts at or above `--fail-on` · 2 the ruleset, the facts or the arguments are wrong · 3 a defect of ours · 130 interrupted · 141 nobody
reads the output any more.
"""

import gc
import sys
from collections.abc import Sequence

from mofan_rules.cli.arguments import Arguments, parse
from mofan_rules.cli.language import choose_language
from mofan_rules.cli.outcome import ExitCode, guarded, leave

COMMANDS: dict[str, str] = {
    "check": "mofan_rules.cli.check",
    "explain": "mofan_rules.cli.explain",
    "derive": "mofan_rules.cli.derive",
    "lint": "mofan_rules.cli.lint",
    "format": "mofan_rules.cli.format",
    "test": "mofan_rules.cli.test",
    "trace": "mofan_rules.cli.trace",
    "compile": "mofan_rules.cli.compile",
    "schema": "mofan_rules.cli.schema",
    "facts": "mofan_rules.cli.facts",
    "generate": "mofan_rules.cli.generate",
    "due": "mofan_rules.cli.due",
    "watch": "mofan_rules.cli.watch",
    "serve": "mofan_rules.cli.serve",
    "doctor": "mofan_rules.cli.doctor",
}
"""Each command's module; it has a function `run`. One is imported only when it is asked for."""


RARELY = 100_000
"""Python looks for cycles of objects that nobody holds any more after so many new ones (without this, after 700)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments: those of the command line without the program's name; default: the process's own.

    Returns
    -------
    The exit code.
    """
    if arguments is None:  # a process of its own, and a short one: what it makes stays, and to look for what could go costs a tenth of the start
        gc.set_threshold(RARELY)
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = choose_language(given)
    code = guarded(lambda: _run(parse(given, language)), language=language, debug="--debug" in given)
    if arguments is None:
        leave(code)
    return code


def _run(arguments: Arguments) -> ExitCode:
    from importlib import import_module

    module = import_module(COMMANDS[arguments.command])
    code: ExitCode = module.run(arguments)
    return code
