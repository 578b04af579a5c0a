"""`mofan trace` as a function: the document, the requirements, the cases and, if there are facts, the verdicts, put together and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mofan_rules.diagnostics import Diagnostics, QuestionError, RulesetError, closest, make
from mofan_rules.diagnostics.span import Span
from mofan_rules.documents.encoding import decode
from mofan_rules.ruleset import Ruleset, load_ruleset
from mofan_rules.ruleset.files import MAIN
from mofan_rules.workbench import trace_checks as checks
from mofan_rules.workbench.document import Row, document_of, read_document
from mofan_rules.workbench.narrowing import own_requirements
from mofan_rules.workbench.reading import read_cases
from mofan_rules.workbench.tracing import Counts, Trace, trace
from mofan_rules.workbench.written import Written, written_requirements, written_values

LARGEST_TEXT = 20_000_000
"""The longest text of a source that is read, in bytes."""


@dataclass(frozen=True, slots=True)
class Given:
    """What stands outside the ruleset: the texts of sources by name (the document itself under the empty one), an inventory, verdicts."""

    texts: Mapping[str, Path] = field(default_factory=dict)
    inventory: Path | None = None
    counts: Counts | None = None


def run_trace(path: Path, given: Given) -> tuple[Ruleset, Trace, Diagnostics]:
    """Trace a ruleset.

    Returns
    -------
    The ruleset, the trace, and what is missing or wrong; the ruleset itself has no error.

    Raises
    ------
    RulesetError: if something is wrong in the ruleset, a case file or `document.yaml`.
    QuestionError: if there is no `document.yaml`, or a text or inventory cannot be read.
    """
    ruleset = load_ruleset(path)
    problems = Diagnostics()
    problems.sources.update(ruleset.texts)
    place = document_of([str((path.parent if path.name == MAIN else path) / MAIN), *ruleset.texts])
    if place is None:
        raise QuestionError([make("no-document", None, path=str(path))])
    document = read_document(place, ruleset.sources, problems)
    cases = read_cases(path, ruleset.catalogue.requirements(), problems)
    if document is None or problems.has_errors:
        raise RulesetError(problems, problems.sources)
    written, values = written_requirements(ruleset), written_values(ruleset)
    found = trace(ruleset, document, cases, _disabled_rows(written), given.counts)
    places = {str(one.id): one.id.span for one in written}
    texts = {name or document.source: _text(file) for name, file in given.texts.items()}
    if unknown := [name for name in texts if name not in ruleset.sources]:
        raise QuestionError(make("no-such-source", None, suggestions=closest(name, ruleset.sources), source=name) for name in unknown)
    checks.check_rows(found, problems)
    checks.check_requirements(found, document, written, places, problems)
    checks.check_cases(ruleset, own_requirements(ruleset, path), cases, places, problems)
    checks.check_numbers(written, values, problems)
    checks.check_quotes(written, values, texts, problems)
    if document.source in texts:
        checks.check_locators(document, texts[document.source], problems)
    if given.inventory is not None:
        checks.check_inventory(document, _inventory(given.inventory), Span(str(place), 1, 1, 1, 1), problems)
    return ruleset, found, problems


def _disabled_rows(written: list[Written]) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for one in written:
        rows.setdefault(str(one.id), []).extend(str(cite.row) for cite in one.citations if cite.row is not None)
    return rows


def _text(file: Path) -> str:
    """The text of a file.

    Raises
    ------
    QuestionError: if it cannot be read, or is no text.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_TEXT + 1)
    except OSError as error:
        raise QuestionError([make("cannot-read", None, path=str(file), reason=error.strerror or "")]) from error
    decoded = decode(data)
    if decoded is None or len(data) > LARGEST_TEXT:
        raise QuestionError([make("cannot-read", None, path=str(file), reason=f"{len(data)} bytes")])
    return decoded.text


def _inventory(file: Path) -> dict[str, Row]:
    """The rows of a table with the columns `id`, `locator` and `class`, separated by tabs."""
    lines = _text(file).splitlines()
    columns = lines[0].split("\t") if lines else []
    lacking = [name for name in ("id", "locator", "class") if name not in columns]
    if lacking:
        raise QuestionError([make("cannot-read", None, path=str(file), reason=", ".join(lacking))])
    rows = {}
    for number, line in enumerate(lines[1:], 2):
        cells = dict(zip(columns, line.split("\t"), strict=False))
        if cells.get("id"):
            span = Span(str(file), number, 1, number, 1)
            rows[cells["id"]] = Row(cells["id"], cells.get("class", ""), cells.get("locator", ""), "", span, span)
    return rows
