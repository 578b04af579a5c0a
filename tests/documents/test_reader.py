"""From bytes to a tree of texts: every scalar a text with its place, and nothing that could become anything else."""

import time

import pytest

from mofan_rules.diagnostics import Diagnostics, Span
from mofan_rules.documents.nodes import ListNode, MappingNode, Node, plain
from mofan_rules.documents.reader import LARGEST, read_yaml
from mofan_rules.documents.text import Text


def read(data: str | bytes) -> tuple[Node | None, Diagnostics]:
    diagnostics = Diagnostics()
    return read_yaml("f.yaml", data if isinstance(data, bytes) else data.encode("utf-8"), diagnostics), diagnostics


def texts(node: Node | None) -> list[Text]:
    match node:
        case None:
            return []
        case Text():
            return [node]
        case ListNode(items):
            return [text for item in items for text in texts(item)]
        case MappingNode(entries):
            return [text for key, value in entries for text in (key, *texts(value))]


def codes(diagnostics: Diagnostics) -> list[str]:
    return [diagnostic.code for diagnostic in diagnostics]


def test_every_scalar_is_the_text_it_looks_like() -> None:
    node, diagnostics = read("a: no\nb: 1.10\nc: 2024-01-01\nd: ~\ne: on\nf: 0x1F\ng: .inf\nh:\n")
    assert node is not None
    assert plain(node) == {"a": "no", "b": "1.10", "c": "2024-01-01", "d": "~", "e": "on", "f": "0x1F", "g": ".inf", "h": ""}
    assert codes(diagnostics) == []


def test_spans_cover_the_text_without_quotes() -> None:
    node, _ = read('标题: \'党支部\'\nnext: ["a", b c]\nlast: "tab\\t"\n')
    assert [(text, text.span) for text in texts(node)] == [
        ("标题", Span("f.yaml", 1, 1, 1, 3)),
        ("党支部", Span("f.yaml", 1, 6, 1, 9)),
        ("next", Span("f.yaml", 2, 1, 2, 5)),
        ("a", Span("f.yaml", 2, 9, 2, 10)),
        ("b c", Span("f.yaml", 2, 13, 2, 16)),
        ("last", Span("f.yaml", 3, 1, 3, 5)),
        ("tab\t", Span("f.yaml", 3, 7, 3, 14)),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_count_as_editors_count_them(end: str) -> None:
    node, _ = read(f"a: 1{end}{end}# comment{end}b: 2{end}")
    assert [text.span.line for text in texts(node)] == [1, 1, 4, 4]


def test_block_scalars_span_all_of_their_lines() -> None:
    node, _ = read("a: |\n  one\n  two\nb: >-\n  three\n  four\n")
    assert [str(text) for text in texts(node)] == ["a", "one\ntwo\n", "b", "three four"]
    assert texts(node)[1].span.line == 1
    assert texts(node)[3].span.end_line >= 6


def test_composed_and_decomposed_letters_are_one() -> None:
    node, _ = read("e\u0301: x\n")
    assert texts(node)[0] == "\u00e9"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_with_and_without_mark(encoding: str) -> None:
    node, diagnostics = read("标题: 党支部\n".encode(encoding))
    assert [text.span.column for text in texts(node)] == [1, 5]
    assert codes(diagnostics) == []


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "GB18030"), ("utf-16", "UTF-16")])
def test_other_encodings_are_read_and_said(encoding: str, name: str) -> None:
    node, diagnostics = read("标题: 党支部\n".encode(encoding))
    assert node is not None
    assert plain(node) == {"标题": "党支部"}
    assert codes(diagnostics) == ["yaml-assumed-encoding"]
    assert name in next(iter(diagnostics)).message.en


@pytest.mark.parametrize("data", [b"\xff\x00\x01\x81\x30", b"a: \xff\xff\xff\n", b"\xfe\xff\xd8\x00"])
def test_bytes_of_no_encoding(data: bytes) -> None:
    node, diagnostics = read(data)
    assert node is None
    assert codes(diagnostics) == ["yaml-encoding"]


def test_too_large() -> None:
    node, diagnostics = read(b"a" * (LARGEST + 1))
    assert node is None
    assert codes(diagnostics) == ["yaml-too-large"]


@pytest.mark.parametrize("data", ["", "\n\n", "# only a comment\n", "---\n", "--- \n...\n"])
def test_nothing_in_it(data: str) -> None:
    node, diagnostics = read(data)
    assert isinstance(node, MappingNode)
    assert node.entries == ()
    assert codes(diagnostics) == []


def test_a_key_given_twice_is_told_at_both_places_and_the_first_counts() -> None:
    node, diagnostics = read("a: 1\nb: 2\na: 3\n")
    assert node is not None
    assert plain(node) == {"a": "1", "b": "2"}
    assert [(d.code, d.span.line) for d in diagnostics if d.span is not None] == [("yaml-duplicate-key", 1), ("yaml-duplicate-key", 3)]


BOMB = "a: &a [x, x]\n" + "".join(f"{name}: &{name} [*{before}, *{before}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("[" * 200_000, "yaml-too-deep"),
        ("[" * 10_000 + "]" * 10_000, "yaml-too-deep"),
        ("{a: " * 100_000, "yaml-too-deep"),
        ("- " * 100_000 + "x", "yaml-too-deep"),
        ("? " * 100_000 + "x", "yaml-too-deep"),
        ("[\n" * 100_000, "yaml-too-deep"),
        (BOMB, "yaml-alias"),
        ("a: &a [*a]\n", "yaml-alias"),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml-tag"),
        ("<<: {a: b}\nx: !include /etc/passwd\n", "yaml-tag"),
        ("a: b: c\n", "yaml-syntax"),
        ("a: 'b\n", "yaml-syntax"),
        ("\ta: b\n", "yaml-tab"),
        ("a: \x00\n", "yaml-control-character"),
        ("a: \ufffe\n", "yaml-control-character"),
        ("%YAML 9.9\n---\na: b\n", "yaml-syntax"),
    ],
    ids=range(16),
)
def test_hostile_texts_are_refused_at_once(data: str, code: str) -> None:
    start = time.process_time()
    _, diagnostics = read(data)
    assert code in codes(diagnostics)
    assert time.process_time() - start < 5


def test_a_long_flat_file_is_read() -> None:
    node, diagnostics = read("".join(f"- item {number}\n" for number in range(50_000)))
    assert isinstance(node, ListNode)
    assert len(node.items) == 50_000
    assert codes(diagnostics) == []
