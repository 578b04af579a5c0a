"""Cases: facts, a question and the verdicts that are wanted, in one YAML file. `tests/README.md` describes the format.

The conformance corpus (`tests/conformance`) and the cases of a ruleset (`rulesets/<name>/cases`) share this format and this runner. In a conformance case
the ruleset stands in the case itself; in a ruleset's own case it is left out.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from mofan_rules.evaluation.deriving import derived_by
from mofan_rules.executors import load_executor
from mofan_rules.facts import Facts, admit
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.derivations import DerivedFact
from mofan_rules.ir.program import Context, Program
from mofan_rules.ruleset import Ruleset, load_ruleset, load_texts
from mofan_rules.schema import Table, Vocabulary
from mofan_rules.values.periods import parse_period
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import Verdict

CASE_KEYS = {"note", "ruleset", "as_of", "period", "known_at", "facts", "complete", "rejected", "want", "only", "derived"}
WANT_KEYS = {"requirement", "subject", "window", "key", "state", "reason", "measured", "required", "due_on", "accountable"}
IDENTIFYING = ("requirement", "subject", "window", "key")

Rows = dict[str, list[dict[str, Any]]]


class CaseError(Exception):
    """A case file that does not say what it must."""


@dataclass(frozen=True)
class Case:
    """One case, as read.

    `ruleset` is the mapping written in the case, or empty. `facts` has rows as people write them, by table; `complete` the tables that are complete although
    nothing was supplied. `rejected` is how many rows admission must refuse (`None`: not checked). `only`: no other rows than those wanted.
    `derived` are all derived facts that are wanted (`None`: not checked).
    """

    path: Path
    note: str
    as_of: date
    facts: Rows
    want: tuple[Mapping[str, str], ...]
    ruleset: Mapping[str, Any] = field(default_factory=dict)
    period: str | None = None
    known_at: date | None = None
    complete: tuple[str, ...] = ()
    rejected: int | None = None
    only: bool = False
    derived: tuple[Mapping[str, str], ...] | None = None

    @property
    def context(self) -> Context:
        """The question; without a period, the calendar year of the as-of date (SEMANTICS section 2.3)."""
        first, last = parse_period(self.period or str(self.as_of.year))
        return Context(self.as_of, first, last)


def find_cases(folder: Path) -> list[Path]:
    """The case files of a folder and its sub-folders, in order."""
    return sorted(folder.rglob("*.yaml"))


def read_case(path: Path) -> Case:
    """The case in a file. Every scalar is text.

    Raises
    ------
    CaseError: if it has unknown keys, or lacks one that it needs.
    """
    raw = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    if not isinstance(raw, dict):
        raise CaseError(f"{path}: a case is a mapping")
    unknown = set(raw) - CASE_KEYS
    missing = {"note", "as_of", "want"} - set(raw)
    if unknown or missing:
        raise CaseError(f"{path}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
    want = tuple(raw["want"] or ())
    for row in want:
        if set(row) - WANT_KEYS or not {"requirement", "subject", "window", "state"} <= set(row):
            raise CaseError(f"{path}: a wanted row has the keys {sorted(row)}")
    return Case(
        path=path,
        note=raw["note"],
        as_of=date.fromisoformat(raw["as_of"]),
        facts={table: list(rows or ()) for table, rows in (raw.get("facts") or {}).items()},
        want=want,
        ruleset=raw.get("ruleset") or {},
        period=raw.get("period"),
        known_at=date.fromisoformat(raw["known_at"]) if raw.get("known_at") else None,
        complete=_tables(raw.get("complete") or ()),
        rejected=int(raw["rejected"]) if "rejected" in raw else None,
        only=raw.get("only") == "true",
        derived=tuple(raw["derived"] or ()) if "derived" in raw else None,
    )


def _tables(written: str | Iterable[str]) -> tuple[str, ...]:
    if isinstance(written, str):
        return tuple(table.value for table in Table) if written == "all" else (written,)
    return tuple(written)


def ruleset_texts(document: Mapping[str, Any]) -> dict[str, str]:
    """The two files that a ruleset written in a case stands for; what no case is about gets a value."""
    head = {"ruleset": "case", "version": "1", **document}
    rest = {key: head.pop(key, []) for key in ("requirements", "derive")}
    return {"ruleset.yaml": as_yaml(head), "requirements.yaml": as_yaml({key: listed for key, listed in rest.items() if listed})}


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(value: Any) -> str:
    """YAML text of nested lists, mappings and texts, without aliases, the innermost on one line."""
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=None))


def ruleset_of(case: Case) -> Ruleset:
    """The ruleset that a case is about: its own, or that of the folder in whose `cases` it lies."""
    if case.ruleset:
        return load_texts(ruleset_texts(case.ruleset))
    return _folder_ruleset(next(parent.parent for parent in case.path.parents if parent.name == "cases"))


@functools.cache
def _folder_ruleset(folder: Path) -> Ruleset:
    return load_ruleset(folder)


def admitted(case: Case, vocabulary: Vocabulary) -> AdmittedFacts:
    """The facts of a case, as they count on its known-at date."""
    tables: dict[str, Any] = {**case.facts}
    return admit(Facts(**tables, complete=case.complete), vocabulary, known_at=case.known_at)


@dataclass(frozen=True)
class Prepared:
    """A case with its program and its facts, which all executors share."""

    case: Case
    program: Program
    facts: AdmittedFacts

    @classmethod
    def read(cls, path: Path) -> "Prepared":
        """Reads, checks and admits what stands in a file."""
        case = read_case(path)
        program = ruleset_of(case).program
        return cls(case, program, admitted(case, program.vocabulary))


def run_case(prepared: Prepared, executor: str) -> list[str]:
    """What is wrong with the answer of one executor: a line for each difference, none if it is as wanted."""
    case, facts = prepared.case, prepared.facts
    problems = []
    if case.rejected is not None:
        rejected = facts.connection.execute('SELECT "table", line, "column", code, value FROM facts.rejected ORDER BY ALL').fetchall()
        if len(rejected) != case.rejected:
            problems.append(f"rejected: {len(rejected)} rows, wanted {case.rejected}: {rejected}")
    rows = list(load_executor(executor).run(prepared.program, facts, case.context).rows())
    problems += compare(rows, case.want, only=case.only)
    if case.derived is not None:
        found = derived_by(executor, prepared.program, facts, case.context, RowsTable(rows))
        problems += compare_derived(found, case.derived, prepared.program.vocabulary)
    return problems


def compare_derived(found: Iterable[DerivedFact], want: Iterable[Mapping[str, str]], vocabulary: Vocabulary) -> list[str]:
    """The differences between derived facts and those wanted: kind, organization, date and the attributes by name, all as text."""
    got = sorted(
        _line({"kind": fact.kind, "organization": fact.organization, "date": str(fact.dated), **_named(fact.attributes, vocabulary)}) for fact in found
    )
    wanted = sorted(_line({name: str(row[name]) for name in ("kind", "organization", "date")} | _attributes(row)) for row in want)
    return [f"not derived {line}" for line in wanted if line not in got] + [f"derived     {line}" for line in got if line not in wanted or got.count(line) > 1]


def _named(attributes: Iterable[tuple[str, object]], vocabulary: Vocabulary) -> dict[str, str]:
    return dict(sorted((vocabulary.attributes[int(column.removeprefix("a_"))].name, str(value)) for column, value in attributes))


def _attributes(row: Mapping[str, str]) -> dict[str, str]:
    return {name: str(row[name]) for name in sorted(row) if name not in ("kind", "organization", "date")}


def compare(rows: Iterable[Verdict], want: Iterable[Mapping[str, str]], *, only: bool) -> list[str]:
    """The differences between a verdict table and wanted rows, a line each.

    Parameters
    ----------
    want: rows by column; a column that is left out is not compared, but an absent `key` is the empty one.
    only: whether rows that nobody wanted are differences.
    """
    found: dict[tuple[str, ...], dict[str, str]] = {}
    problems = []
    for verdict in rows:
        shown = as_text(verdict)
        identity = _identity(shown)
        if identity in found:
            problems.append(f"twice     {_line(shown)}")
        found[identity] = shown
    for row in want:
        wanted = {name: str(value) for name, value in row.items()}
        got = found.pop(_identity(wanted), None)
        if got is None:
            problems.append(f"no row    {_line(wanted)}")
        elif different := {name: value for name, value in wanted.items() if name not in IDENTIFYING and got[name] != value}:
            details = ", ".join(f"{name} is {got[name]!r}, wanted {value!r}" for name, value in different.items())
            problems.append(f"different {' '.join(part for part in _identity(got) if part)}: {details}")
    if only:
        problems += [f"unwanted  {_line(shown)}" for shown in found.values()]
    return problems


def as_text(verdict: Verdict) -> dict[str, str]:
    """A verdict row as cases write it: the window as `first..last` or empty, dates in ISO form."""
    window = "" if verdict.window_from is None or verdict.window_until is None else f"{verdict.window_from}..{verdict.window_until}"
    row = {name: "" if value is None else str(value) for name, value in verdict._asdict().items() if not name.startswith("window_")}
    return {"requirement": row.pop("requirement"), "subject": row.pop("subject"), "window": window, **row}


def _identity(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in IDENTIFYING)


def _line(row: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items() if value)
