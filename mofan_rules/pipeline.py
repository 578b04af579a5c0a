"""THE PASSES, in order. Read this first.

    folder ──load_ruleset──▶ Ruleset (program, catalogue)
                                 │
    files ───load_facts────▶ Facts
                                 │ admit      rows are admitted or rejected, by the ruleset's vocabulary, as known on a date
                                 ▼
                            AdmittedFacts
                                 │ run        an executor computes the program's verdicts for the question
                                 ▼
                            verdict table
                                 │ Evaluation summary, explanation, reports
                                 ▼
                                people

Each pass is a function from one value to another; none changes what it was given.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mofan_rules.beside import beside, side_by_side
from mofan_rules.diagnostics import Diagnostics, QuestionError, closest, make
from mofan_rules.diagnostics.bilingual import Language
from mofan_rules.evaluation import Evaluation, write_whole
from mofan_rules.evaluation.files import cannot_write
from mofan_rules.evaluation.question import DateLike, Period, read_context, read_date
from mofan_rules.executors import EXECUTORS, UnsupportedProgram, load_executor
from mofan_rules.executors.base import KeepingExecutor

if TYPE_CHECKING:
    from mofan_rules.compiler.script import Script
    from mofan_rules.evaluation.account import Account
    from mofan_rules.evaluation.explained import Explained
    from mofan_rules.executors import Executor
    from mofan_rules.facts import AdmittedFacts, Facts
    from mofan_rules.ir.program import Context, Program
    from mofan_rules.ruleset import Ruleset
    from mofan_rules.verdicts.table import VerdictTable

OnPass = Callable[[str], None]
"""Told the name of each pass before it begins."""
OnShare = Callable[[float], None]
"""Told now and then which share of a pass is done, from 0 to 1; not every pass can say."""


def _untold(share: float) -> None:
    """Nobody wants to know."""


def load_ruleset(path: str | Path) -> "Ruleset":
    """A checked ruleset from its folder.

    Raises
    ------
    RulesetError: with all that is wrong in its `diagnostics`.
    """
    from mofan_rules import ruleset

    return ruleset.load_ruleset(path)


def lint(path: str | Path) -> Diagnostics:
    """All that is wrong or doubtful in a ruleset; nothing in it raises."""
    from mofan_rules import ruleset

    return ruleset.lint(path)


def schema() -> dict[str, Any]:
    """The JSON Schema of ruleset files."""
    from mofan_rules.ruleset.json_schema import json_schema

    return json_schema()


def load_facts(source: str | Path, mapping: str | Path | None = None) -> "Facts":
    """Facts from a folder of CSV or Parquet files, an Excel workbook, an SQLite file or a `postgresql://` address.

    Parameters
    ----------
    mapping: a `facts.yaml` that maps foreign names of tables, columns, kinds and dates; default: the one in the folder or beside the file.

    Raises
    ------
    FactsError: if they cannot be read at all. Single bad rows are rejected when the facts are admitted.
    """
    from mofan_rules import facts

    return facts.load_facts(source, mapping)


def load(path: str | Path, source: str | Path, mapping: str | Path | None = None) -> "tuple[Ruleset, Facts]":
    """A ruleset and facts, the facts read beside the ruleset: to read a workbook takes as long as to check a ruleset.

    Raises
    ------
    RulesetError, FactsError: as `load_ruleset` and `load_facts` do; of both, the ruleset's.
    """
    from mofan_rules import facts  # here, so that no two threads import it

    reading = beside(lambda: facts.load_facts(source, mapping))
    return load_ruleset(path), reading.result()


def admit(ruleset: "Ruleset", facts: "Facts", known_at: date | None = None, on_share: OnShare = _untold, memory_limit: str | None = None) -> "AdmittedFacts":
    """The facts as they count: typed, corrected, each row admitted or rejected."""
    from mofan_rules import facts as tables
    from mofan_rules.facts.database import within_memory

    with within_memory():
        return tables.admit(facts, ruleset.program.vocabulary, known_at, on_share=on_share, memory_limit=memory_limit)


def account(facts: "Facts", ruleset: "Ruleset | None" = None, known_at: DateLike | None = None) -> "Account":
    """What became of the rows of facts, by a ruleset's vocabulary or, without one, by the words that stand in them."""
    from mofan_rules.evaluation.account import account_of
    from mofan_rules.evaluation.survey import survey

    known = read_date("known_at", known_at) if known_at is not None else None
    admitted = survey(facts, known) if ruleset is None else admit(ruleset, facts, known)
    return account_of(admitted, with_ruleset=ruleset is not None)


def run(
    executor: str, program: "Program", facts: "AdmittedFacts", context: "Context", ruleset: "Ruleset | None" = None, keeps_sums: bool = False
) -> "VerdictTable":
    """The verdict table that an executor computes.

    Parameters
    ----------
    keeps_sums: let the executor keep what the parts of roll-ups add up to, if it can (`verdicts.table.FiledTable`).
    ruleset: where the program comes from, so that what cannot be computed is told with its line.

    Raises
    ------
    QuestionError: if there is no such executor, or it cannot compute the program.
    """
    found = _executor(executor)
    if reasons := found.unsupported(program):
        raise _refusal(executor, reasons, ruleset)
    from mofan_rules.facts.database import within_memory

    try:
        with within_memory():
            if keeps_sums and isinstance(found, KeepingExecutor):
                return found.run_keeping(program, facts, context)
            return found.run(program, facts, context)
    except UnsupportedProgram as error:
        raise _refusal(executor, error.reasons, ruleset) from error


