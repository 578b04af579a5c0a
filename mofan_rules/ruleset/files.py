"""The folders that rulesets are read from: on disk, or in memory for tests and cases."""

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mofan_rules.diagnostics import Diagnostics, Span
from mofan_rules.documents.reader import LARGEST
from mofan_rules.documents.text import Text

MAIN = "ruleset.yaml"
"""The file that makes a folder a ruleset."""

DOCUMENT = "document.yaml"
"""The inventory of the document that a ruleset carries."""

NOT_RULES = frozenset({"population.yaml", "facts.yaml", DOCUMENT})
"""Files beside the rules that other parts of the library read."""

MOST_FILES = 1000


class Folder(Protocol):
    """Where a ruleset's files come from. `key` tells folders apart, `name` is how people know it."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    def files(self, diagnostics: Diagnostics) -> dict[str, bytes]:
        """The files by the name that diagnostics show, `ruleset.yaml` first."""
        ...

    def folder(self, path: Text, diagnostics: Diagnostics) -> "Folder | None":
        """The folder that an import names, seen from this one."""
        ...


@dataclass(frozen=True, slots=True)
class DiskFolder:
    """A folder on disk."""

    path: Path

    @property
    def key(self) -> str:
        return str(self.path.resolve())

    @property
    def name(self) -> str:
        return str(self.path)

    def files(self, diagnostics: Diagnostics) -> dict[str, bytes]:
        try:
            names = sorted(entry.name for entry in self.path.iterdir() if entry.suffix == ".yaml" and entry.name not in NOT_RULES)
        except OSError:
            diagnostics.report("folder-unreadable", None, path=self.name)
            return {}
        if MAIN not in names:
            diagnostics.report("no-ruleset-file", None, path=self.name)
            return {}
        if len(names) > MOST_FILES:
            diagnostics.report("too-many-files", None, path=self.name, count=len(names), most=MOST_FILES)
            return {}
        names.sort(key=lambda name: name != MAIN)
        found = {str(self.path / name): self._read(self.path / name, diagnostics) for name in names}
        return {name: data for name, data in found.items() if data is not None}

    def _read(self, path: Path, diagnostics: Diagnostics) -> bytes | None:
        try:
            if stat.S_ISREG(path.stat().st_mode):
                with path.open("rb") as file:
                    return file.read(LARGEST + 1)
        except OSError:
            pass
        diagnostics.report("file-unreadable", Span(str(path), 1, 1, 1, 1))
        return None

    def folder(self, path: Text, diagnostics: Diagnostics) -> "DiskFolder | None":
        target = self.path / path
        if not _relative(path):
            diagnostics.report("import-not-relative", path.span, path=path)
        elif not (target / MAIN).is_file():
            diagnostics.report("import-not-found", path.span, path=path)
        else:
            return DiskFolder(_shortened(target))
        return None


@dataclass(frozen=True, slots=True)
class MemoryFolder:
    """Texts by file name; imports are found by their path as written in `imports`."""

    name: str
    texts: Mapping[str, str | bytes]
    imports: Mapping[str, Mapping[str, str | bytes]]

    @property
    def key(self) -> str:
        return self.name

    def files(self, diagnostics: Diagnostics) -> dict[str, bytes]:
        if MAIN not in self.texts:
            diagnostics.report("no-ruleset-file", None, path=self.name or ".")
            return {}
        names = sorted(self.texts, key=lambda name: (name != MAIN, name))
        prefix = f"{self.name}/" if self.name else ""
        return {prefix + name: _bytes(self.texts[name]) for name in names}

    def folder(self, path: Text, diagnostics: Diagnostics) -> "MemoryFolder | None":
        if not _relative(path):
            diagnostics.report("import-not-relative", path.span, path=path)
            return None
        if path not in self.imports:
            diagnostics.report("import-not-found", path.span, path=path)
            return None
        return MemoryFolder(str(path), self.imports[path], self.imports)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _relative(path: str) -> bool:
    """No address, no absolute path, no drive, no control character: only a way through folders."""
    return not (re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\~]", path) or "\\" in path or not path.isprintable() or len(path) > 500)


def _shortened(path: Path) -> Path:
    """`rulesets/a/../b` as `rulesets/b`, where that is the same folder."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] not in ("..", "/"):
            parts.pop()
        elif part != ".":
            parts.append(part)
    short = Path(*parts) if parts else Path()
    try:
        return short if short.samefile(path) else path
    except OSError:
        return path
