"""Fail if a test of PostgreSQL or of the extras `live`, `serve` and `watch` was skipped, or if there was none: read from pytest's JUnit report."""

import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

NEEDED = ("postgres", "live", "test_serve", "test_watch")
"""Words in the names of tests, or of their files."""


def complaints(report: Path) -> Iterator[str]:
    """A sentence for each needed test that did not run."""
    cases = list(ElementTree.parse(report).iter("testcase"))
    for word in NEEDED:
        about = [case for case in cases if word in f"{case.get('classname')}.{case.get('name')}".lower()]
        if not about:
            yield f"no test of {word} was found"
        for case in about:
            if (skip := case.find("skipped")) is not None:
                yield f"{case.get('classname')}.{case.get('name')} was skipped: {skip.get('message')}"


if __name__ == "__main__":
    found = list(complaints(Path(sys.argv[1])))
    for sentence in found:
        print(sentence, file=sys.stderr)
    sys.exit(1 if found else 0)
