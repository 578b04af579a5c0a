"""The program: judgements and tallies over measures, in strata. This is the waist; `docs/meaning.md` says what each node means."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mofan_rules.diagnostics.span import Origin
from mofan_rules.ir.derivations import Derivation
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Measure
from mofan_rules.ir.rows import Linked, Rows
from mofan_rules.schema import Parameter, Vocabulary
from mofan_rules.values.dates import BEGINNING, END, CivilDate, Duration
from mofan_rules.values.windows import Every


@dataclass(frozen=True, slots=True)
class Calendar:
    """The windows of a calendar. `starting` is the day on which the first begins: a date, or a date column of the subject
    (`founded_on`, `a_<n>`; taken from the subject's version on the as-of date or its last one before; missing: one window that is unknown)."""

    every: Every
    starting: date | str | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """One window, from `first` to `last`."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One window, the as-of date itself; always reported, whatever the period."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Each answer opens the next window. The chain starts at the subject's founding, or at its first row of `first`."""

    first: Rows | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """One window a trigger.

    With `within` the window runs from `date + after` to `date + within` (`after` may be `None`: from the beginning of time); with `by` it runs from `date +
    after` to the date in that column of the trigger. Without both it is the row's own span of dates. `not_counting` are months whose days a `within` in days
    passes over. `trigger` is `None` for the subject's founding. In a chain the trigger rows are the answers themselves.
    `must_exist`: a subject without any trigger gets one unknown verdict (`no_trigger`); always so for founding and for chains.
    """

    trigger: Rows | None
    after: Expression | None = None
    within: Expression | None = None
    by: str | None = None
    not_counting: frozenset[int] = frozenset()
    chain: Chain | None = None
    must_exist: bool = False


Windows = Calendar | Once | Snapshot | Each


class Judge(StrEnum):
    """What the tests of a judgement look at."""

    WINDOW = "window"
    """What happened in the window."""
    DAY = "day"
    """The state on the reference day of the window."""
    THROUGHOUT = "throughout"
    """The state on each bound day of the window."""


class Partial(StrEnum):
    SKIP = "skip"
    REQUIRE = "require"
    PRORATE = "prorate"


class Modality(StrEnum):
    MUST = "must"
    SHOULD = "should"


class Stage(StrEnum):
    SHADOW = "shadow"
    ENFORCE = "enforce"


class Measured(StrEnum):
    """How the columns `measured` and `required` are written."""

    NUMBER = "number"
    DATE = "date"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A test: the measure lies between `at_least` and `at_most`, both included. `None`: no such bound.

    A parameter with the value `none` in the place of a bound is no bound; one without a value makes the test unknown.
    `few` and `many` are the reasons of a false test.
    """

    measure: str
    at_least: Expression | None = None
    at_most: Expression | None = None
    few: str = "too_few"
    many: str = "too_many"


@dataclass(frozen=True, slots=True)
class Condition:
    """A test: the expression is true. `otherwise` is the reason where it is false."""

    expression: Expression
    otherwise: str = "condition_false"


Test = Bounds | Condition


@dataclass(frozen=True, slots=True)
class Header:
    """What judgements and tallies have in common.

    `subjects`: kinds of organization, families expanded. `first` and `last`: the span in which this version of the requirement is effective.
    `accountable`: a relation that leads from the subject to the organization that answers.
    """

    requirement: str
    kind: str
    subjects: frozenset[str]
    when: Expression | None = None
    first: date = BEGINNING
    last: date = END
    partial: Partial = Partial.SKIP
    grace: Duration | CivilDate | None = None
    modality: Modality = Modality.MUST
    stage: Stage = Stage.ENFORCE
    weight: int = 1
    accountable: str | None = None
    extension: Duration | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One version of a requirement that is judged from facts: all `tests` must hold. The first test with bounds is the one shown.

    `given` (of `judge: day` only) is the premise: a condition over measures on the reference day; where it is false, the requirement does not apply.
    """

    header: Header
    windows: Windows
    judge: Judge
    measures: tuple[Measure, ...]
    tests: tuple[Test, ...]
    measured: Measured = Measured.NUMBER
    given: Expression | None = None


@dataclass(frozen=True, slots=True)
class ByAccountable:
    """The parts for which the tally's subject is accountable."""


class Counted(StrEnum):
    SATISFIED = "satisfied"
    VIOLATED = "violated"


class Per(StrEnum):
    WINDOW = "window"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Tally:
    """One version of a requirement that is judged from the verdicts of others.

    `parts` are requirement ids (of lower strata). `over` is `None` for the subject itself;
    `ByAccountable` takes the parts whose column `accountable` is the subject, surely. `part_kinds` limits the parts to subjects of these kinds.
    `windows` is `None` for the period asked. `share`: the bounds are shares (numbers from 0 to 1), else counts. `in_a_row`: count the
    parts (requirement and subject) that have so many windows of the state `counted` one after the other.
    """

    header: Header
    windows: Calendar | None
    parts: tuple[str, ...]
    over: Linked | ByAccountable | None = None
    part_kinds: frozenset[str] | None = None
    counted: Counted = Counted.SATISFIED
    per: Per = Per.WINDOW
    in_a_row: int | None = None
    share: bool = False
    at_least: Expression | None = None
    at_most: Expression | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """All judgements, then the tallies in an order in which each comes after its parts; what follows from the verdicts, by stratum and name."""

    ruleset: str
    version: str
    vocabulary: Vocabulary
    parameters: tuple[Parameter, ...]
    judgements: tuple[Judgement, ...]
    tallies: tuple[Tally, ...]
    derivations: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The question: on which day, and for which period (both ends included). Known-at was applied at admission."""

    as_of: date
    period_first: date
    period_last: date
