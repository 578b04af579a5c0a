"""What a failed case shows: the differences, the part of the derivation that decides, the explanation, and the rows that were rejected."""

from collections.abc import Iterator

from mofan_rules.diagnostics import Bilingual, Language, QuestionError
from mofan_rules.diagnostics.render import place
from mofan_rules.evaluation.explained import Explained, explain
from mofan_rules.ruleset import Ruleset
from mofan_rules.verdicts.explanation import Node, NodeKind
from mofan_rules.workbench.comparison import Difference, window_of
from mofan_rules.workbench.passed_over import passed_over
from mofan_rules.workbench.running import Result

MOST_EXPLAINED = 3
"""So many verdicts of one case are explained; of the others the difference alone is told."""

LOGICAL = (NodeKind.TEST, NodeKind.EXPRESSION)


def failure(ruleset: Ruleset, result: Result, language: Language) -> str:
    """The whole text about a case that is not as wanted."""
    return "\n".join(_lines(ruleset, result, language))


def _lines(ruleset: Ruleset, result: Result, language: Language) -> Iterator[str]:
    yield f"{place(result.case.span)}: {result.case.name}"
    yield f"  {result.case.note}"
    for executors, found in _grouped(result):
        for difference in found:
            yield f"  [{executors}] {difference.text.of(language)}"
    for difference in _explainable(result)[:MOST_EXPLAINED]:
        yield from _explained(ruleset, result, difference, language)
    if result.rejected and result.case.rejected is None:
        yield "  " + Bilingual("没有采纳的数据行：", "rows of facts that were rejected:").of(language)
        yield from (f"    {words.of(language)}" for words in result.rejected)


def _grouped(result: Result) -> list[tuple[str, tuple[Difference, ...]]]:
    """The differences, those that several executors share told once."""
    groups: list[tuple[list[str], tuple[Difference, ...]]] = []
    for executor, found in result.found.items():
        same = next((names for names, known in groups if known == found), None)
        if same is not None:
            same.append(executor)
        elif found:
            groups.append(([executor], found))
    return [(", ".join(names), found) for names, found in groups]


def _explainable(result: Result) -> list[Difference]:
    """The differences about verdicts that there are, each verdict once."""
    found = {difference.verdict: difference for differences in result.found.values() for difference in differences if difference.verdict is not None}
    return list(found.values())


def _explained(ruleset: Ruleset, result: Result, difference: Difference, language: Language) -> Iterator[str]:
    verdict = difference.verdict
    if verdict is None or result.facts is None:
        return
    try:
        explained = explain(ruleset, result.facts, result.case.context, verdict.subject, verdict.requirement, window_of(verdict), verdict.key, language)
    except QuestionError:
        return  # only one executor has this verdict, not the one that explains; the difference has been told
    yield ""
    deciding = list(_deciding(explained))
    if deciding:
        yield "  " + Bilingual("差别出在：", "what makes the difference:").of(language)
        for node in deciding:
            yield f"    {node.title.of(language)} = {node.value.of(language)}"
            yield from (f"      {child.title.of(language)} = {child.value.of(language)}" for child in node.children)
    rows = list(passed_over(ruleset.program, result.facts, result.case.context, verdict, language))
    if rows:
        yield "  " + Bilingual("没有计入的行：", "rows that do not count:").of(language)
        yield from (f"    {row}" for row in rows)
    yield from (f"    {line}".rstrip() for line in explained.text(language).splitlines())


def _deciding(explained: Explained) -> Iterator[Node]:
    """The smallest parts of the tests on which the outcome rests: going down as long as a part has the value of the whole."""
    for node in explained.tree.root.children:
        if node.kind in (NodeKind.TEST, NodeKind.BINDING) and _matters(node, explained.verdict.state):
            yield from _leaves(node)
        elif node.kind is NodeKind.PARTS:
            yield node


def _matters(node: Node, state: str) -> bool:
    """Of a verdict that does not apply the binding matters, of another the tests that are not true, or all where all are."""
    if state == "not_applicable":
        return node.kind is NodeKind.BINDING
    return node.kind is NodeKind.TEST and (state == "satisfied" or node.value.en != "yes")


def _leaves(node: Node) -> Iterator[Node]:
    same = [child for child in node.children if child.kind in LOGICAL and child.value == node.value]
    if not same:
        yield node
    for child in same:
        yield from _leaves(child)
