"""What is missing or wrong between document, requirements, sources and cases: each a diagnostic with its place."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from mofan_rules.diagnostics import Diagnostics, closest, same
from mofan_rules.diagnostics.span import Span
from mofan_rules.ruleset import Ruleset
from mofan_rules.verdicts.state import State
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.document import Document, Row
from mofan_rules.workbench.possible import states_of
from mofan_rules.workbench.tracing import Trace
from mofan_rules.workbench.written import Cited, Written, WrittenValue

Places = Mapping[str, Span]
"""Where the id of each requirement stands."""


def check_rows(trace: Trace, problems: Diagnostics) -> None:
    """Every row has a requirement, or one that is disabled with a reason."""
    for traced in trace.rows:
        if not traced.requirements and not traced.disabled:
            problems.report("row-without-requirement", traced.row.span, row=traced.row.id)


def check_requirements(trace: Trace, document: Document, written: Iterable[Written], places: Places, problems: Diagnostics) -> None:
    """Every requirement has a citation and a row, and every row that is cited exists."""
    known = [row.id for row in document.rows]
    for requirement in trace.requirements():
        if not requirement.citations:
            problems.report("requirement-without-citation", places.get(requirement.id), requirement=requirement.id)
        elif not any(citation.row for citation in requirement.citations):
            problems.report("requirement-without-row", places.get(requirement.id), requirement=requirement.id)
    for one in written:
        for cite in one.citations:
            if cite.row is not None and cite.row not in known:
                problems.report("unknown-row", cite.row.span, suggestions=closest(cite.row, known), row=cite.row)


def check_cases(ruleset: Ruleset, own: frozenset[str], cases: Sequence[Case], places: Places, problems: Diagnostics) -> None:
    """Every state that a requirement of the ruleset's own files can take is wanted by a case."""
    wanted: dict[str, set[str]] = {}
    for case in cases:
        for one in case.want:
            wanted.setdefault(one.requirement, set()).add(one.values.get("state", ""))
    for requirement in (name for name in ruleset.catalogue.requirements() if name in own):
        possible = states_of(ruleset.program, requirement)
        lacking = [str(state) for state in State if state in possible and state not in wanted.get(requirement, set())]
        if lacking:
            problems.report("states-without-case", places.get(requirement), requirement=requirement, states=same(", ".join(lacking)))


def check_numbers(written: Iterable[Written], values: Iterable[WrittenValue], problems: Diagnostics) -> None:
    """Every number is a local choice, or says whether it has been verified."""
    for value in values:
        if not value.marked:
            problems.report("number-not-marked", value.span, name=value.parameter)
    for requirement in written:
        if requirement.number is not None and not any(cite.marked for cite in requirement.citations):
            problems.report("number-not-marked", requirement.number.span, name=requirement.id)


def check_quotes(written: Iterable[Written], values: Iterable[WrittenValue], texts: Mapping[str, str], problems: Diagnostics) -> None:
    """Every quotation stands in its source, where the text of that is given.

    Parameters
    ----------
    texts: the texts of sources, by their names in the ruleset.
    """
    folded = {source: fold(text) for source, text in texts.items()}
    cites: list[Cited] = [cite for one in written for cite in one.citations]
    for cite in [*cites, *(cite for value in values for cite in value.quotes)]:
        if cite.quote is not None and cite.source in folded and fold(cite.quote) not in folded[cite.source]:
            problems.report("quote-not-found", cite.quote.span, quote=cite.quote, source=cite.source)


def check_locators(document: Document, text: str, problems: Diagnostics) -> None:
    """Every locator stands in the text of the document."""
    folded = fold(text)
    for row in document.rows:
        if not row.locator or fold(row.locator) not in folded:
            problems.report("locator-not-found", row.locator_span, row=row.id, locator=row.locator)


def check_inventory(document: Document, inventory: Mapping[str, Row], top: Span, problems: Diagnostics) -> None:
    """The rows carried in the ruleset are those of an inventory kept elsewhere: same ids, classes and locators."""
    carried = {row.id: row for row in document.rows}
    for name, row in inventory.items():
        if name not in carried:
            problems.report("row-not-carried", top, row=name)
        elif (carried[name].judged, fold(carried[name].locator)) != (row.judged, fold(row.locator)):
            problems.report("row-differs", carried[name].span, row=name)
    for name, row in carried.items():
        if name not in inventory:
            problems.report("row-not-in-inventory", row.span, row=name)


def fold(text: str) -> str:
    """A text as texts are compared: without blanks, full-width signs as the plain ones, every quotation mark the same."""
    plain = unicodedata.normalize("NFKC", text).translate(QUOTES)
    return "".join(plain.split())


QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』'‘’", '"'))
