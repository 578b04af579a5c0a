"""`docs/facts.md` is run: its examples of `facts.yaml`, its table of codes, its list of columns."""

import re
from pathlib import Path

import pytest

from mofan_rules.facts import admit, load_facts
from mofan_rules.facts.cells import ESSENTIAL
from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.facts.mapping_file import read_mapping
from mofan_rules.facts.names import column_names, folded, table_of
from mofan_rules.schema import COLUMNS, Attribute, Table, Type
from tests.facts.admitting import VOCABULARY, adds_up

PAGE = (Path(__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLES = [section for section in PAGE.split("\n### ")[1:] if "```csv" in section]
WORDS = type(VOCABULARY)(VOCABULARY.kinds, (*VOCABULARY.attributes, Attribute("单位", Table.TENURES, Type.TEXT)), VOCABULARY.roster, VOCABULARY.waivers)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.split("\n")[0] for example in EXAMPLES])
def test_examples(example: str, tmp_path: Path) -> None:
    blocks = BLOCK.findall(example.split("\n## ")[0])
    for language, name, text in blocks:
        if language == "csv":
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif language == "yaml":
            (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    facts = admit(load_facts(tmp_path), WORDS)
    adds_up(facts)
    assert facts.summary is not None
    found = []
    for table in facts.summary.tables.values():
        parts = [f"{table.admitted} admitted"] if table.admitted else []
        parts += [f"{count} {code}" for code, count in table.codes.items()]
        found += [f"{table.table}: {', '.join(parts)}"] if parts else []
    [expected] = [text for language, _, text in blocks if language == "text"]
    assert found == expected.splitlines()


def test_the_example_with_every_key_is_valid() -> None:
    [text] = [text for language, _, text in BLOCK.findall(PAGE.split("## facts.yaml")[1].split("\n### ")[0]) if language == "yaml"]
    mapping = read_mapping("facts.yaml", text.encode())
    assert mapping.complete == ("waivers",) and len(mapping.feeds) == len(mapping.uses) == 1


def test_every_code_is_on_the_page() -> None:
    rows = [line.split("|")[1:3] for line in PAGE.splitlines() if line.startswith("| `")]
    told = {code: "nothing" in effect for codes, effect in rows for code in re.findall(r"`(\w+)`", codes) if code in REJECTIONS}
    assert told == {code: not rejection.decides for code, rejection in REJECTIONS.items()}


def test_tables_and_columns_are_those_of_the_code() -> None:
    rows = {match[1]: (match[2], match[3]) for match in re.finditer(r"^\| `(\w+)` (\S+) \| (.*) \|$", PAGE, re.MULTILINE) if match[1] in set(Table)}
    assert set(rows) == {table.value for table in Table}
    for table in Table:
        chinese, columns = rows[table.value]
        assert table_of(chinese) is table
        listed = [column.split() for column in columns.replace("**", "").split(", ")]
        assert tuple(column[0] for column in listed) == COLUMNS[table]
        names = column_names(table, VOCABULARY)
        assert all(names[folded(alias)] == column for column, *aliases in listed for alias in aliases)
        assert set(re.findall(r"\*\*(\w+)\*\*", columns)) == set(ESSENTIAL[table])
