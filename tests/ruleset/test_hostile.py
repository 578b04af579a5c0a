"""No text given as a ruleset raises anything but `RulesetError`, and none takes long."""

from time import process_time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mofan_rules.diagnostics import RulesetError, render
from mofan_rules.ruleset import load_texts
from tests.ruleset.test_edits import RULESETS, texts_of

MOFAN = texts_of(RULESETS / "mofan")
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


LONG = 10.0
"""So many seconds of computing (not of waiting, on a machine that does other things too) are far too long for one load."""


def takes(texts: dict[str, str | bytes]) -> None:
    """Loading gives a ruleset or diagnostics that can be shown in both languages, soon."""
    started = process_time()
    _takes(texts)
    assert process_time() - started < LONG


def _takes(texts: dict[str, str | bytes]) -> None:
    try:
        ruleset = load_texts(texts)
    except RulesetError as error:
        assert error.diagnostics
        assert render(error.diagnostics, error.sources, "both")
    else:
        render(ruleset.warnings, ruleset.texts, "both")


@SOME
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    takes({"ruleset.yaml": data})
    takes({"ruleset.yaml": MOFAN["ruleset.yaml"], "rules.yaml": data})


PLAIN = "requirements id kind occurrence rollup deadline subject 党支部 event of where at_least parameters value 0 -1 1e999 80% 3年 none all () (((( [ ] { }"
WORDS = st.sampled_from([*PLAIN.split(), "&a", "*a", "!!x", "|", ">", "9" * 400, "", " ", "a b", "'", '"', "\ud7ff", "\u202e", "日期"])
TREES = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5), max_leaves=25)


def yaml(tree: object) -> str:
    """A tree in flow style, its texts as they are or quoted, whichever the length says: half of them will not be what they seem."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{yaml(key)}: {yaml(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(yaml, tree)) + "]"
    text = str(tree)
    return text if len(text) % 2 else "'" + text.replace("'", "''") + "'"


@SOME
@given(TREES)
def test_any_tree(tree: object) -> None:
    takes({"ruleset.yaml": yaml(tree)})
    takes({"ruleset.yaml": f"ruleset: a\nversion: b\nvocabulary: {yaml(tree)}\n"})
    takes({"ruleset.yaml": MOFAN["ruleset.yaml"], "rules.yaml": f"requirements: [{yaml(tree)}]\n"})


KINDS = st.sampled_from(["occurrence", "deadline", "occupancy", "coverage", "attribute", "evidence", "rollup"])
KEYS = """
subject when event every starting once where at_least at_most trigger response within by after not_counting match since first role holder throughout relation
direction depth of share condition each document items grade together tags over kinds per in_a_row count effective stage grace partial measures cite waivable
weight accountable on extension must_exist
"""
VALUES = """
党支部;[党支部, 党小组];党课;书记;创建方案;part_of;正式党员数;month;quarter;正式党员数 > 3;1;80%;3年;30天;last;founding;{event: 党课};{date: 成立日期};
{start_of: 书记};true;all;{from: 2024-01-01, until: 2024-12-31};sanhui.assembly;[基本制度];out;in;window;subject;m > 3;window.last > 2024-01-01;类型 = 3;
[11, 12];03-31;prorate;x;2;should;{m: {sum: 党员数, of: {organizations: 党支部}, along: part_of}};satisfied;trigger.日期 > 日期;实到人数 > 1;'任职(书记)'
"""
FIELDS = st.dictionaries(st.sampled_from(KEYS.split()), st.sampled_from([value.strip() for value in VALUES.split(";")]), min_size=2, max_size=9)


@SOME
@given(KINDS, FIELDS)
def test_any_requirement(kind: str, fields: dict[str, str]) -> None:
    given_fields = {"subject": "党支部"} | fields
    text = "".join(f"    {key}: {value}\n" for key, value in given_fields.items())
    takes({**MOFAN, "more.yaml": f"requirements:\n  - id: more\n    kind: {kind}\n{text}"})


@SOME
@given(st.sampled_from(sorted(MOFAN)), st.data())
def test_any_change_of_a_good_ruleset(file: str, data: st.DataObject) -> None:
    text = MOFAN[file]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    piece = data.draw(st.text(max_size=4) | st.sampled_from([text[:80], "\n", "  ", ": ", "[", "{", "- ", "#", "&", "*", "%", "\t"]))
    takes({**MOFAN, file: (text[:start] + piece + text[end:]).encode("utf-8", "surrogatepass")})


def test_nested_brackets() -> None:
    deep = "(" * 10_000 + "1" + ")" * 10_000
    takes({**MOFAN, "more.yaml": f"requirements:\n  - {{id: more, kind: attribute, subject: 党支部, condition: '{deep}'}}\n"})
    takes({**MOFAN, "more.yaml": "requirements: " + "[" * 10_000})


def test_many_of_everything() -> None:
    rules = "".join(f"  - {{id: r{n}, kind: rollup, subject: 党支部, of: [r{n + 1}]}}\n" for n in range(3000))
    takes({**MOFAN, "more.yaml": f"requirements:\n{rules}"})
    takes({**MOFAN, "more.yaml": f"requirements:\n{rules}  - {{id: r3000, kind: rollup, subject: 党支部, of: [r0]}}\n"})
    kinds = "".join(f"    k{n}: {{kinds: [k{n + 1}]}}\n" for n in range(2000))
    takes({"ruleset.yaml": f"ruleset: a\nversion: b\nvocabulary:\n  organizations:\n{kinds}"})
    same = "".join("  - {id: r, kind: rollup, subject: 党支部, of: [r]}\n" for _ in range(500))
    takes({**MOFAN, "more.yaml": f"requirements:\n{same}"})
