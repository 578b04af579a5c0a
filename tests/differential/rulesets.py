"""Random rulesets, as the documents that authors write: all seven kinds with all their fields, parameters, named measures."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from tests.differential.expressions import Expressions, Name
from tests.differential.world import FIXED, GRADES, ITEMS, KINDS, PERSONS, TEXTS, VOCABULARY, attributes

Document = dict[str, Any]

MOST = 8
IDS = tuple(f"r{number:02}" for number in range(1, MOST + 1))
"""The ids that the requirements of random rulesets have."""

PERIODS = ("month",) * 10 + ("quarter",) * 5 + ("week", "week", "2 weeks", "half-year", "year", "2个月", "4个月")
SUBJECTS = (["branch"],) * 5 + (["unit", "branch", "committee"],) * 4 + (["unit"], ["committee"], ["joint"], ["branch", "committee"])
RELATIONS = ("part_of", "part_of", "part_of", "guides", "covers")
DATED = {"event": "events", "document": "evidence", "start_of": "tenures", "end_of": "tenures", "relation_start": "relations", "relation_end": "relations"}
STATES = ("occupancy", "coverage", "attribute", "evidence")
MEASURED = {"event": "events", "document": "evidence", "role": "tenures", "relation": "relations", "organizations": "organizations"}


class Rulesets:
    """Makes one random ruleset.

    Parameters
    ----------
    days: ISO dates near which something happens in the facts; windows and law begin and end there.
    organizations: ids that the facts have, for parameters that hold below one.
    policies: for each id the modality and whether it is waivable, so that rulesets made with the same policies admit the same facts.
    presence: whether conditions may ask if a cell is missing.
    plain: whether requirements have few conditions, so that more of them bind and are met.
    aim: `states` or `deadlines` makes plain requirements of those kinds only, for what turns up too seldom otherwise.
    """

    def __init__(
        self,
        random: Random,
        days: Sequence[str],
        organizations: Sequence[str],
        policies: Mapping[str, tuple[str, str]],
        *,
        presence: bool = True,
        plain: bool = False,
        aim: str = "",
    ) -> None:
        self.random = random
        self.days = days
        self.organizations = organizations
        self.policies = policies
        self.presence = presence
        self.plain = plain or bool(aim)
        self.aim = aim
        self.parameters: dict[str, str] = {}
        self.measures: dict[str, str] = {}
        self.ids: list[str] = []
        self._calendar = False

    def document(self, size: int) -> Document:
        """A ruleset with the first `size` ids, a quarter of them (and at least one) roll-ups; where states are aimed at, one."""
        parameters = self._parameters()
        measures = self._measures("m", 3)
        kinds: tuple[Callable[[], Document], ...] = (self._occurrence, self._deadline, self._occupancy, self._coverage, self._attribute, self._evidence)
        kinds += (self._occurrence,)
        states = (self._occupancy, self._coverage, self._attribute, self._occupancy, self._coverage, self._attribute, self._evidence)
        if self.aim:
            kinds = (self._deadline,) if self.aim == "deadlines" else states
        requirements = []
        tallied = 1 if self.aim == "states" else max(1, size // 4)
        shift = self.random.randrange(len(kinds))
        for number in range(size - tallied):
            make = kinds[(number + shift) % len(kinds)]
            requirements += self._versions(self._with_premise(make()))
        for _ in range(tallied):
            requirements.append(self._rollup())
        return {"roster": "member", "vocabulary": VOCABULARY, "parameters": parameters, "measures": measures, "requirements": requirements}

    # ---- what every requirement has

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _header(self, kind: str) -> Document:
        self._calendar = False
        identifier = IDS[len(self.ids)]
        self.ids.append(identifier)
        fields: Document = {"id": identifier, "kind": kind, "subject": ["unit", "branch", "committee"] if self.aim else self.random.choice(SUBJECTS)}
        if self._chance(0.05 if self.plain else 0.3):
            fields["when"] = self._expressions(fields["subject"]).boolean()
        if self._chance(0.05):
            fields["stage"] = "shadow"
        fields["modality"], fields["waivable"] = self.policies[identifier]
        if self._chance(0.25):
            fields["accountable"] = self.random.choice(RELATIONS)
        if self._chance(0.2):
            fields["weight"] = str(self.random.choice((0, 2, 3)))
        if self._chance(0.3):
            fields["tags"] = [self.random.choice(("core", "extra"))]
        if self._chance(0.03 if self.plain else 0.15):
            fields["effective"] = {self.random.choice(("from", "until")): self.random.choice(self.days)}
        return fields

    def _versions(self, requirement: Document) -> list[Document]:
        """Now and then a second version of the requirement, in force after the first."""
        if "effective" in requirement or not self._chance(0.08):
            return [requirement]
        first, second = sorted(self.random.sample(self.days, 2))
        later = dict(requirement) | {"effective": {"from": second}}
        if "at_least" in later and "where" not in later:
            later["at_least"] = str(self.random.randrange(3))
        return [requirement | {"effective": {"until": first}}, later]

    def _with_premise(self, fields: Document) -> Document:
        """Often a premise, for a state that is judged on one day: on what is counted for it alone, or on anything."""
        if fields["kind"] not in STATES or "throughout" in fields or "each" in fields or not self._chance(0.3 if self.aim else 0.5):
            return fields
        fields = {key: value for key, value in fields.items() if key != "every" or fields["kind"] != "attribute"}
        if fields["kind"] == "attribute" and "_before" in fields["condition"]:
            fields["condition"] = "subject.active"
        name = f"premise_{fields['id']}"
        table = self.random.choice(("role", "event", "document"))
        measures = dict(fields.get("measures", {})) | {name: {"count": "true", "of": {table: self._kinds(MEASURED[table])}}}
        third = ">= times" if self.aim else ">= 3"
        given = f"{name} {self.random.choice(('>= 1', '>= 2', third, '<= 0', '<= 1', '>= times', '<= limit'))}"
        if self._chance(0.2) and not self.plain:
            self._calendar = False
            given = f"({given}) or ({self._expressions(fields['subject'], measures=True).boolean(1)})"
        return fields | {"measures": measures, "given": given}

    def _counted(self) -> Document:
        """Bounds for the number of responses to a deadline."""
        least, most = self.random.choice(("1", "2", "times", *("subject.rate",) * 3)), self.random.choice(("0", "1", "limit", *("subject.rate",) * 3))
        return self.random.choice(({"at_least": least}, {"at_most": most}, {"at_least": least, "at_most": most}))

    def _grace(self, *, state: bool) -> Document:
        if not self._chance(0.5 if state else 0.3):
            return {}
        civil = () if state else ("03-31", "02-29", "12-31")
        return {"grace": self.random.choice(("1天", "10天", "30天", "1个月", "0天", *civil))}

    def _partial(self, *, prorate: bool = False) -> Document:
        draw = self.random.random()
        if draw < 0.5:
            return {}
        return {"partial": "prorate" if prorate and draw > 0.8 else "require"}

    def _state(self) -> Document:
        if self._chance(0.25):
            return {}
        fields: Document = {"every": self.random.choice(PERIODS)}
        self._calendar = True
        if self._chance(0.45):
            fields["throughout"] = "true"
        return fields

    # ---- names and expressions

    def _expressions(self, subject: Sequence[str], *rows: tuple[str, str, Sequence[str]], measures: bool = False, window: bool = True) -> Expressions:
        """Expressions over the subject, the parameters and rows, each given as (prefix, table, kinds)."""
        names = [Name(f"subject.{name}", kind, _words("organizations", name, subject)) for name, kind in _columns("organizations", tuple(subject)).items()]
        for prefix, table, kinds in rows:
            names += [Name(f"{prefix}.{name}", kind, _words(table, name, kinds)) for name, kind in _columns(table, tuple(kinds)).items()] * 2
        names += [Name(name, kind, cell=False) for name, kind in self.parameters.items()]
        if measures:
            seen = {name: kind for name, kind in self.measures.items() if self._calendar or not name.endswith("_before")}
            names += [Name(name, kind) for name, kind in seen.items()] * 3
        roles = any(table == "tenures" and prefix == "row" for prefix, table, _ in rows)
        return Expressions(self.random, names, self.days, roles=roles, window=window, presence=self.presence)

    def _where(self, subject: Sequence[str], table: str, kinds: Sequence[str], probability: float = 0.5, key: str = "where") -> Document:
        if not self._chance(probability * 0.4 if self.plain else probability):
            return {}
        return {key: self._expressions(subject, ("row", table, kinds)).boolean()}

    def _kinds(self, table: str, most: int = 2) -> list[str]:
        return self.random.sample(KINDS[table], self.random.randrange(1, most + 1))

    def _bounds(self, subject: Sequence[str], low: Sequence[int] = (0, 1, 1, 1, 2, 2, 3), high: Sequence[int] = (0, 0, 1, 1, 2)) -> Document:
        bounds: Document = {}
        draw = self.random.random()
        if draw < 0.15:
            return {}
        if draw < 0.65:
            bounds["at_least"] = self._bound(subject, low)
        if draw > 0.5:
            bounds["at_most"] = self._bound(subject, high)
        return bounds

    def _bound(self, subject: Sequence[str], numbers: Sequence[int]) -> str:
        draw = self.random.random()
        if draw < (0.85 if self.plain else 0.5):
            return str(self.random.choice(numbers))
        if draw < 0.95:
            return self.random.choice(("times", "limit", "times / 2", "limit + 1", "subject.rate"))
        return self._expressions(subject, measures=True).number(1)

    # ---- parameters and measures

    def _parameters(self) -> Document:
        days = sorted(self.days)
        middle = days[len(days) // 2]

        def dated(*values: str) -> list[Document]:
            entries: list[Document] = []
            for value in values:
                entry: Document = {"value": value, "local": "true"}
                if value == "?":
                    del entry["value"]
                if self._chance(0.35):
                    entry[self.random.choice(("from", "until"))] = self.random.choice((middle, *days))
                if self._chance(0.3):
                    entry["under"] = self.random.choice(self.organizations)
                entries.append(entry)
            return entries

        def typed(kind: str, *values: str) -> list[Document]:
            return [entry | {"type": kind} for entry in dated(*values)]

        self.parameters = {
            "times": "integer",
            "limit": "integer",
            "quorum": "number",
            "term": self.random.choice(("days", "months")),
            "cut_off": "date",
            "patron": "organization",
            "strict": "boolean",
            "word": "text",
        }
        unknown = ("?",) if self._chance(0.5) else ()
        return {
            "times": dated("1", *self.random.sample(("0", "2", "3"), 2), *unknown),
            "limit": dated("1", self.random.choice(("none", "2", "none")), *unknown),
            "quorum": dated("50%", self.random.choice(("80%", "0.5", "1"))),
            "term": dated(*(("30天", "10天", "0天") if self.parameters["term"] == "days" else ("1个月", "3个月"))),
            "cut_off": typed("date", *self.random.sample(list(self.days), min(2, len(self.days)))),
            "patron": typed("organization", *self.random.sample(list(self.organizations), min(2, len(self.organizations)))),
            "strict": typed("boolean", "true", "false", *unknown),
            "word": typed("text", *self.random.sample(TEXTS, 2)),
        }

    def _measures(self, prefix: str, most: int) -> Document:
        found: Document = {}
        for number in range(self.random.randrange(1, most + 1)):
            name = f"{prefix}{number}"
            found[name], kind = self._measure()
            self.measures[name] = kind
        if self._chance(0.5):
            found[f"{prefix}_before"] = {"previous": f"{prefix}0"}
            self.measures[f"{prefix}_before"] = self.measures[f"{prefix}0"]
        return found

    def _measure(self) -> tuple[Document, str]:
        table_key = self.random.choice(("event", "event", "event", "event", "document", "role", "role", "relation", "organizations"))
        table = MEASURED[table_key]
        kinds = self._kinds(table)
        fields: Document = {"of": {table_key: kinds}}
        expressions = self._expressions((), ("row", table, kinds))
        if table_key == "relation":
            fields["of"]["direction"] = self.random.choice(("out", "in"))
        if table_key == "organizations" or (table_key != "relation" and self._chance(0.2)):
            fields["along"] = self.random.choice(RELATIONS)
            fields["direction"] = self.random.choice(("out", "in"))
            fields["depth"] = self.random.choice(("1", "2", "all"))
        if self._chance(0.4):
            fields["where"] = expressions.boolean(1)
        if self._chance(0.2):
            fields["per"] = self.random.choice(PERIODS)
        columns = _columns(table, tuple(kinds))
        quantity = self.random.choice(("count", "count", "sum", "sum", "distinct", "latest", "earliest", "largest_group"))
        column = self.random.choice([name for name, kind in columns.items() if quantity in _QUANTITIES[kind]] or [""])
        if quantity == "count" or not column:
            return fields | {"count": "true"}, "integer"
        if quantity in ("latest", "earliest"):
            return fields | {quantity: f"row.{column}"}, columns[column]
        if quantity == "sum":
            value = f"row.{column}" if self._chance(0.7) else f"row.{column} * 2 - 1"
            return fields | {"sum": value}, columns[column] if value == f"row.{column}" else "number"
        return fields | {quantity: f"row.{column}"}, "integer"

    # ---- the kinds

    def _bare(self, fields: Document) -> bool:
        """In plain rulesets, half of the requirements have nothing but what makes them what they are; where something is aimed at, nearly all."""
        return self.plain and self._chance(0.9 if self.aim else 0.5) and fields.pop("when", "") is not None

    def _lasting(self, throughout: float = 0.75) -> Document:
        """A state that is judged in every period, with a grace; where it is aimed at, now and then not binding all the time.

        Parameters
        ----------
        throughout: how many of those that are aimed at are judged on every day. (Links take long to follow on every day.)
        """
        self._calendar = True
        fields: Document = {"every": self.random.choice(("month", "month", "quarter"))} if self._chance(0.7) else {}
        if fields and self._chance(throughout if self.aim else 0.65):
            fields["throughout"] = "true"
        if self.aim and self._chance(0.12):
            fields["when"] = "subject.active"
        graces = ("2天", "2天", "10天", "10天", "1个月") if self.aim else ("2天", "10天", "30天", "1个月", "1个月")
        return fields | ({"grace": self.random.choice(graces)} if self._chance(0.8) else {}) | self._partial()

    def _occurrence(self) -> Document:
        fields = self._header("occurrence")
        subject, kinds = fields["subject"], self._kinds("events")
        fields["event"] = kinds
        if self._chance(0.15):
            kinds = fields["event"] = [self.random.choice(("meeting", "report"))]
            fields["on"] = "partner"
        if self._chance(0.12):
            first, last = sorted(self.random.choices(self.days, k=2))
            fields["once"] = {"from": first, "until": last}
        else:
            fields["every"] = self.random.choice(PERIODS)
            self._calendar = True
            if self._chance(0.35):
                fields["starting"] = self.random.choice(("opened", "opened", "founded_on", *self.days[:2]))
        return fields | self._where(subject, "events", kinds) | self._bounds(subject) | self._grace(state=False) | self._partial(prorate=True)

    def _deadline(self) -> Document:
        fields = self._header("deadline")
        subject = fields["subject"]
        if self._bare(fields):
            common = {"trigger": {"event": ["order"]}, "response": {"event": ["report"]}, "within": self.random.choice(("10天", "30天", "1个月", "3个月"))}
            if self._chance(0.45):
                common |= self._counted()
            return fields | common | ({"extension": self.random.choice(("1个月", "1年"))} if self._chance(0.3) else {}) | self._grace(state=False)
        fields["response"] = {"event": ["report"]} if self._chance(0.5) else self._dated(subject)
        if self._chance(0.25):
            fields["since"] = "last"
            if self._chance(0.4):
                fields["first"] = self._dated(subject)
        else:
            self._trigger(fields)
        if "by" not in fields:
            fields["within"] = self._length()
        if self._chance(0.35):
            fields["after"] = self.random.choice(("none", "0天", "5天", "-10天", "-1个月", "term"))
        if "since" not in fields and self._chance(0.3):
            fields |= self._counted()
        if fields.get("within") in ("10天", "30天", "0天") and self._chance(0.3):
            fields["not_counting"] = self.random.sample([str(month) for month in range(1, 13)], self.random.randrange(1, 4))
        if self._chance(0.3):
            fields["must_exist"] = "true"
        if self._chance(0.3):
            fields["extension"] = self.random.choice(("10天", "1个月", "1年"))
        return fields | self._grace(state=False) | self._partial()

    def _trigger(self, fields: Document) -> None:
        subject = fields["subject"]
        draw = self.random.random()
        if draw < 0.1:
            fields["trigger"] = "founding"
            return
        if draw < 0.2:
            fields["trigger"] = {"date": "opened"}
            return
        trigger = fields["trigger"] = {"event": ["order"]} if draw < 0.6 else self._dated(subject)
        key = next(key for key in DATED if key in trigger)
        if key == "event" and self._chance(0.35):
            trigger[key] = ["order"]
            trigger.pop("where", None)
            fields["by"] = "due_day"
        elif key == "document" and self._chance(0.3):
            fields["by"] = "checked"
        if self._chance(0.3):
            answer = next(key for key in DATED if key in fields["response"])
            rows = (("trigger", DATED[key], trigger[key]), ("row", DATED[answer], fields["response"][answer]))
            fields["match"] = self._expressions(subject, *rows).boolean(1)

    def _dated(self, subject: Sequence[str]) -> Document:
        key = self.random.choice(("event",) * 6 + ("document",) * 2 + ("start_of", "end_of") * 2 + ("relation_start", "relation_end"))
        fact: Document = {key: self._kinds(DATED[key], 1)}
        if key.startswith("relation"):
            fact["direction"] = self.random.choice(("in", "out"))
        return fact | self._where(subject, DATED[key], fact[key], 0.3)

    def _length(self) -> str:
        return self.random.choice(("10天", "30天", "0天", "1个月", "3个月", "1年", "term", "-5天"))

    def _occupancy(self) -> Document:
        fields = self._header("occupancy")
        subject, kinds = fields["subject"], self._kinds("tenures")
        if self._bare(fields):
            fields |= {"role": [self.random.choice(("head", "member"))]} | self._lasting()
            many = {"role": ["head", "member"], "at_most": "1"} if self.aim else {"at_most": "1"}
            return fields | self.random.choice(({}, {}, {"holder": "row.full_time"}, many, {"at_least": "times"}, {"at_least": "1", "at_most": "1"}))
        fields |= {"role": kinds} | self._where(subject, "tenures", kinds, 0.4) | self._where(subject, "tenures", kinds, 0.3, "holder")
        return fields | self._state() | self._bounds(subject) | self._grace(state=True) | self._partial()

    def _coverage(self) -> Document:
        fields = self._header("coverage")
        subject, kinds = fields["subject"], self._kinds("organizations")
        if self._bare(fields):
            relations = ("part_of", "guides", "covers", *("guides", "covers") * bool(self.aim))
            linked = {"role": ["member", "head"]} if self._chance(0.3) else {"relation": self.random.choice(relations), "direction": "in"}
            fields |= linked | ({"where": "row.active"} if self._chance(0.65 if self.aim else 0.5) else {})
            if "where" in fields and self._chance(0.7 if self.aim else 0.4):
                return fields | {"share": "true", "at_least": "50%"} | self._lasting(0.4)
            bounds = ({"at_least": "1"}, {"at_least": "1"}, {"at_most": "0"}, {"at_most": "1"}, {"at_least": "subject.rate"}, {"at_least": "subject.rate"})
            return fields | self.random.choice(bounds + ({"at_least": "1"},) * (8 if self.aim else 0)) | self._lasting(0.4)
        if self._chance(0.2):
            fields["role"] = self._kinds("tenures")
        else:
            fields["relation"] = self.random.choice(RELATIONS)
            fields["direction"] = self.random.choice(("out", "in", "in"))
            fields["depth"] = self.random.choice(("1", "2", "all"))
        if self._chance(0.8):
            fields["of"] = kinds
        fields |= self._state() | self._where(subject, "organizations", kinds if "of" in fields else (), 0.5)
        if "where" in fields and self._chance(0.3):
            fields |= {"share": "true", "at_least": self.random.choice(("50%", "quorum", "100%"))}
        else:
            fields |= self._bounds(subject)
        return fields | self._grace(state=True) | self._partial()

    def _attribute(self) -> Document:
        fields = self._header("attribute")
        subject = fields["subject"]
        if self._bare(fields):
            return fields | self._bare_condition(f"own_{fields['id']}")
        if self._chance(0.35):
            key = self.random.choice(("event", "event", "role", "document"))
            kinds = self._kinds(MEASURED[key])
            fields["each"] = {key: kinds} | self._where(subject, MEASURED[key], kinds, 0.3)
            fields["condition"] = self._expressions(subject, ("trigger", MEASURED[key], kinds)).boolean()
            return fields | self._partial()
        fields |= self._state()
        if self._chance(0.3):
            kept = dict(self.measures)
            fields["measures"] = self._measures(f"own_{fields['id']}_", 2)
            fields["condition"] = self._expressions(subject, measures=True).boolean(1)
            self.measures = kept
        else:
            fields["condition"] = self._expressions(subject, measures=self._chance(0.6)).boolean()
        return fields | self._grace(state=True) | self._partial()

    def _bare_condition(self, name: str) -> Document:
        if self._chance(0.5):
            others = ("subject.active", "subject.rate > 0", "subject.opened <= window.last")
            condition = self.random.choice((*("subject.active",) * (8 if self.aim else 1), *others))
            return {"condition": condition} | self._lasting()
        table = self.random.choice(("event", "role", "document"))
        kinds = self._kinds(MEASURED[table])
        every = self.random.choice(("month", "quarter", "quarter", "year"))
        least = self.random.choice("123") if self.aim else "1"
        return {"measures": {name: {"count": "true", "of": {table: kinds}}}, "condition": f"{name} >= {least}", "every": every}

    def _evidence(self) -> Document:
        fields = self._header("evidence")
        subject, kinds = fields["subject"], self._kinds("evidence")
        if self._bare(fields):
            fields |= {"document": [self.random.choice(("plan", "assessment"))]} | self._lasting()
            return fields | self.random.choice(({}, {}, {"items": ["alpha", "beta"]}, {"grade": ["good"]}))
        fields["document"] = kinds
        if self._chance(0.4):
            fields["items"] = self.random.sample(ITEMS, self.random.randrange(1, 3))
        if self._chance(0.4):
            fields["grade"] = self.random.sample(GRADES, self.random.randrange(1, 3))
        for key in ("self_assessment", "together"):
            if self._chance(0.25):
                fields[key] = "true"
        return fields | self._where(subject, "evidence", kinds, 0.3) | self._state() | self._grace(state=True) | self._partial()

    def _rollup(self) -> Document:
        lower = list(self.ids)
        fields = self._header("rollup")
        fields.pop("when", None)
        if self._chance(0.15):
            fields["when"] = self.random.choice(("subject.active", "subject.rate > 0"))
        if "tags" in fields:
            del fields["tags"]
        fields["of"] = self.random.sample(lower, self.random.randrange(1, min(5, len(lower)) + 1))
        draw = self.random.random()
        if draw < 0.5:
            fields["over"] = self.random.choice(RELATIONS)
            fields["direction"] = self.random.choice(("in", "in", "out"))
            fields["depth"] = self.random.choice(("1", "2", "all"))
        elif draw < 0.6:
            fields["over"] = "accountable"
        if self._chance(0.25):
            fields["kinds"] = self._kinds("organizations")
        if self._chance(0.6):
            fields["every"] = self.random.choice(("month", "quarter", "half-year", "year"))
        if self._chance(0.25):
            fields["per"] = "subject"
        elif self._chance(0.2):
            fields["in_a_row"] = str(self.random.randrange(1, 4))
        if self._chance(0.35):
            fields["count"] = "violated"
        return fields | self._rollup_bounds(fields["subject"]) | ({"partial": "require"} if self._chance(0.4) else {})

    def _rollup_bounds(self, subject: Sequence[str]) -> Document:
        draw = self.random.random()
        if draw < 0.2:
            return {}
        if draw < 0.6:
            shares = ("0%", "30%", "50%", "66.67%", "100%", "quorum")
            return {key: self.random.choice(shares) for key in self.random.choice((("at_least",), ("at_most",), ("at_least", "at_most")))}
        numbers = ("0", "1", "2", "times", "limit", *("times", "limit") * (self.aim == "states"), "subject.rate", "subject.rate")
        return {key: self.random.choice(numbers) for key in self.random.choice((("at_least",), ("at_most",), ("at_least", "at_most")))}


_QUANTITIES: dict[str, tuple[str, ...]] = {
    "integer": ("sum", "distinct", "latest", "earliest", "largest_group"),
    "number": ("sum", "distinct", "latest", "earliest"),
    "boolean": ("latest", "earliest", "largest_group"),
    "date": ("latest", "earliest"),
    "text": ("distinct", "largest_group"),
    "organization": ("distinct", "largest_group"),
    "items": (),
}
"""What may be measured of a column of each type."""


def _columns(table: str, kinds: tuple[str, ...]) -> dict[str, str]:
    """The columns that rows of these kinds may have."""
    return FIXED[table] | attributes(table, kinds)


def _words(table: str, name: str, kinds: Sequence[str]) -> tuple[str, ...]:
    """The texts with which a column is compared."""
    if name in ("kind", "role"):
        return KINDS[table]
    return {"person": PERSONS, "grade": GRADES, "assessor": ("self", "c1", "o1")}.get(name, TEXTS)
