"""`mofan lint`: what is wrong with a ruleset, with line, caret and what was probably meant."""

import json
import sys

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.problems import print_problems
from mofan_rules.diagnostics import Bilingual, to_json


def run(arguments: Arguments) -> ExitCode:
    """Print all errors and warnings; 0 if there is no error, else 2."""
    from mofan_rules import pipeline

    found = pipeline.lint(arguments.ruleset)
    diagnostics = tuple(found)
    if arguments.format == "json":
        print(json.dumps([to_json(diagnostic) for diagnostic in diagnostics], ensure_ascii=False, indent=2))
    elif diagnostics:
        print_problems(diagnostics, found.sources, arguments.language, sys.stdout)
    else:
        print(Bilingual(f"{arguments.ruleset}：没有问题", f"{arguments.ruleset}: no problems").of(arguments.language))
    return ExitCode.WRONG_INPUT if found.has_errors else ExitCode.FINE
