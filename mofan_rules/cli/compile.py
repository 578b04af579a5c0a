"""`mofan compile`: the ruleset as SQL views."""

import sys

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.output import text_to
from mofan_rules.diagnostics import Bilingual


def run(arguments: Arguments) -> ExitCode:
    """Print the script, or write it to a file, and name what is not in it; 1 if anything is not."""
    from mofan_rules import pipeline

    ruleset = pipeline.load_ruleset(arguments.ruleset)
    names = (arguments.facts_schema, arguments.schema)
    script = pipeline.compile_sql(ruleset, arguments.dialect, arguments.as_of, arguments.period, names, arguments.language)
    text_to(script.text.rstrip("\n"), arguments.output)
    for refusal in script.refusals:
        print(Bilingual(f"没有译出：{refusal}", f"not compiled: {refusal}").of(arguments.language), file=sys.stderr)
    return ExitCode.FAILED if script.refusals else ExitCode.FINE
