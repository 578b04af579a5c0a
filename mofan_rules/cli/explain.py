"""`mofan explain`: why one verdict is what it is."""

import json
from datetime import date

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.progress import progress


def run(arguments: Arguments) -> ExitCode:
    """Explain, as text or as JSON."""
    from mofan_rules import pipeline

    with progress(arguments.language) as shown:
        ruleset, facts = pipeline.load(arguments.ruleset, arguments.facts, arguments.mapping)
        shown.step("admit")
        explained = pipeline.explain(
            ruleset,
            facts,
            subject=arguments.organization,
            requirement=arguments.requirement,
            as_of=date.today() if arguments.as_of is None else arguments.as_of,
            period=arguments.period,
            known_at=arguments.known_at,
            window=arguments.window,
            key=arguments.key,
        )
    if arguments.format == "json":
        print(json.dumps(explained.data(), ensure_ascii=False, indent=2))
    else:
        print(explained.text(arguments.language), end="")
    return ExitCode.FINE
