"""Report formats, by name: one file a format. A report sees verdicts, the catalogue and the summary, and nothing of how they came about."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from mofan_rules.reports.base import Report


class Format(Protocol):
    """What the module of a format has."""

    def write(self, report: Report, path: Path) -> None:
        """Write the whole report to a new file."""
        ...


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """A format's module, the ending of its files, and whether it is text that a terminal can show."""

    module: str
    suffix: str
    text: bool = True


FORMATS: dict[str, FormatEntry] = {
    "table": FormatEntry("mofan_rules.reports.table", ".txt"),
    "json": FormatEntry("mofan_rules.reports.json", ".json"),
    "csv": FormatEntry("mofan_rules.reports.csv", ".csv"),
    "parquet": FormatEntry("mofan_rules.reports.parquet", ".parquet", text=False),
    "markdown": FormatEntry("mofan_rules.reports.markdown", ".md"),
    "html": FormatEntry("mofan_rules.reports.html", ".html"),
}
"""Each report format."""


def load_format(name: str) -> Format:
    """The module of a format, imported only now.

    Raises
    ------
    KeyError: if there is none of that name.
    """
    module: Format = import_module(FORMATS[name].module)
    return module


def format_of(path: Path) -> str | None:
    """The format that the ending of a file's name tells; `None` if it tells none."""
    return next((name for name, entry in FORMATS.items() if path.suffix.lower() == entry.suffix), None)


__all__ = ["FORMATS", "Format", "FormatEntry", "Report", "format_of", "load_format"]
