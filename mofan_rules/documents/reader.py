"""YAML text to a tree of texts with places. The only user of the YAML library, of which it takes no more than the stream of events.

Nothing is typed, nothing constructed: `no`, `1.10` and `2024-01-01` are the texts they look like, tags and aliases are refused, so that
no text can become an object, run code, or grow beyond its own length.
"""

import bisect
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from mofan_rules.diagnostics.diagnostic import Diagnostics
from mofan_rules.diagnostics.render import LINE_ENDS
from mofan_rules.diagnostics.span import Span
from mofan_rules.documents.encoding import decode
from mofan_rules.documents.nodes import ListNode, MappingNode, Node
from mofan_rules.documents.text import Text

LARGEST = 1_000_000
"""The longest file that is read, in bytes."""

DEEPEST = 100
"""The deepest nesting of lists and mappings that is read."""

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file and where its lines begin."""

    file: str
    text: str
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The place of the characters from `start` to before `end`."""
        line, column = self._position(start)
        end_line, end_column = self._position(max(end, start))
        return Span(self.file, line, column, end_line, end_column)

    def _position(self, index: int) -> tuple[int, int]:
        line = bisect.bisect_right(self.starts, index) - 1
        return line + 1, index - self.starts[line] + 1


def source(file: str, text: str) -> Source:
    """A text with its lines counted as editors count them."""
    return Source(file, text, (0, *(found.end() for found in LINE_ENDS.finditer(text))))


def read_yaml(file: str, data: bytes, problems: Diagnostics) -> Node | None:
    """The tree of a file, or nothing where it cannot be read; of an empty file an empty mapping.

    What is wrong goes to `problems`, and so does the text that it points into.
    """
    top = Span(file, 1, 1, 1, 1)
    if len(data) > LARGEST:
        problems.report("yaml-too-large", top, size=len(data), largest=LARGEST)
        return None
    decoded = decode(data)
    if decoded is None:
        problems.report("yaml-encoding", top)
        return None
    if decoded.assumed is not None:
        problems.report("yaml-assumed-encoding", top, encoding=decoded.assumed)
    problems.sources[file] = decoded.text
    text = source(file, decoded.text)
    if (found := _FORBIDDEN.search(decoded.text)) is not None:
        problems.report("yaml-control-character", text.span(found.start(), found.end()), character=f"U+{ord(found.group()):04X}")
        return None
    try:
        return _Tree(text, problems).document()
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        _syntax(text, error, problems)
        return None


class _Stop(Exception):
    """The rest of the file cannot be read; why has been told."""


def _syntax(text: Source, error: yaml.MarkedYAMLError, problems: Diagnostics) -> None:
    mark = error.problem_mark or error.context_mark
    if mark is not None and error.context_mark is not None and (mark.index >= len(text.text.rstrip()) or "expected ':'" in str(error.problem)):
        mark = error.context_mark
    index = min(mark.index, len(text.text)) if mark is not None else 0
    span = text.span(index, min(index + 1, len(text.text)))
    line = text.text[text.starts[span.line - 1] :].splitlines()[:1]
    if "nesting depth" in str(error.problem):  # libyaml has a limit of its own since 0.2.6, and meets it before the first event comes
        problems.report("yaml-too-deep", span, deepest=DEEPEST)
    elif "\t" in "".join(line)[: span.column]:
        problems.report("yaml-tab", span)
    elif "：" in "".join(line):
        problems.report("yaml-wide-colon", span)
    else:
        problems.report("yaml-syntax", span, problem=str(error.problem or error.context or "").strip())


class _Tree:
    """Builds the tree from the events of one file."""

    def __init__(self, text: Source, problems: Diagnostics) -> None:
        self._source = text
        self._problems = problems
        self._events: Iterator[yaml.Event] = yaml.parse(text.text, Loader=_LOADER)

    def document(self) -> Node:
        """The one document of the file."""
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._problems.report("yaml-documents", self._span(event))
                    break
                root = self._node(next(self._events), 0)
        if root is None or (isinstance(root, Text) and root.span.line == root.span.end_line and root.span.column == root.span.end_column):
            return MappingNode((), self._source.span(0, 0))
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if depth > DEEPEST:
            self._stop("yaml-too-deep", event, deepest=DEEPEST)
        if isinstance(event, yaml.AliasEvent):
            self._stop("yaml-alias", event)
        if (tag := getattr(event, "tag", None)) is not None:
            self._problems.report("yaml-tag", self._span(event), tag=str(tag))
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth)
        return self._mapping(event, depth)

    def _list(self, start: yaml.Event, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return ListNode(tuple(items), self._span(start))

    def _mapping(self, start: yaml.Event, depth: int) -> MappingNode:
        entries: dict[Text, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Text):
                self._problems.report("yaml-key", key.span)
            elif key in entries:
                first = next(name for name in entries if name == key)
                self._problems.report("yaml-duplicate-key", first.span, key=str(key), line=key.span.line)
                self._problems.report("yaml-duplicate-key", key.span, key=str(key), line=first.span.line)
            else:
                entries[key] = value
        return MappingNode(tuple(entries.items()), self._span(start))

    def _text(self, event: yaml.ScalarEvent) -> Text:
        start, end = _places(event)
        value = unicodedata.normalize("NFC", event.value)
        written = self._source.text[start:end]
        if written[:1] in ("'", '"') and written[1:-1] == value:
            return Text(value, self._source.span(start + 1, end - 1))
        return Text(value, self._source.span(start, end))

    def _span(self, event: yaml.Event) -> Span:
        return self._source.span(*_places(event))

    def _stop(self, code: str, event: yaml.Event, **values: Any) -> None:
        self._problems.report(code, self._span(event), **values)
        raise _Stop


def _places(event: yaml.Event) -> tuple[int, int]:
    """From which to before which character an event stands."""
    start, end = event.start_mark, event.end_mark
    return (0 if start is None else start.index), (0 if end is None else end.index)
