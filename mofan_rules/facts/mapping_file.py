"""`facts.yaml`: how files, sheets or tables that were not made for us become our tables. Checked as a whole; it is data, nothing in it is executed.

`docs/facts.md` shows every key by example.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from mofan_rules.diagnostics import Diagnostics, FactsError, closest, same
from mofan_rules.documents.nodes import ListNode, MappingNode, Node, span_of
from mofan_rules.documents.reader import read_yaml
from mofan_rules.documents.text import Text
from mofan_rules.facts.mapping import Filter, History, Piece, Template, Use
from mofan_rules.facts.names import TABLE_ALIASES, table_of
from mofan_rules.schema import Table

TOP_KEYS = ("source", "complete", "missing", "kinds", "tables", "feeds", "ignore")
USE_KEYS = ("from", "columns", "only", "set", "kinds", "where", "split", "history", "dates", "ends", "missing")
HISTORY_KEYS = ("column", "into", "between", "within")
NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One use, and the names (or patterns with `*`) of the files, sheets or tables that it reads; none: those that bear the table's name."""

    use: Use
    names: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class MappingFile:
    """What a `facts.yaml` says."""

    source: str | None = None
    complete: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kinds: Mapping[Table, Mapping[str, str | None]] = field(default_factory=dict)
    uses: tuple[Wanted, ...] = ()
    feeds: tuple[Mapping[str, str], ...] = ()
    ignore: tuple[Text, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The text of the file, by its name: what diagnostics point into."""


def read_mapping(file: str, data: bytes) -> MappingFile:
    """Read the bytes of a `facts.yaml`.

    Raises
    ------
    FactsError: with everything that is wrong in it, by line and column.
    """
    problems = Diagnostics()
    root = read_yaml(file, data, problems)
    found = MappingFile()
    if isinstance(root, MappingNode):
        found = replace(_Reader(problems).top(root), texts=dict(problems.sources))
    elif root is not None:
        problems.report("facts-yaml-shape", span_of(root), key=file, wanted="…: …")
    if problems.has_errors:
        raise FactsError(problems, problems.sources)
    return found


class _Reader:
    def __init__(self, problems: Diagnostics) -> None:
        self._problems = problems

    def _keys(self, node: MappingNode, known: tuple[str, ...]) -> dict[str, Node]:
        for key, _ in node.entries:
            if key not in known:
                self._problems.report("facts-yaml-key", key.span, suggestions=closest(key, known), key=str(key), known=same(", ".join(known)))
        return {str(key): value for key, value in node.entries}

    def _wrong(self, node: Node, key: str, wanted: str) -> None:
        self._problems.report("facts-yaml-shape", span_of(node), key=key, wanted=wanted)

    def _text(self, node: Node, key: str) -> Text | None:
        if isinstance(node, Text):
            return node
        self._wrong(node, key, "text")
        return None

    def _texts(self, node: Node | None, key: str) -> tuple[Text, ...]:
        """One text, or a list of texts."""
        match node:
            case None:
                return ()
            case Text():
                return (node,)
            case ListNode(items):
                return tuple(item for item in (self._text(item, key) for item in items) if item is not None)
            case _:
                self._wrong(node, key, "[…]")
                return ()

    def _mapping(self, node: Node | None, key: str) -> tuple[tuple[Text, Node], ...]:
        match node:
            case None:
                return ()
            case MappingNode(entries):
                return entries
            case Text() if node in NOTHING:
                return ()
            case _:
                self._wrong(node, key, "{…: …}")
                return ()

    def _tables(self, node: Node | None, key: str) -> list[tuple[Table, Node]]:
        found = []
        for name, value in self._mapping(node, key):
            table = table_of(name)
            if table is None:
                self._problems.report("facts-unknown-table", name.span, suggestions=closest(name, _table_words()), table=str(name))
            else:
                found.append((table, value))
        return found

    def top(self, node: MappingNode) -> MappingFile:
        entries = self._keys(node, TOP_KEYS)
        source = self._text(entries["source"], "source") if "source" in entries else None
        complete = self._texts(entries.get("complete"), "complete")
        for name in complete:
            if name != "all" and table_of(name) is None:
                self._problems.report("facts-unknown-table", name.span, suggestions=closest(name, [*_table_words(), "all"]), table=str(name))
        kinds = {table: self._kinds(value) for table, value in self._tables(entries.get("kinds"), "kinds")}
        missing = tuple(str(one) for one in self._texts(entries.get("missing"), "missing"))
        uses: list[Wanted] = []
        for table, value in self._tables(entries.get("tables"), "tables"):
            for one in value.items if isinstance(value, ListNode) else (value,):
                uses += self._use(table, one, kinds.get(table, {}), missing)
        feeds = tuple(self._feed(one) for one in self._list(entries.get("feeds"), "feeds"))
        ignore = self._texts(entries.get("ignore"), "ignore")
        return MappingFile(source, tuple(str(one) for one in complete), missing, kinds, tuple(uses), feeds, ignore)

    def _list(self, node: Node | None, key: str) -> tuple[Node, ...]:
        if node is None or (isinstance(node, Text) and node in NOTHING):
            return ()
        if isinstance(node, ListNode):
            return node.items
        self._wrong(node, key, "[…]")
        return ()

    def _feed(self, node: Node) -> dict[str, str]:
        return {str(key): str(value) for key, value in self._mapping(node, "feeds") if self._text(value, key) is not None}

    def _kinds(self, node: Node) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for foreign, ours in self._mapping(node, "kinds"):
            if (name := self._text(ours, foreign)) is not None:
                found[str(foreign)] = None if name in NOTHING else str(name)
        return found

    def _use(self, table: Table, node: Node, kinds: Mapping[str, str | None], missing: tuple[str, ...]) -> list[Wanted]:
        if isinstance(node, Text):
            return [Wanted(Use(table, kinds=kinds, missing=missing, span=node.span), (node,))]
        if not isinstance(node, MappingNode):
            self._wrong(node, table.value, "{from: …, columns: …}")
            return []
        entries = self._keys(node, USE_KEYS)
        use = Use(
            table,
            columns={str(ours): self._templates(value, ours) for ours, value in self._mapping(entries.get("columns"), "columns")},
            only=self._flag(entries.get("only"), "only"),
            constants={str(ours): str(value) for ours, value in self._mapping(entries.get("set"), "set") if self._text(value, ours) is not None},
            kinds={**kinds, **(self._kinds(entries["kinds"]) if "kinds" in entries else {})},
            filters=tuple(self._filter(column, value) for column, value in self._mapping(entries.get("where"), "where")),
            split={str(ours): str(value) for ours, value in self._mapping(entries.get("split"), "split") if self._text(value, ours)},
            history=self._history(entries.get("history")),
            date_order=self._choice(entries.get("dates"), "dates", {"YMD": None, "DMY": "DMY", "MDY": "MDY"}, None),
            ends_excluded=bool(self._choice(entries.get("ends"), "ends", {"included": "", "excluded": "yes"}, "")),
            missing=(*missing, *(str(one) for one in self._texts(entries.get("missing"), "missing"))),
            span=node.span,
        )
        return [Wanted(use, self._texts(entries.get("from"), "from"))]

    def _flag(self, node: Node | None, key: str) -> bool:
        return self._choice(node, key, {"true": "yes", "yes": "yes", "是": "yes", "false": None, "no": None, "否": None}, None) is not None

    def _choice(self, node: Node | None, key: str, choices: Mapping[str, str | None], default: str | None) -> str | None:
        if node is None:
            return default
        written = self._text(node, key)
        if written is None:
            return default
        if written not in choices:
            self._problems.report(
                "facts-yaml-choice", written.span, suggestions=closest(written, choices), key=key, value=str(written), choices=", ".join(choices)
            )
            return default
        return choices[written]

    def _templates(self, node: Node, key: str) -> tuple[Template, ...]:
        return tuple(template(one, self._brace(one)) for one in self._texts(node, key))

    def _brace(self, written: Text) -> Callable[[], None]:
        return lambda: self._problems.report("facts-yaml-brace", written.span, value=str(written))

    def _filter(self, column: Text, node: Node) -> Filter:
        negated = False
        if isinstance(node, MappingNode):
            entries = self._keys(node, ("not",))
            node, negated = entries.get("not", ListNode((), node.span)), True
        if isinstance(node, Text) and node in ("present", "absent"):
            return Filter(str(column), (None,), negated=(node == "present") != negated)
        return Filter(str(column), tuple(None if one in NOTHING else str(one) for one in self._texts(node, column)), negated)

    def _history(self, node: Node | None) -> History | None:
        if node is None:
            return None
        if not isinstance(node, MappingNode):
            self._wrong(node, "history", "{column: …, into: …}")
            return None
        entries = {key: str(value) for key, value in self._keys(node, HISTORY_KEYS).items() if self._text(value, key) is not None}
        if not entries.get("column") or not entries.get("into"):
            self._wrong(node, "history", "{column: …, into: …}")
            return None
        return History(entries["column"], entries["into"], entries.get("between") or ";", entries.get("within") or ":")


_BRACES = re.compile(r"\{([^{}]+)\}")


def template(written: str, unbalanced: Callable[[], None] = lambda: None) -> Template:
    """A template from its text: the name of a column, or a text with the names of columns in braces."""
    if "{" not in written and "}" not in written:
        return (Piece(written, True),)
    pieces: list[Piece] = []
    end = 0
    for found in _BRACES.finditer(written):
        if found.start() > end:
            pieces.append(Piece(written[end : found.start()], False))
        pieces.append(Piece(found.group(1).strip(), True))
        end = found.end()
    if end < len(written):
        pieces.append(Piece(written[end:], False))
    if any("{" in piece.value or "}" in piece.value for piece in pieces):
        unbalanced()
    return tuple(pieces)


def _table_words() -> list[str]:
    return [word for table in Table for word in (table.value, *TABLE_ALIASES[table])]
