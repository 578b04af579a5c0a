"""`import mofan_rules` is quick and loads none of the large libraries."""

import json
import subprocess
import sys

import mofan_rules

LARGE = ("duckdb", "jinja2", "lark", "nanoarrow", "networkx", "numpy", "pandas", "psycopg", "pyarrow", "pydantic", "rich", "sqlglot", "yaml")


def fresh(code: str) -> dict[str, object]:
    """What a fresh interpreter prints as JSON."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_import_is_quick_and_lazy() -> None:
    found = fresh("""
import json, sys, time
before = time.process_time()
import mofan_rules
seconds = time.process_time() - before
print(json.dumps({"seconds": seconds, "modules": sorted(sys.modules)}))
""")
    assert not set(LARGE) & set(found["modules"])  # type: ignore[call-overload]
    assert found["seconds"] < 0.1  # type: ignore[operator]


def test_parsing_arguments_loads_nothing_large() -> None:
    found = fresh("""
import json, sys
from mofan_rules.cli.arguments import parse
parse(["check", "a", "b"], "zh")
print(json.dumps({"modules": sorted(sys.modules)}))
""")
    assert not set(LARGE) & set(found["modules"])  # type: ignore[call-overload]


def test_every_public_name_is_there() -> None:
    assert list(mofan_rules.__all__) == sorted(mofan_rules.__all__)
    for name in mofan_rules.__all__:
        assert getattr(mofan_rules, name).__name__ == name
        assert name in dir(mofan_rules)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(mofan_rules, "no_such_name")
