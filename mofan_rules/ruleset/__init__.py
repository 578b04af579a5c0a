"""Rulesets: from YAML files to a checked ruleset with its program. Bad rulesets give diagnostics with positions, never anything else."""

from collections.abc import Mapping
from pathlib import Path

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.ruleset.files import DiskFolder, MemoryFolder
from mofan_rules.ruleset.load import Ruleset, check, load


def load_ruleset(path: str | Path) -> Ruleset:
    """The ruleset in a folder (or beside a `ruleset.yaml` that is named itself).

    Raises
    ------
    RulesetError: if there is an error in it or in what it imports; `diagnostics` has all of them, `sources` the texts they point into.
    """
    return load(_folder(path))


def load_texts(texts: Mapping[str, str | bytes], imports_from: Mapping[str, Mapping[str, str | bytes]] | None = None) -> Ruleset:
    """The ruleset of texts by file name (`ruleset.yaml` among them), without touching the disk.

    Parameters
    ----------
    imports_from: the texts of imported rulesets, by the path that an `import` writes.

    Raises
    ------
    RulesetError: as `load_ruleset`.
    """
    return load(MemoryFolder("", texts, imports_from or {}))


def lint(path: str | Path) -> Diagnostics:
    """All that is wrong or doubtful in the ruleset of a folder; `sources` has the texts. Content that is wrong never raises."""
    return check(_folder(path))[1]


def lint_texts(texts: Mapping[str, str | bytes], imports_from: Mapping[str, Mapping[str, str | bytes]] | None = None) -> Diagnostics:
    """As `lint`, of texts by file name."""
    return check(MemoryFolder("", texts, imports_from or {}))[1]


def _folder(path: str | Path) -> DiskFolder:
    path = Path(path)
    return DiskFolder(path.parent if path.name == "ruleset.yaml" else path)


__all__ = ["Ruleset", "lint", "lint_texts", "load_ruleset", "load_texts"]
