"""One form for the conditions of a ruleset: the words, signs and blanks of each expression, and not a character beside them."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mofan_rules.condition import Names, format_expression
from mofan_rules.diagnostics import Diagnostics, RulesetError
from mofan_rules.documents.nodes import ListNode, MappingNode, Node
from mofan_rules.documents.reader import read_yaml, source
from mofan_rules.documents.text import Text
from mofan_rules.ruleset.files import MAIN, DiskFolder
from mofan_rules.ruleset.load import check


@dataclass(frozen=True, slots=True)
class Edit:
    """One expression: where it stands in its file, in characters, and the two spellings."""

    start: int
    before: str
    after: str
    text: Text


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file whose expressions are not all in the one form, and its bytes as they should be."""

    path: Path
    edits: tuple[Edit, ...]
    data: bytes


def format_ruleset(path: Path) -> list[Formatted]:
    """The files of a ruleset that would change; those that it imports are left as they are.

    A spelling that its YAML cannot take as it stands (a text folded over lines, with escapes, or in quotation marks of the other kind) is left as it is, and so
    is a file that is not in UTF-8.

    Raises
    ------
    RulesetError: if the ruleset has an error.
    """
    folder = DiskFolder(path.parent if path.name == MAIN else path)
    written: dict[tuple[str, int, int], tuple[Text, Names]] = {}

    def note(text: Text, names: Names) -> None:
        written.setdefault((text.span.file, text.span.line, text.span.column), (text, names))

    ruleset, diagnostics = check(folder, note)
    if ruleset is None:
        raise RulesetError(diagnostics, diagnostics.sources)
    found = []
    for file, content in ruleset.texts.items():
        mark = _mark(Path(file), content) if Path(file).parent == folder.path else None
        if mark is not None:
            edits = sorted(_edits(file, content, list(written.values())), key=lambda edit: edit.start)
            kept = _kept(file, content, edits)
            if kept:
                found.append(Formatted(Path(file), tuple(kept), mark + _applied(content, kept).encode("utf-8")))
    return found


def _mark(path: Path, content: str) -> bytes | None:
    """The byte-order mark of a file in UTF-8, mostly none; nothing if the file is not its text in UTF-8."""
    data = path.read_bytes()
    plain = content.encode("utf-8", "surrogatepass")
    return data[: len(data) - len(plain)] if data in (plain, codecs.BOM_UTF8 + plain) else None


def _edits(file: str, content: str, written: Sequence[tuple[Text, Names]]) -> Iterator[Edit]:
    starts = source(file, content).starts
    for text, names in written:
        span = text.span
        if span.file != file or span.line != span.end_line:
            continue
        start = starts[span.line - 1] + span.column - 1
        after = format_expression(str(text), names)
        if after != str(text) and content[start : start + len(text)] == str(text):
            yield Edit(start, str(text), after, text)


def _kept(file: str, content: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits after which the file says the same in YAML, but for the expressions themselves."""
    if not edits or _says(file, content, edits):
        return list(edits)
    return [edit for edit in edits if _says(file, content, [edit])]


def _says(file: str, content: str, edits: Sequence[Edit]) -> bool:
    before, after = (_scalars(file, text) for text in (content, _applied(content, edits)))
    if before is None or after is None or len(before) != len(after):
        return False
    changed = {(edit.text.span.line, edit.text.span.column): edit.after for edit in edits}
    return all(new == changed.get((old.span.line, old.span.column), old) for old, new in zip(before, after, strict=True))


def _scalars(file: str, content: str) -> list[Text] | None:
    problems = Diagnostics()
    node = read_yaml(file, content.encode("utf-8", "surrogatepass"), problems)
    return None if node is None or problems.has_errors else list(_texts(node))


def _texts(node: Node) -> Iterator[Text]:
    match node:
        case Text():
            yield node
        case ListNode(items):
            for item in items:
                yield from _texts(item)
        case MappingNode(entries):
            for key, value in entries:
                yield key
                yield from _texts(value)


def _applied(content: str, edits: Sequence[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        content = content[: edit.start] + edit.after + content[edit.start + len(edit.before) :]
    return content
