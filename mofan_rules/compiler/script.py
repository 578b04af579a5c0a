"""A compiled program as a script that a database team installs: the fact tables, the question, and the views, each with what it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mofan_rules.compiler.compile import Compiled, View, compile_program, text_of
from mofan_rules.compiler.dialects import DIALECTS, Dialect
from mofan_rules.compiler.plan import QUESTION, Names
from mofan_rules.diagnostics.bilingual import Language
from mofan_rules.facts.emission import admitted_columns
from mofan_rules.ir.program import Context, Program
from mofan_rules.schema import Table
from mofan_rules.verdicts.catalogue import Catalogue, Entry


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a script, and the requirements that are not in it, with the node that is not compiled."""

    text: str
    refusals: tuple[str, ...]


def script(program: Program, catalogue: Catalogue, dialect: str, names: Names, question: Context | None, language: Language) -> Script:
    """The script of a program.

    Parameters
    ----------
    dialect: one of `DIALECTS`.
    question: what the one row of the table `question` says; without it the table is left empty, to be filled by whoever asks.
    language: of titles and citations in the comments.

    Raises
    ------
    KeyError: if there is no such dialect.
    """
    words = DIALECTS[dialect]
    compiled = compile_program(program, words, names)
    parts = [
        _head(program, catalogue, words, compiled, language),
        *_schemas(words, names),
        *_tables(program, words, names),
        *_question(words, names, question),
        *(_view(view, catalogue, words, names, language) for view in compiled.views),
    ]
    return Script("\n\n".join(parts) + "\n", compiled.refusals)


def _comment(lines: Iterable[str]) -> str:
    """Lines of comment; whatever would end one becomes a blank."""
    return "\n".join("-- " + " ".join(line.split()) for line in lines)


def _head(program: Program, catalogue: Catalogue, dialect: Dialect, compiled: Compiled, language: Language) -> str:
    lines = [
        f"{catalogue.title.of(language)} ({program.ruleset} {program.version}), for {dialect.name}",
        "",
        "Views over the admitted fact tables: one view a requirement (verdicts_...), and the view verdicts, which has all of them.",
        "The one row of the table question says what is asked: the as-of date and the first and last day of the period.",
        "Rows of verdicts come in no order; sort by requirement, subject, window_from, window_until (nulls first), key.",
    ]
    if compiled.refusals:
        lines += ["", f"Not in here, {len(compiled.refusals)} requirements that this compiler does not express:", *(f"  {why}" for why in compiled.refusals)]
    return _comment(lines)


def _schemas(dialect: Dialect, names: Names) -> Iterator[str]:
    for schema in dict.fromkeys((names.facts, names.views)):
        if schema:
            yield f"CREATE SCHEMA IF NOT EXISTS {dialect.table_name('', schema)};"


def _tables(program: Program, dialect: Dialect, names: Names) -> Iterator[str]:
    """The admitted tables, where they are not there yet."""
    yield _comment(
        ["The admitted facts. Organizations are numbered in the order of their ids, dates are two columns (the earliest and the latest possible day)."]
    )
    for table in Table:
        yield dialect.create_table(names.facts, table.value, admitted_columns(table, program.vocabulary))
    yield dialect.create_table(names.facts, "subjects", {"number": "INTEGER", "id": "VARCHAR"})


def _question(dialect: Dialect, names: Names, question: Context | None) -> Iterator[str]:
    yield dialect.create_table(names.views, QUESTION, {"as_of": "DATE", "period_first": "DATE", "period_last": "DATE"})
    if question is not None:
        days = (question.as_of, question.period_first, question.period_last)
        table = dialect.table_name(names.views, QUESTION)
        yield f"DELETE FROM {table};" if dialect.name != "spark" else f"TRUNCATE TABLE {table};"
        listed = ", ".join(f"DATE '{day}'" for day in days)
        yield f"INSERT INTO {table} VALUES ({listed});"


def _view(view: View, catalogue: Catalogue, dialect: Dialect, names: Names, language: Language) -> str:
    lines: list[str] = []
    if view.requirement is not None:
        for entry in catalogue.entries:
            if entry.requirement == view.requirement:
                lines += _about(entry, language)
    statement = f"CREATE OR REPLACE VIEW {dialect.table_name(names.views, view.name)} AS\n{text_of(view, dialect, pretty=True)};"
    return f"{_comment(lines)}\n{statement}" if lines else statement


def _about(entry: Entry, language: Language) -> Iterator[str]:
    """What stands above the view of a requirement."""
    stage = "" if entry.stage == "enforce" else f", {entry.stage}"
    yield f"{entry.requirement}: {entry.title.of(language)} ({entry.kind}, {entry.modality}{stage}; in force {entry.first}..{entry.last})"
    for citation in entry.citations:
        row = f" [{citation.row}]" if citation.row else ""
        quote = f": {citation.quote}" if citation.quote else ""
        yield f"  {citation.title.of(language)} {citation.clause}{row}{quote}"
