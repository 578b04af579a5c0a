"""The document that a ruleset carries: the rows of its inventory, in `document.yaml` beside `ruleset.yaml`."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mofan_rules.diagnostics import Diagnostics, same
from mofan_rules.diagnostics.span import Span
from mofan_rules.documents.nodes import MappingNode
from mofan_rules.documents.reader import LARGEST, read_yaml
from mofan_rules.documents.text import Text
from mofan_rules.ruleset.files import DOCUMENT
from mofan_rules.workbench.fields import MAPPING, Fields, head

CLASSES = ("M", "E", "Q")
"""How a row can be judged: from records, from a document or activity as evidence, by a person only."""


@dataclass(frozen=True, slots=True)
class Row:
    """One demand of the document. `locator` is a few words of the document itself, by which its place is found."""

    id: str
    judged: str
    locator: str
    about: str
    span: Span
    locator_span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """The inventory of a document. `source` is the document's name among the ruleset's sources."""

    source: str
    rows: tuple[Row, ...]


def document_of(files: Iterable[str]) -> Path | None:
    """The `document.yaml` beside one of a ruleset's files: the ruleset's own, else that of what it imports."""
    for folder in dict.fromkeys(Path(file).parent for file in files):
        if (folder / DOCUMENT).is_file():
            return folder / DOCUMENT
    return None


def read_document(path: Path, sources: Iterable[str], problems: Diagnostics) -> Document | None:
    """The inventory in a file; nothing where it cannot be read at all.

    Parameters
    ----------
    sources: the sources that the ruleset declares.
    problems: takes what is wrong.
    """
    top = Span(str(path), 1, 1, 1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError:
        problems.report("file-unreadable", top)
        return None
    node = read_yaml(str(path), data, problems)
    if node is None:
        return None
    if not isinstance(node, MappingNode):
        problems.report("wrong-shape", top, wanted=MAPPING)
        return None
    fields = Fields(node, ("source", "rows"), ("source", "rows"), problems)
    source = fields.text("source")
    if source and source not in set(sources):
        problems.report("unknown-source", fields.span("source"), source=source)
    rows = node.get("rows")
    if rows is None or rows == "":
        return Document(source, ())
    if not isinstance(rows, MappingNode):
        problems.report("wrong-shape", head(rows), wanted=MAPPING)
        return Document(source, ())
    return Document(source, tuple(_row(key, value, problems) for key, value in rows.entries if isinstance(value, MappingNode) or _wrong(value, problems)))


def _wrong(node: object, problems: Diagnostics) -> bool:
    if isinstance(node, Text):
        problems.report("wrong-shape", node.span, wanted=MAPPING)
    return False


def _row(key: Text, node: object, problems: Diagnostics) -> Row:
    assert isinstance(node, MappingNode)
    fields = Fields(node, ("class", "locator", "about"), ("class", "locator"), problems)
    judged = fields.text("class")
    if judged and judged not in CLASSES:
        problems.report("unknown-value", fields.span("class"), value=judged, allowed=same(", ".join(CLASSES)))
    return Row(str(key), judged, fields.text("locator"), fields.text("about"), key.span, fields.span("locator"))
