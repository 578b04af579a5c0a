"""The outcome of the cases as JUnit XML, which build servers read."""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from mofan_rules.diagnostics import Language
from mofan_rules.ruleset import Ruleset
from mofan_rules.workbench.running import Result, Status
from mofan_rules.workbench.telling import failure

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(ruleset: Ruleset, results: Sequence[Result], language: Language, path: Path) -> None:
    """Write one suite with a test for each case; `todo` cases are skipped tests."""
    statuses = [result.status for result in results]
    seconds = sum(result.seconds for result in results)
    suite = ElementTree.Element(
        "testsuite",
        name=ruleset.name,
        tests=str(len(results)),
        failures=str(statuses.count(Status.FAILED)),
        errors="0",
        skipped=str(statuses.count(Status.TODO)),
        time=f"{seconds:.3f}",
    )
    for result in results:
        case = result.case
        test = ElementTree.SubElement(
            suite,
            "testcase",
            classname=ruleset.name,
            name=_clean(case.name),
            file=_clean(str(case.path)),
            line=str(case.span.line),
            time=f"{result.seconds:.3f}",
        )
        if result.status is Status.FAILED:
            first = next(found[0] for found in result.found.values() if found)
            ElementTree.SubElement(test, "failure", message=_clean(first.text.of(language))).text = _clean(failure(ruleset, result, language))
        elif result.status is Status.TODO:
            ElementTree.SubElement(test, "skipped", message=_clean(case.todo))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    ElementTree.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def _clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