def _refusal(executor: str, reasons: Iterable[str], ruleset: "Ruleset | None") -> QuestionError:
    """That an executor cannot compute a program; each reason begins with the requirement that it is about."""
    places = {} if ruleset is None else ruleset.places
    found = [make("unsupported-program", places.get(reason.partition(":")[0]), executor=executor, reason=reason) for reason in reasons]
    return QuestionError(found, {} if ruleset is None else ruleset.texts)


def evaluate(
    ruleset: "Ruleset",
    facts: "Facts",
    as_of: DateLike,
    period: Period | None = None,
    known_at: DateLike | None = None,
    executor: str = "duckdb",
    on_pass: OnPass = lambda name: None,
    on_share: OnShare = _untold,
    memory_limit: str | None = None,
) -> Evaluation:
    """Who satisfies what, on a day and for a period.

    Parameters
    ----------
    as_of: the day the question is asked about: a `date` or a text such as `2025-01-31`. Nothing dated after it is seen.
    period: which windows to report: `2024`, `2024H1`, `2024Q3`, `2024-05`, `a..b`, or two days; default: the as-of date's calendar year.
    known_at: hides what was recorded later; default: nothing is hidden.
    executor: `duckdb`, `interpreter` (the same verdicts, only not as fast), or `rete` (only for what it supports).
    on_pass: is told the name of each pass before it begins.
    on_share: is told now and then which share of the pass is done.
    memory_limit: how much memory facts and verdicts may take, such as `4GB` (default: 1400MB); what is beyond it lies in temporary files.

    Raises
    ------
    QuestionError: if a date, the period, the executor or the size is none, or if the memory does not suffice.
    FactsError: if the facts do not go with the ruleset's vocabulary at all.
    """
    context = read_context(as_of, period)
    known = read_date("known_at", known_at) if known_at is not None else None
    _check_executor(executor)
    on_pass("admit")
    admitted, _ = side_by_side(lambda: admit(ruleset, facts, known, on_share, memory_limit), lambda: load_executor(executor))
    on_pass("run")
    table = run(executor, ruleset.program, admitted, context, ruleset)
    on_pass("report")
    return Evaluation(ruleset, admitted, context, executor, table)


def explain(
    ruleset: "Ruleset",
    facts: "Facts",
    subject: str,
    requirement: str,
    as_of: DateLike,
    period: Period | None = None,
    known_at: DateLike | None = None,
    window: Period | None = None,
    key: str | None = None,
) -> "Explained":
    """Why one verdict is what it is, without computing all others; the arguments are those of `evaluate` and `Evaluation.explain`.

    Raises
    ------
    QuestionError: if there is no such organization, requirement or verdict, or a date or period is none.
    """
    from mofan_rules.evaluation.explained import explain as explain_verdict

    context = read_context(as_of, period)
    known = read_date("known_at", known_at) if known_at is not None else None
    return explain_verdict(ruleset, admit(ruleset, facts, known), context, subject, requirement, window, key)


def compile_sql(
    ruleset: "Ruleset",
    dialect: str,
    as_of: DateLike | None = None,
    period: Period | None = None,
    schemas: tuple[str, str] = ("facts", "mofan"),
    language: Language = "en",
) -> "Script":
    """The program as SQL views over the admitted fact tables.

    Parameters
    ----------
    dialect: `duckdb`, `postgres` or `spark`.
    as_of, period: what the table `question` says; without a day it is left empty.
    schemas: that of the fact tables and that of the views.
    language: of titles and citations in the comments.

    Returns
    -------
    The script; its `refusals` name the requirements that are not in it.

    Raises
    ------
    QuestionError: if the day or the period is none.
    """
    from mofan_rules.compiler.plan import Names
    from mofan_rules.compiler.script import script

    question = read_context(as_of, period) if as_of is not None else None
    return script(ruleset.program, ruleset.catalogue, dialect, Names(*schemas), question, language)


def generate(
    ruleset: str | Path,
    branches: int,
    seed: int,
    out: Path,
    format: Literal["csv", "parquet"] = "csv",
    dirt: bool = True,
    on_share: OnShare = _untold,
) -> dict[str, Any]:
    """Write a population for a ruleset, by the `population.yaml` in its folder. One that takes over another ruleset's is cut down to what this ruleset knows.

    Parameters
    ----------
    dirt: whether anything goes wrong in it.
    on_share: is told now and then which share of the work is done.

    Returns
    -------
    The manifest: what was written, and what a check of it must find.

    Raises
    ------
    QuestionError: if there is no such profile, it cannot be used, a number is out of range or the folder cannot be written.
    RulesetError: if the ruleset is looked into, and has an error.
    """
    from mofan_rules import population

    for name, value, least in (("branches", branches, 1), ("seed", seed, 0)):
        if not least <= value <= 100_000_000:
            raise QuestionError([make("bad-number", None, name=name, value=value, least=least)])
    path = Path(ruleset) / "population.yaml"
    try:
        profile = population.read_profile(path)
        if profile.taken_from is not None:
            profile = population.cut(profile, load_ruleset(ruleset).vocabulary)
        return population.generate(profile, branches, seed, out, format, dirt, on_share=on_share)
    except population.ProfileError as error:
        raise QuestionError(make("bad-profile", None, path=str(path), problem=problem) for problem in error.problems) from error
    except OSError as error:
        raise cannot_write(error.filename or str(out), error) from error


def _check_executor(name: str) -> None:
    if name not in EXECUTORS:
        raise QuestionError([make("unknown-executor", None, name=name, suggestions=closest(name, EXECUTORS) or tuple(EXECUTORS))])


def _executor(name: str) -> "Executor":
    _check_executor(name)
    return load_executor(name)


__all__ = [
    "Evaluation",
    "account",
    "admit",
    "compile_sql",
    "evaluate",
    "explain",
    "generate",
    "lint",
    "load",
    "load_facts",
    "load_ruleset",
    "run",
    "schema",
    "write_whole",
]
