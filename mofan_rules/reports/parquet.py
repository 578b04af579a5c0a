"""The verdict table as Parquet, columns and order as executors give it; the file's metadata says which ruleset, version and question it answers."""

from pathlib import Path

from mofan_rules.reports.base import SHOWN, Report
from mofan_rules.verdicts.relation import opened


def write(report: Report, path: Path) -> None:
    """Write the eleven columns of the verdict table."""
    question = report.question
    metadata = {
        "ruleset": report.catalogue.ruleset,
        "version": report.catalogue.version,
        "as_of": question.as_of.isoformat(),
        "period": f"{question.period_first.isoformat()}..{question.period_last.isoformat()}",
        "known_at": question.known_at.isoformat() if question.known_at else "",
    }
    pairs = ", ".join(f"{name}: {quoted(value)}" for name, value in metadata.items())
    with opened(report.verdicts, ordered=True) as connection:
        connection.execute(f"COPY (SELECT {SHOWN} FROM verdicts) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{pairs}}})")


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
