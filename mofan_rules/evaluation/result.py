"""What an evaluation gives back: the verdicts, their summary and explanation, what became of the facts, and reports of it all."""

from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, Language, QuestionError, closest, make
from mofan_rules.evaluation.files import write_whole
from mofan_rules.evaluation.rows import Rejected, names_of, rows_read
from mofan_rules.reports import FORMATS, Report, format_of, load_format
from mofan_rules.reports.base import Question
from mofan_rules.verdicts.frame import Verdicts
from mofan_rules.verdicts.summary import Summary, summarize

if TYPE_CHECKING:
    from datetime import date

    from mofan_rules.evaluation.derived import Derived
    from mofan_rules.evaluation.explained import Explained
    from mofan_rules.evaluation.question import Period
    from mofan_rules.facts import AdmittedFacts
    from mofan_rules.ir.program import Context
    from mofan_rules.ruleset import Ruleset
    from mofan_rules.verdicts.table import VerdictTable


class Evaluation:
    """The answer to one question. Nothing in it changes; what is asked of it is computed when it is asked for the first time."""

    def __init__(self, ruleset: "Ruleset", facts: "AdmittedFacts", context: "Context", executor: str, table: "VerdictTable") -> None:
        self.ruleset = ruleset
        self.facts = facts
        self.context = context
        self.executor = executor
        self.verdicts = Verdicts(table)
        self._summary: Summary | None = None
        self._derived: tuple[Derived, ...] | None = None

    def summary(self) -> Summary:
        """Counts by requirement and state, the organizations worst off, what falls due soon."""
        if self._summary is None:
            self._summary = summarize(self.verdicts, self.ruleset.catalogue, self.context.as_of)
        return self._summary

    def derived(self) -> "tuple[Derived, ...]":
        """The facts that the ruleset's `derive:` asserts on these verdicts, sorted by kind, organization, date, attributes."""
        if self._derived is None:
            from mofan_rules.evaluation.derived import derived_from

            self._derived = derived_from(self)
        return self._derived

    def explain(self, subject: str, requirement: str, window: "Period | date | None" = None, key: str | None = None, language: Language = "zh") -> "Explained":
        """Why one verdict is what it is; see `mofan_rules.evaluation.explained.explain`.

        Parameters
        ----------
        subject: the organization's id, or its name if only one has it.
        requirement: the requirement's id.
        window: a day in the window, its name (`2024Q3`) or its first and last day; without one, the latest violated verdict, else unknown, else pending.
        key: tells verdicts of one window apart.

        Raises
        ------
        QuestionError: if there is no such organization, requirement or verdict.
        """
        from mofan_rules.evaluation.explained import explain

        return explain(self.ruleset, self.facts, self.context, subject, requirement, window, key, language)

    def report(self, language: Language = "zh", as_of_given: bool = True, started: float | None = None) -> Report:
        """What the report formats take. `started` is the moment (`time.perf_counter`) from which the time taken counts."""
        asked = Question(self.context.as_of, self.context.period_first, self.context.period_last, self.facts.known_at, self.executor, as_of_given)
        from mofan_rules.facts.database import within_memory

        with within_memory():
            summary = self.summary()
            facts, names = rows_read(self.facts, self.context.as_of), partial(names_of, self.facts, self.context.as_of)
        seconds = perf_counter() - started if started is not None else None
        return Report(self.verdicts, self.ruleset.catalogue, summary, asked, language, facts, names, seconds)

    @property
    def assumptions(self) -> tuple[Bilingual, ...]:
        """What was assumed in reading the facts: encodings, forms of dates, tables told by their names."""
        return self.facts.summary.assumptions if self.facts.summary is not None else ()

    @property
    def rejected(self) -> "Rejected":
        """The rows that were not admitted, with table, file, line, column, code, reason and value; any reader of Arrow takes it."""
        return Rejected(self.facts)

    def write(self, path: str | Path, format: str | None = None, language: Language = "zh") -> None:
        """Write a report. The file appears whole or not at all.

        Parameters
        ----------
        path: its ending tells the format (`.json`, `.csv`, `.parquet`, `.md`, `.html`, `.txt`) unless `format` does.
        language: of the texts for people; codes are the same in all.

        Raises
        ------
        QuestionError: if the format is unknown or the file cannot be written.
        """
        target = Path(path)
        name = format or format_of(target)
        if name not in FORMATS:
            wanted = name or target.suffix or target.name
            raise QuestionError([make("unknown-format", None, name=wanted, suggestions=closest(wanted, FORMATS) or tuple(FORMATS))])
        report = self.report(language)
        write_whole(target, lambda file: load_format(name).write(report, file))
