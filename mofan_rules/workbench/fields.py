"""The parts of a case file as values: each reader takes a node and reports what does not fit, at its place."""

from collections.abc import Iterable, Mapping
from datetime import date

from mofan_rules.diagnostics import Bilingual, Diagnostics, closest, same
from mofan_rules.diagnostics.span import Span
from mofan_rules.documents.nodes import ListNode, MappingNode, Node, span_of
from mofan_rules.documents.text import Text
from mofan_rules.facts.names import TABLE_ALIASES, table_of
from mofan_rules.schema import Table
from mofan_rules.values.periods import FORMS, parse_period
from mofan_rules.workbench.case import Cell

MAPPING = Bilingual("若干“键: 值”", "a mapping of keys to values")
LIST = Bilingual("列表", "a list")
ROW_OF_FACTS = Bilingual("一行数据（{列: 值}）", "a row of facts ({column: value})")


class Fields:
    """The keys of one mapping, read one by one."""

    def __init__(self, node: MappingNode, known: Iterable[str], needed: Iterable[str], problems: Diagnostics) -> None:
        self.node = node
        self.problems = problems
        names = list(known)
        for key, _ in node.entries:
            if key not in names:
                problems.report("unknown-key", key.span, suggestions=closest(key, names), key=key)
        for name in needed:
            if node.get(name) is None:
                problems.report("missing-key", head(node), key=name)

    def text(self, key: str) -> str:
        """A text; empty where the key is missing."""
        node = self.node.get(key)
        if node is None or isinstance(node, Text):
            return str(node or "")
        self.problems.report("field-not-text", head(node))
        return ""

    def day(self, key: str) -> date | None:
        """A day; nothing where the key is missing."""
        written = self.text(key)
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.problems.report("field-not-date", self.span(key), value=written)
            return None

    def period(self, key: str) -> tuple[date, date] | None:
        """A stretch of time by its name; nothing where the key is missing or empty."""
        written = self.text(key)
        if not written:
            return None
        try:
            return parse_period(written)
        except ValueError:
            self.problems.report("bad-period", self.span(key), value=written, forms=FORMS)
            return None

    def number(self, key: str) -> int | None:
        """A whole number from 0; nothing where the key is missing."""
        written = self.text(key)
        if not written:
            return None
        if not written.isascii() or not written.isdigit():
            self.problems.report("field-not-whole", self.span(key), value=written)
            return None
        return int(written)

    def flag(self, key: str) -> bool:
        """`true` or `false`; a missing key is false."""
        written = self.text(key)
        if written not in ("", "true", "false"):
            self.problems.report("field-not-flag", self.span(key), value=written)
        return written == "true"

    def mappings(self, key: str) -> list[MappingNode]:
        """A list of mappings; empty where the key is missing or empty."""
        node = self.node.get(key)
        return [] if node is None else mappings(node, MAPPING, self.problems)

    def span(self, key: str) -> Span:
        """Where the value of a key stands."""
        node = self.node.get(key)
        return head(self.node if node is None else node)


def mappings(node: Node, wanted: Bilingual, problems: Diagnostics) -> list[MappingNode]:
    """The mappings of a list; an empty text is an empty list."""
    if node == "":
        return []
    if not isinstance(node, ListNode):
        problems.report("wrong-shape", head(node), wanted=LIST)
        return []
    for item in node.items:
        if not isinstance(item, MappingNode):
            problems.report("wrong-shape", head(item), wanted=wanted)
    return [item for item in node.items if isinstance(item, MappingNode)]


def tables(node: Node | None, problems: Diagnostics) -> dict[str, list[dict[str, Cell]]]:
    """The rows of facts, by table."""
    if node is None or node == "":
        return {}
    if not isinstance(node, MappingNode):
        problems.report("wrong-shape", head(node), wanted=MAPPING)
        return {}
    found: dict[str, list[dict[str, Cell]]] = {}
    for key, rows in node.entries:
        name = _table(key, problems)
        if name is not None:
            found.setdefault(name, []).extend(_row(row, problems) for row in mappings(rows, ROW_OF_FACTS, problems))
    return found


def _table(key: Text, problems: Diagnostics) -> str | None:
    table = table_of(key)
    if table is None:
        problems.report("facts-unknown-table", key.span, suggestions=closest(key, table_words()), table=key)
        return None
    return table.value


def table_words() -> list[str]:
    """All names of the tables."""
    return [name for table in Table for name in (table.value, *TABLE_ALIASES[table])]


def _row(node: MappingNode, problems: Diagnostics) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for key, value in node.entries:
        match value:
            case Text():
                row[str(key)] = str(value)
            case ListNode(items) if all(isinstance(item, Text) for item in items):
                row[str(key)] = [str(item) for item in items]
            case _:
                problems.report("field-not-text", head(value))
    return row


def complete_tables(node: Node | None, problems: Diagnostics) -> tuple[str, ...]:
    """The tables that are complete although nothing was supplied: names, or `all`."""
    if node is None or node == "":
        return ()
    if node == "all":
        return tuple(table.value for table in Table)
    items = node.items if isinstance(node, ListNode) else (node,)
    names = []
    for item in items:
        if isinstance(item, Text):
            names.append(_table(item, problems))
        else:
            problems.report("field-not-text", head(item))
    return tuple(name for name in names if name is not None)


def texts_by_language(node: Node | None, problems: Diagnostics) -> Mapping[str, str]:
    """A text that is the same in any language, or texts by language."""
    if node is None:
        return {}
    if isinstance(node, Text):
        return {"": str(node)}
    if not isinstance(node, MappingNode):
        problems.report("wrong-shape", head(node), wanted=MAPPING)
        return {}
    found = {}
    for key, value in node.entries:
        if key not in ("zh", "en"):
            problems.report("unknown-value", key.span, value=key, allowed=same("zh, en"))
        elif isinstance(value, Text):
            found[str(key)] = str(value)
        else:
            problems.report("field-not-text", head(value))
    return found


def head(node: Node) -> Span:
    """Where to point for a node: at a text itself, else at the first text in it."""
    match node:
        case Text():
            return node.span
        case ListNode(items) if items:
            return head(items[0])
        case MappingNode(entries) if entries:
            return entries[0][0].span
        case _:
            return span_of(node)
