"""One state of the facts on one as-of date, with everything that is looked up in it, and the settings in which expressions are evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mofan_rules.executors.interpreter.expressions import Place
from mofan_rules.executors.interpreter.facts import Facts, Row
from mofan_rules.executors.interpreter.feeds import Feeds, Gap
from mofan_rules.executors.interpreter.frames import Look
from mofan_rules.executors.interpreter.links import Links
from mofan_rules.executors.interpreter.matching import Matcher
from mofan_rules.executors.interpreter.measures import Measurer, Reading
from mofan_rules.executors.interpreter.organizations import Organizations
from mofan_rules.executors.interpreter.parameters import Parameters
from mofan_rules.executors.interpreter.values import Value
from mofan_rules.executors.interpreter.walk import walk
from mofan_rules.ir.expressions import Holds
from mofan_rules.ir.measures import Measure
from mofan_rules.ir.program import Context, Judgement, Program
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.schema import DatedValue, Table
from mofan_rules.values.truth import Truth, conjunction, disjunction


@dataclass(frozen=True, slots=True)
class Suppositions:
    """What is thought of beyond the facts: gaps that are filled, parameters that have a value. `gaps_found` collects the gaps that were met."""

    filled: frozenset[Gap] = frozenset()
    parameters: Mapping[str, DatedValue] = field(default_factory=dict)
    gaps_found: set[Gap] | None = None


class Engine:
    """What a run works with."""

    def __init__(self, program: Program, facts: Facts, context: Context, supposed: Suppositions | None = None) -> None:
        self.program = program
        self.facts = facts
        self.context = context
        self.as_of = context.as_of
        self.organizations = Organizations(facts, context.as_of)
        self.links = Links(facts, self.organizations)
        supposed = supposed or Suppositions()
        self.parameters = Parameters(program.parameters, self.links, supposed.parameters)
        self.feeds = Feeds(facts, supposed.filled, supposed.gaps_found)
        self.matcher = Matcher(facts, self.organizations, self.links)
        self.measurer = Measurer(self.matcher, self.feeds)
        self._nodes: dict[int, tuple[object, ...]] = {}

    def nodes_of(self, judgement: Judgement) -> tuple[object, ...]:
        """All nodes of the measures and conditions of a judgement of the program, looked for once."""
        found = self._nodes.get(id(judgement))
        if found is None:
            found = self._nodes[id(judgement)] = tuple(walk((judgement.measures, judgement.tests, judgement.given)))
        return found

    def accountable(self, relation: str | None, subject: int, day: date) -> int:
        """The organization that answers for the subject on a day (meaning 1.8)."""
        if relation is None:
            return subject
        links = self.links.links(subject, Linked(relation, Direction.OUT), day)
        return min((found for found, truth in links.items() if truth), default=subject)


@dataclass(frozen=True, slots=True)
class Law:
    """Whose parameters hold: for a subject, by the law of a day and the graph of a day. Measures are not known here."""

    engine: Engine
    subject: int
    law_day: date
    place_day: date

    def parameter(self, name: str) -> DatedValue | None:
        return self.engine.parameters.value(name, self.law_day, self.subject, self.place_day)

    def organization(self, name: str) -> int | None:
        return self.engine.facts.numbers.get(name)

    def organization_id(self, number: int) -> str:
        return self.engine.facts.subjects[number]

    def holds(self, node: Holds, row: Row | None) -> Truth:
        return holds(self.engine, node, self.subject, row, self.place_day)

    def measured(self, name: str) -> Value:
        raise KeyError(name)

    def measure_missing(self, name: str) -> Truth:
        raise KeyError(name)


class Setting:
    """The measures of a judgement for one look, each read when it is first asked for."""

    def __init__(self, engine: Engine, measures: Mapping[str, Measure], look: Look, extend: bool) -> None:
        self.engine = engine
        self.measures = measures
        self.look = look
        self.extend = extend
        self.law = Law(engine, look.subject, look.law, look.place_day)
        self._readings: dict[str, Reading] = {}

    def reading(self, name: str) -> Reading:
        if name not in self._readings:
            self._readings[name] = self.engine.measurer.read(self.measures[name], self.look, View(self, extended=False), self.extend)
        return self._readings[name]

    def place(self, extended: bool) -> Place:
        """Where the tests are evaluated: with the measures as known, or extended by what may still come."""
        return self.engine.matcher.day_place(self.look, View(self, extended))


@dataclass(frozen=True, slots=True)
class View:
    """A setting as expressions see it: its measures as known, or extended."""

    setting: Setting
    extended: bool

    def parameter(self, name: str) -> DatedValue | None:
        return self.setting.law.parameter(name)

    def organization(self, name: str) -> int | None:
        return self.setting.law.organization(name)

    def organization_id(self, number: int) -> str:
        return self.setting.law.organization_id(number)

    def holds(self, node: Holds, row: Row | None) -> Truth:
        return holds(self.setting.engine, node, self.setting.look.subject, row, self.setting.look.day)

    def measured(self, name: str) -> Value:
        reading = self.setting.reading(name)
        return reading.extended if self.extended else reading.value

    def measure_missing(self, name: str) -> Truth:
        reading = self.setting.reading(name)
        return reading.absent_extended if self.extended else reading.absent


def holds(engine: Engine, node: Holds, subject: int, row: Row | None, day: date) -> Truth:
    """Does the person of a tenure hold one of the roles on a day, in the subject or where the relation leads? (`ir.expressions.Holds`)"""
    person = None if row is None else row.cells["person"]
    places: dict[int, Truth] = {subject: True} if node.relation is None else engine.links.links(subject, Linked(node.relation, Direction.OUT), day)
    truths: list[Truth] = []
    for organization, linked in places.items():
        for tenure in engine.facts.owned(Table.TENURES, "organization", organization):
            other = tenure.cells["person"]
            same = None if person is None or other is None else person == other
            truths.append(conjunction((linked, same, engine.matcher.holds_post(tenure, node.roles, organization, day))))
    found = disjunction(truths)
    if found is not False:
        return found
    gaps = list(engine.feeds.gaps(Table.TENURES, node.roles, places, day, day))
    if node.relation is not None:
        gaps += engine.feeds.gaps(Table.RELATIONS, engine.facts.vocabulary.family(Table.RELATIONS, node.relation), {subject}, day, day)
    return None if gaps or person is None else False
