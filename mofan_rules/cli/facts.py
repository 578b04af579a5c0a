"""`mofan facts`: what was read, what was refused and why, what was assumed, and what the organizations look like."""

import json
import sys
from typing import TYPE_CHECKING

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.progress import progress

if TYPE_CHECKING:
    from mofan_rules.evaluation.account import Account


def run(arguments: Arguments) -> ExitCode:
    """Read, admit, and show the account; rejected rows are no failure of this command."""
    from mofan_rules import pipeline

    with progress(arguments.language) as shown:
        facts = pipeline.load_facts(arguments.facts, arguments.mapping)
        shown.step("admit")
        account = pipeline.account(facts, pipeline.load_ruleset(arguments.ruleset) if arguments.ruleset else None, arguments.known_at)
    if arguments.format == "json":
        print(json.dumps(account.as_data(), ensure_ascii=False, indent=2))
    else:
        _show(account, arguments)
    return ExitCode.FINE


def _show(account: "Account", arguments: Arguments) -> None:
    from mofan_rules.reports.table import console_for, print_note, print_section

    console = console_for(sys.stdout)
    for note in account.notes(arguments.language):
        print_note(console, note)
    for section in account.sections(arguments.language):
        print_section(console, section)
