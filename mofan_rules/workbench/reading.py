"""Reading the cases beside a ruleset. What is wrong in a case file is a diagnostic with its place."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from mofan_rules.diagnostics import Diagnostics, closest, same
from mofan_rules.diagnostics.span import Span
from mofan_rules.documents.nodes import MappingNode
from mofan_rules.documents.reader import LARGEST, read_yaml
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State
from mofan_rules.workbench.case import COMPARED, Case, Cell, Wanted
from mofan_rules.workbench.derived_facts import read_fact
from mofan_rules.workbench.fields import MAPPING, Fields, complete_tables, head, tables, texts_by_language

FOLDER = "cases"
"""The folder beside `ruleset.yaml` that holds the cases, in files and sub-folders."""

KEYS = ("note", "as_of", "period", "known_at", "facts", "complete", "rejected", "want", "only", "derived", "todo")
NEEDED = ("note", "as_of", "want")
WANTED_KEYS = ("requirement", "subject", "window", "key", *COMPARED, "modality", "message")
WANTED_NEEDED = ("requirement", "subject", "window", "state")


def find_cases(ruleset: Path) -> list[Path]:
    """The case files of a ruleset's folder, in order."""
    folder = (ruleset.parent if ruleset.name == "ruleset.yaml" else ruleset) / FOLDER
    return sorted(path for path in folder.rglob("*.yaml") if path.is_file())


def read_cases(ruleset: Path, requirements: Iterable[str], problems: Diagnostics) -> list[Case]:
    """The cases of a ruleset.

    Parameters
    ----------
    ruleset: its folder.
    requirements: the ids that there are; a case that names another is wrong.
    problems: takes what is wrong, with the texts that it points into.

    Returns
    -------
    The cases that could be read; one of which something is wrong is left out.
    """
    known = frozenset(requirements)
    found = []
    base = (ruleset.parent if ruleset.name == "ruleset.yaml" else ruleset) / FOLDER
    for path in find_cases(ruleset):
        before = len(problems)
        case = read_case(path, path.relative_to(base).with_suffix("").as_posix(), known, problems)
        if case is not None and len(problems) == before:
            found.append(case)
    return found


def read_case(path: Path, name: str, requirements: frozenset[str], problems: Diagnostics) -> Case | None:
    """The case in a file, or nothing where it cannot be read at all."""
    top = Span(str(path), 1, 1, 1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError:
        problems.report("file-unreadable", top)
        return None
    node = read_yaml(str(path), data, problems)
    if node is None:
        return None
    if not isinstance(node, MappingNode):
        problems.report("wrong-shape", top, wanted=MAPPING)
        return None
    return _case(path, name, node, requirements, problems)


def _case(path: Path, name: str, node: MappingNode, requirements: frozenset[str], problems: Diagnostics) -> Case | None:
    fields = Fields(node, KEYS, NEEDED, problems)
    facts = tables(node.get("facts"), problems)
    want = tuple(_wanted(item, requirements, facts, problems) for item in fields.mappings("want"))
    _told_twice(want, problems)
    only = fields.flag("only")
    derived = None if node.get("derived") is None else tuple(read_fact(item, problems) for item in fields.mappings("derived"))
    if not want and derived is None and node.get("want") is not None:
        problems.report("case-wants-nothing", fields.span("want"))
    as_of, period = fields.day("as_of"), fields.period("period")
    if as_of is None:
        if node.get("as_of") is not None and not fields.text("as_of"):
            problems.report("field-not-date", fields.span("as_of"), value="")
        return None
    return Case(
        path=path,
        name=name,
        note=fields.text("note"),
        as_of=as_of,
        period=period or (date(as_of.year, 1, 1), date(as_of.year, 12, 31)),
        known_at=fields.day("known_at"),
        facts=facts,
        complete=complete_tables(node.get("complete"), problems),
        want=want,
        rejected=fields.number("rejected"),
        only=only,
        todo=_todo(fields),
        span=head(node),
        derived=derived,
    )


def _todo(fields: Fields) -> str:
    reason = fields.text("todo")
    if fields.node.get("todo") is not None and reason in ("", "true", "false"):
        fields.problems.report("case-todo-without-reason", fields.span("todo"))
    return reason


def _wanted(node: MappingNode, requirements: frozenset[str], facts: Mapping[str, list[dict[str, Cell]]], problems: Diagnostics) -> Wanted:
    fields = Fields(node, WANTED_KEYS, WANTED_NEEDED, problems)
    requirement, subject = fields.text("requirement"), fields.text("subject")
    if requirement and requirement not in requirements:
        problems.report("unknown-requirement", fields.span("requirement"), suggestions=closest(requirement, requirements), requirement=requirement)
    ids = {str(cell) for row in facts.get("organizations", ()) for cell in row.values()}
    if subject and subject not in ids:
        problems.report("case-unknown-subject", fields.span("subject"), suggestions=closest(subject, ids), subject=subject)
    _one_of(fields, "state", [str(state) for state in State])
    _one_of(fields, "reason", list(REASONS))
    _one_of(fields, "modality", ["must", "should"])
    values = {column: fields.text(column) for column in COMPARED if node.get(column) is not None}
    messages = texts_by_language(node.get("message"), problems)
    return Wanted(requirement, subject, fields.period("window"), fields.text("key"), values, fields.text("modality"), messages, head(node))


def _one_of(fields: Fields, key: str, allowed: list[str]) -> None:
    written = fields.text(key)
    if written and written not in allowed:
        fields.problems.report("unknown-value", fields.span(key), suggestions=closest(written, allowed), value=written, allowed=same(", ".join(allowed)))


def _told_twice(want: Iterable[Wanted], problems: Diagnostics) -> None:
    seen = set()
    for wanted in want:
        if wanted.identity in seen:
            problems.report("case-wanted-twice", wanted.span, verdict=wanted.name())
        seen.add(wanted.identity)
