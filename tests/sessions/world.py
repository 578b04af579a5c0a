"""Random sessions: a scenario of the differential test, of whose rows some are there at the beginning, and the others come one by one."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from random import Random

from mofan_rules.diagnostics import RulesetError
from mofan_rules.facts import Facts
from mofan_rules.ruleset import Ruleset
from mofan_rules.schema import Table
from mofan_rules.sessions.changes import Changes, identity
from mofan_rules.sessions.independent import independent
from mofan_rules.sessions.recorded import Columns
from mofan_rules.sessions.records import FACTS, Fact
from mofan_rules.sessions.session import Session
from mofan_rules.sessions.standing import Question, Standing
from mofan_rules.verdicts.table import Verdict
from tests.cases import ruleset_of
from tests.differential.derivations import Derivations
from tests.differential.populations import Row, hot_days
from tests.differential.scenarios import Scenario, scenarios


class Course:
    """One scenario as a session: `base` are the facts that it begins with, `waiting` the rows that are yet to come."""

    def __init__(self, seed: int, share: float = 0.6, derive: bool = False) -> None:
        random = Random(seed)
        self.scenario: Scenario = random.choice(list(scenarios(seed)))
        self.derive = derive
        self.ruleset: Ruleset = _deriving(self.scenario, random) if derive else ruleset_of(self.scenario.case())
        base: dict[str, list[Row]] = {}
        self.waiting: list[tuple[str, Row]] = []
        for table, rows in self.scenario.facts.items():
            base[table] = []
            stays = 0.97 if table in ("organizations", "relations", "feeds", "attendance") else share
            for row in rows:
                if random.random() < stays:
                    base[table].append(row)
                else:
                    self.waiting.append((table, row))
        if not base["organizations"]:
            base["organizations"] = list(self.scenario.facts["organizations"])
            self.waiting = [(table, row) for table, row in self.waiting if table != "organizations"]
        random.shuffle(self.waiting)
        self.base = Facts(**base, complete=self.scenario.complete)

    def stands(self, executor: str = "interpreter") -> Standing:
        """The verdicts on the facts at the beginning, from which many sessions can begin."""
        context = self.scenario.case().context
        return Standing.on(Question(self.ruleset, executor, context), self.base)

    def independent(self, standing: Standing, most: int) -> list[tuple[str, Row]]:
        """Some of the waiting rows that can be read by themselves, whatever else of them has come."""
        columns = Columns(self.ruleset.program.vocabulary)
        found: list[tuple[str, Row]] = []
        for number, (table, row) in enumerate(self.waiting):
            rows = [*found, (table, {"id": f"waiting-{number}"} | row)]
            if len(found) < most and independent([(Table(one), columns.texts(Table(one), cells)) for one, cells in rows], standing.single) is not None:
                found = rows
        return found

    def begin(self, standing: Standing) -> Session:
        """A session from there; it may be closed without closing that."""
        shared = replace(standing.admitted, connection=standing.admitted.connection.cursor())
        own = Standing(standing.question, shared, standing.table)
        return Session(self.ruleset, self.base, self.scenario.as_of, self.scenario.period, None, "interpreter", own)

    def open(self, executor: str = "interpreter", journal: str | None = None) -> Session:
        """The session on the facts at the beginning."""
        return Session.opened(self.ruleset, self.base, self.scenario.as_of, self.scenario.period, journal, executor=executor, derive=self.derive)


def _deriving(scenario: Scenario, random: Random) -> Ruleset:
    """The scenario's ruleset with derivations; what is drawn is not always well formed."""
    requirements = [fields["id"] for fields in scenario.ruleset["requirements"]]
    while True:
        derive = Derivations(random, hot_days(random), requirements).document()
        with suppress(RulesetError):
            return ruleset_of(replace(scenario, ruleset=scenario.ruleset | {"derive": derive}).case())


def fact_of(table: str, row: Row) -> Fact:
    """A row as people write it, as a fact."""
    model = FACTS[Table(table)]
    cells = {("of" if name == "table" else name): cell for name, cell in row.items()}
    fixed = {name: cell for name, cell in cells.items() if name in model.model_fields}
    return model.model_validate(fixed | {"attributes": {name: cell for name, cell in cells.items() if name not in fixed}})


def applied(before: Sequence[Verdict], changes: Changes) -> Counter[Verdict]:
    """A verdict table after changes."""
    rows = Counter(before)
    for change in changes:
        if change.before is not None:
            assert rows[change.before] > 0, "a change says of a verdict what it was not"
            rows[change.before] -= 1
        if change.after is not None:
            rows[change.after] += 1
        if change.before is not None and change.after is not None:
            assert identity(change.before) == identity(change.after)
    return +rows
