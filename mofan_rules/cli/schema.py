"""`mofan schema`: the JSON Schema of ruleset files, for completion and checks in editors."""

import json

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.output import text_to


def run(arguments: Arguments) -> ExitCode:
    """Print the schema, or write it to a file."""
    from mofan_rules import pipeline

    text_to(json.dumps(pipeline.schema(), ensure_ascii=False, indent=2), arguments.output)
    return ExitCode.FINE
