"""The part of a program that some requirements need: themselves and, of roll-ups, their parts. A verdict depends on nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mofan_rules.diagnostics.span import Origin
from mofan_rules.ir.program import Program
from mofan_rules.ruleset import Ruleset
from mofan_rules.ruleset.files import MAIN
from mofan_rules.workbench.possible import requirement_nodes


def closure(program: Program, requirements: Iterable[str]) -> frozenset[str]:
    """The requirements with all that their roll-ups add up, at any depth."""
    needed = set(requirements)
    for tally in reversed(program.tallies):
        if tally.header.requirement in needed:
            needed.update(tally.parts)
    return frozenset(needed)


def narrowed(program: Program, requirements: Iterable[str]) -> Program:
    """The program without what these requirements do not need."""
    needed = closure(program, requirements)
    return replace(
        program,
        judgements=tuple(judgement for judgement in program.judgements if judgement.header.requirement in needed),
        tallies=tuple(tally for tally in program.tallies if tally.header.requirement in needed),
    )


def dependents(program: Program, requirements: Iterable[str]) -> frozenset[str]:
    """The requirements with all roll-ups that add them up, at any depth."""
    found = set(requirements)
    for tally in program.tallies:
        if found.intersection(tally.parts):
            found.add(tally.header.requirement)
    return frozenset(found)


def own_requirements(ruleset: Ruleset, path: Path) -> frozenset[str]:
    """The requirements that a ruleset's own files state, not those that it imports: the ones for which its own cases answer.

    Parameters
    ----------
    path: the ruleset's folder, as it was loaded.
    """
    headers = [node.header for node in requirement_nodes(ruleset.program)]
    return frozenset(header.requirement for header in headers if _stands_in(header.origin, path))


def own_derivations(ruleset: Ruleset, path: Path) -> frozenset[str]:
    """The derivations that a ruleset's own files state, as `own_requirements`."""
    return frozenset(derivation.name for derivation in ruleset.program.derivations if _stands_in(derivation.origin, path))


def _stands_in(origin: Origin | None, path: Path) -> bool:
    folder = path.parent if path.name == MAIN else path
    return origin is not None and Path(origin.span.file).parent == folder
