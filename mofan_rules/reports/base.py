"""What every report is made from, and the pieces that several formats show."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mofan_rules.diagnostics.bilingual import Bilingual, Language
from mofan_rules.verdicts.catalogue import Catalogue, Entry
from mofan_rules.verdicts.messages import message
from mofan_rules.verdicts.relation import judged
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.summary import Summary
from mofan_rules.verdicts.table import COLUMNS, Verdict, VerdictTable

NamesOf = Callable[[Collection[str]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. `as_of_given` is false where the as-of date is today's because none was given."""

    as_of: date
    period_first: date
    period_last: date
    known_at: date | None = None
    executor: str = "duckdb"
    as_of_given: bool = True


@dataclass(frozen=True, slots=True)
class RejectedCount:
    """How many rows of a table were rejected with one code, and one of them as an example: where it stands and what is wrong."""

    table: str
    code: str
    number: int
    example: Bilingual


@dataclass(frozen=True, slots=True)
class FactsRead:
    """What became of the rows that were read: by table, those read, admitted and rejected; why; and what was assumed about the files.

    `rejected_organizations`: how many are known from rejected rows only, so that it is unknown whether requirements bind them.
    """

    rows: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    rejected: Sequence[RejectedCount] = ()
    assumptions: Sequence[Bilingual] = ()
    rejected_organizations: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report format may show.

    `names_of` gives the names of some organizations, as far as they have one. `seconds` is the time taken.
    """

    verdicts: VerdictTable
    catalogue: Catalogue
    summary: Summary
    question: Question
    language: Language
    facts: FactsRead = field(default_factory=FactsRead)
    names_of: NamesOf = lambda organizations: {}
    seconds: float | None = None

    def say(self, zh: str, en: str) -> str:
        """One of two texts, by the report's language."""
        return Bilingual(zh, en).of(self.language)

    def entry(self, requirement: str, window_from: date | None) -> Entry:
        """The version of a requirement that a verdict is about."""
        return self.catalogue.entry(requirement, window_from or self.question.as_of)

    def title(self, requirement: str) -> str:
        """The requirement's title in the report's language."""
        return self.catalogue.entry(requirement).title.of(self.language)

    def message(self, verdict: Verdict) -> str:
        """The verdict's sentence in the report's language."""
        return message(verdict, self.entry(verdict.requirement, verdict.window_from), self.language)

    def citation(self, entry: Entry) -> str:
        """The clauses that a requirement rests on, each once, on one line."""
        cited = (f"{citation.title.of(self.language)}{' ' if citation.clause else ''}{citation.clause}" for citation in entry.citations)
        return self.say("；", "; ").join(dict.fromkeys(cited))


SHOWN = ", ".join(f'"{name}"' for name in COLUMNS)


def most_serious(report: Report, limit: int) -> tuple[list[Verdict], int]:
    """The violated and then the unknown verdicts of enforced requirements, `must` before `should`, in the order of the table; and how many there are in all."""
    where = "FROM judged WHERE stage <> 'shadow' AND state IN ('violated', 'unknown')"
    order = "ORDER BY state = 'unknown', modality <> 'must', requirement, subject, window_from NULLS FIRST, window_until NULLS FIRST, key"
    with judged(report.verdicts, report.catalogue, report.question.as_of) as connection:
        found = connection.execute(f"SELECT {SHOWN} {where} {order} LIMIT {int(limit)}").fetchall()
    counts = report.summary.counts
    return [Verdict._make(row) for row in found], counts[State.VIOLATED] + counts[State.UNKNOWN]
