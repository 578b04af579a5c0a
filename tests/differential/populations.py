"""Random facts, as people write them: all eight tables, histories, corrections, gaps, and rows that are wrong in every way."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from tests.differential.world import GRADES, ITEMS, KINDS, PERSONS, TEXTS, VOCABULARY, attributes

Row = dict[str, str]
Tables = dict[str, list[Row]]


def hot_days(random: Random) -> list[str]:
    """A few days, most of them the first or last of a month or quarter or next to one, near which everything of a scenario happens."""
    year = random.choice((2023, 2024, 2024, 2024))
    days: set[str] = set()
    while len(days) < 9:
        month = random.randrange(1, 13)
        day = date(year, month, random.choice((1, 1, 15, 28)))
        day += timedelta(days=random.choice((-1, -1, 0, 0, 0, 1, 3)))
        days.add(day.isoformat())
    return sorted(days)


SIZES = {"": (5, 8, 12, 16, 24, 32), "states": (14, 16, 18), "deadlines": (12, 16, 24)}
"""How many organizations there are (and one more), by what is aimed at."""


class Populations:
    """Makes the facts of one scenario.

    Parameters
    ----------
    days: the days near which dates are drawn.
    requirements: ids that waivers name.
    errors: the share of rows and cells that are wrong; 0 gives facts of which none is rejected, none missing and none unclear.
    aim: `states` gives every organization posts, documents and edges of all kinds that are asked for, with short gaps near the last days, and little
        else; `deadlines` many orders and answers; else both are mixed with other facts.
    """

    def __init__(self, random: Random, days: Sequence[str], requirements: Sequence[str], errors: float, aim: str = "") -> None:
        self.random = random
        self.days = days
        self.requirements = requirements
        self.errors = errors
        self.aim = aim
        self.organizations = [f"{random.choice('ob')}{number}" for number in range(1, random.choice(SIZES[aim]))]

    def tables(self) -> Tables:
        """All tables that the facts have; any but the first may be left out."""
        errors = self.errors
        if self.aim == "states":
            self.errors = errors / 8  # of an organization that is in doubt all verdicts are
        organizations = self._organizations()
        self.errors = errors
        tables: Tables = {
            "organizations": organizations,
            "relations": self._relations(),
            "events": self._events(),
            "tenures": self._tenures(),
            "evidence": self._evidence(),
            "waivers": self._waivers(),
            "feeds": self._feeds(),
        }
        tables["attendance"] = self._attendance(tables["events"])
        kept = {}
        for table, rows in tables.items():
            if table == "feeds" and not rows:
                continue
            if table not in ("organizations", "feeds") and self._chance(0.16 if table == "waivers" else 0.08):
                continue
            kept[table] = [*self._spoiled(table, rows)] if table != "attendance" else rows
            self.random.shuffle(kept[table])
        return kept

    # ---- cells

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _wrong(self, factor: float = 1.0) -> bool:
        return self.random.random() < self.errors * factor

    def day(self) -> str:
        """A day on, or next to, a day near which something happens, or any day of two years."""
        draw = self.random.random()
        if draw < 0.55:
            return self.random.choice(self.days)
        base = date.fromisoformat(self.random.choice(self.days))
        if draw < 0.75:
            return (base + timedelta(days=self.random.choice((-2, -1, 1, 2, 7, -30, 30)))).isoformat()
        return (base + timedelta(days=self.random.randrange(-300, 300))).isoformat()

    def date(self) -> str:
        """A day, now and then known in part, missing or illegible."""
        day = self.day()
        if self._wrong(0.8):
            return self.random.choice((day[:7], day[:7], day[:4], "", "", day[:8] + "99", "someday"))
        return day

    def _later(self, day: str, days: Sequence[int]) -> str:
        """So many days after an exact day."""
        return (date.fromisoformat(day) + timedelta(days=self.random.choice(days))).isoformat()

    def _span(self, first: str, last: str, open_first: float = 0.3, open_last: float = 0.5) -> Row:
        one, two = sorted((self.day(), self.day()))
        if self._wrong(0.15):
            one, two = two, one
        row = {}
        if not self._chance(open_first):
            row[first] = one if not self._wrong(0.5) else self.date()
        if not self._chance(open_last):
            row[last] = two if not self._wrong(0.5) else self.date()
        return row

    def _organization(self) -> str:
        return "nobody" if self._wrong(0.1) else self.random.choice(self.organizations)

    def _kind(self, table: str, kinds: Sequence[str] | None = None) -> str:
        if self._wrong(0.15):
            return self.random.choice(("unheard-of", ""))
        return self.random.choice(kinds or KINDS[table])

    def _attributes(self, table: str, kind: str) -> Row:
        row = {}
        for name, kind_of_value in attributes(table, (kind,)).items():
            if not self._chance(0.75 if self.errors else 1.0):
                continue
            row[name] = self._cell(name, kind_of_value)
        return row

    def _cell(self, name: str, kind: str) -> str:
        fields = VOCABULARY["attributes"][name]
        if self._wrong(0.12):
            return self.random.choice(("rubbish", "-1", "11", "1e400", ""))
        makers: dict[str, Callable[[], str]] = {
            "integer": lambda: str(self.random.choice((0, 1, 2, 3, 5, 7, 10))),
            "number": lambda: self.random.choice(("0", "1", "0.5", "0.1", "0.3")) if "max" in fields else self.random.choice(("0", "0.5", "1.5", "3", "2.25")),
            "boolean": lambda: self.random.choice(("yes", "no")),
            "date": self.date,
            "text": lambda: self.random.choice(tuple(fields.get("values", TEXTS))),
            "organization": self._organization,
            "items": lambda: ";".join(self.random.sample(ITEMS, self.random.randrange(1, 4))),
        }
        value = makers[kind]()
        return f"-{value}" if kind in ("integer", "number") and "min" not in fields and value != "0" and self._chance(0.2) else value

    def _correction_columns(self) -> Row:
        row = {}
        if self._chance(0.1):
            row["recorded_on"] = self.day()
        if self._wrong(0.1):
            row["withdrawn"] = "yes"
        return row

    # ---- tables

    def _organizations(self) -> list[Row]:
        rows = []
        for number, identifier in enumerate(self.organizations):
            kind = self.random.choice(("branch",) * 9 + ("joint", "temporary", "unit", "unit", "unit", "committee", "committee", "person"))
            base: Row = {"id": identifier, "kind": kind, "name": self.random.choice(TEXTS)}
            if self._chance(0.6):
                base["founded_on"] = self.date() if self._chance(0.4) else f"20{self.random.randrange(10, 23)}-0{self.random.randrange(1, 10)}-11"
            if self._chance(0.1):
                base["dissolved_on"] = self.date()
            rows += self._versions(base, number)
        return rows

    def _versions(self, base: Row, number: int) -> list[Row]:
        """One to three versions of an organization, whose ends meet, leave a gap, or (a contradiction) overlap."""
        cuts = sorted({self.day() for _ in range(self.random.choice((0, 0, 0, 1, 1, 1, 2, 2)))})
        if (cuts and self._chance(0.4)) or self.aim == "states":
            cut = self.random.choice(self.days[-4:] if self.aim == "states" else self.days)
            cuts = [cut, self._later(cut, (2, 5, 10, 11, 31))]
        rows: list[Row] = []
        start = ""
        for cut in [*cuts, ""]:
            row = dict(base)
            if start:
                row["valid_from"] = start
            if cut:
                gap = self.random.choice((0, 1, 1, 1, 1, 4)) if not self._wrong(0.3) else -3
                row["valid_until"] = cut
                start = (date.fromisoformat(cut) + timedelta(days=gap)).isoformat()
            if rows and self._chance(0.25):
                row["kind"] = self._kind("organizations")
            parents = self.organizations[:number] or [""]
            if self._chance(0.65):
                row["parent"] = self.random.choice(parents) if not self._wrong(0.2) else self._organization()
            rows.append(row | self._attributes("organizations", row["kind"]))
        if self.aim == "states":
            shift = self.random.choice((0, 0, 0, 1))
            active = ("yes", "") if self.errors and self._chance(0.6) else ("yes", "no")
            rows = [row | {"kind": base["kind"], "active": active[(place + shift) % 2]} for place, row in enumerate(rows)]
        return rows

    def _relations(self) -> list[Row]:
        rows = []
        for number in range(self._loose(2 * len(self.organizations))):
            kind = self._kind("relations", ("guides",) * 4 + ("mentors", "covers", "covers", "covers") + ("part_of",) * 1)
            row = {"id": f"x{number}", "source": self._organization(), "target": self._organization(), "kind": kind}
            rows.append(row | self._span("valid_from", "valid_until", 0.5, 0.6) | self._attributes("relations", kind) | self._correction_columns())
        for target in self.organizations:
            for kind in self._steady_kinds(("guides", "covers"), 0.25):
                source = self.random.choice(self.organizations)
                for number, span in enumerate(self._steady("valid_from", "valid_until", (1, 2, 3, 11, 12, 31))):
                    rows.append({"id": f"{target}/{kind}/{number}", "source": source, "target": target, "kind": kind} | span)
        if self._chance(0.1):
            rows.append({"id": "xc", "source": self._organization(), "target": self._organization(), "kind": "continues"})
        return rows

    def _events(self) -> list[Row]:
        rows: list[Row] = []
        orders = ("order",) * (30 if self.aim == "deadlines" else 1)
        for number in range(self.random.randrange(1, 8) * len(self.organizations)):
            kind = self._kind("events", orders + ("meeting",) * 4 + ("special", "lecture", "order", "order", "order", "order", "report", "report"))
            row = {"id": f"e{number}", "organization": self._organization(), "kind": kind, "date": self.date()}
            if self._chance(0.15):
                row["belongs_to"] = self._period(row["date"])
            if self.errors and self._chance(0.14):
                row["held"] = self.random.choice(("no", "unclear", "unclear", "yes"))
            if self._chance(0.7):
                row |= {"expected": str(self.random.randrange(0, 6)), "attended": str(self.random.randrange(0, 6))}
            rows.append(row | self._attributes("events", kind) | self._correction_columns())
            if self._chance(0.06):
                rows.append(rows[-1] | {"kind": self.random.choice(KINDS["events"])})
            if kind == "order" and self._chance(0.7):
                rows.append(self._answer(row))
        return rows

    def _answer(self, order: Row) -> Row:
        """A report some days after an order, in time for some deadlines and late for others."""
        day = order["date"]
        if len(day) == 10 and day[:4].isdigit() and not day.endswith("99"):
            day = (date.fromisoformat(day) + timedelta(days=self.random.choice((0, 1, 9, 10, 11, 29, 30, 31, 60, 91)))).isoformat()
        row = {"id": f"{order['id']}a", "organization": order["organization"], "kind": "report", "date": day}
        if self.errors and self._chance(0.1):
            row["held"] = "unclear"
        return row | self._attributes("events", "report")

    def _period(self, day: str) -> str:
        near = day if len(day) == 10 and day[:4].isdigit() and not day.endswith("99") else self.day()
        month = int(near[5:7])
        return self.random.choice((near[:7], near[:4], f"{near[:4]}Q{(month + 2) // 3}", f"{near[:4]}H{(month + 5) // 6}", self.day()[:7]))

    def _attendance(self, events: Sequence[Row]) -> list[Row]:
        rows = []
        for event in events:
            if self._chance(0.12):
                people = self.random.sample(PERSONS, self.random.randrange(1, len(PERSONS)))
                rows += [{"event": event["id"], "person": person, "present": self.random.choice(("yes", "no"))} for person in people]
        return rows

    def _person(self) -> str:
        return self.random.choice((*PERSONS, *self.organizations[-2:])) if not self._wrong(0.5) else ""

    def _tenures(self) -> list[Row]:
        rows = []
        for number in range(self._loose(4, len(self.organizations))):
            kind = self._kind("tenures", ("head",) * 3 + ("acting", "deputy", "deputy", "member", "member"))
            row = {"id": f"t{number}", "organization": self._organization(), "role": kind, "person": self._person()}
            rows.append(row | self._span("from_date", "until_date", 0.1) | self._attributes("tenures", kind) | self._correction_columns())
        for organization in self.organizations:
            for kind in self._steady_kinds(("head", "member", "deputy"), 0.7, 2):
                for number, span in enumerate(self._steady("from_date", "until_date", (0, 1, 1, 2, 3, 8, 11, 12, 31, 33))):
                    row = {"id": f"{organization}-{kind}-{number}", "organization": organization, "role": kind, "person": self._person()}
                    rows.append(row | span | self._attributes("tenures", kind))
        return rows

    def _loose(self, most: int, times: int = 1) -> int:
        """How many rows are drawn that have nothing to do with others; few where states are aimed at, whose gaps they would fill."""
        return self.random.randrange(len(self.organizations)) if self.aim == "states" else self.random.randrange(most) * times

    def _steady_kinds(self, kinds: Sequence[str], probability: float, number: int = 1) -> Sequence[str]:
        """Of which kinds an organization has rows that follow each other with short gaps."""
        if self.aim == "states":
            return kinds
        return self.random.sample(kinds, number) if self._chance(0.1 if self.aim else probability) else ()

    def _steady(self, first: str, last: str, gaps: Sequence[int]) -> list[Row]:
        """Spans that follow each other with some vacancies, the last without an end."""
        ends = sorted(self.random.sample(self.days, self.random.randrange(1, 4)))
        if self.aim == "states":
            ends = sorted({*ends[:2], self.random.choice(self.days[-2:])})
        starts = ["2019-05-01", *(self._later(end, gaps) for end in ends)]
        starts = [start[:7] if self._wrong(0.7 if self.aim == "states" else 0.3) else start for start in starts]
        return [{first: start, last: end} if end else {first: start} for start, end in zip(starts, [*ends, ""], strict=True)]

    def _evidence(self) -> list[Row]:
        rows = []
        for number in range(self._loose(4, len(self.organizations))):
            kind = self._kind("evidence", ("plan", "plan", "assessment", "assessment", "audit"))
            row = {"id": f"d{number}", "organization": self._organization(), "kind": kind, "date": self.date()}
            if self._chance(0.4):
                row["valid_until"] = self.date() if not row["date"] else max(self.day(), row["date"])
            if self._chance(0.7):
                row["items"] = ";".join(self.random.sample(ITEMS, self.random.randrange(1, 4)))
            if self._chance(0.75):
                row["grade"] = self.random.choice(GRADES)
            if self._chance(0.75):
                row["assessor"] = self.random.choice(("c1", "c1", "self", "自评", row["organization"]))
            rows.append(row | self._attributes("evidence", kind) | self._correction_columns())
        for organization in self.organizations:
            for kind in self._steady_kinds(("plan", "assessment"), 0.6):
                common = {"items": ";".join(ITEMS), "grade": "good", "assessor": "c1"} if self._chance(0.7) else {}
                if self.aim == "states" and not common and self._chance(0.6):
                    common = {"items": "alpha", "grade": "poor"}
                for number, span in enumerate(self._steady("date", "valid_until", (1, 1, 2, 3, 11, 12, 31))):
                    row = {"id": f"{organization}+{kind}+{number}", "organization": organization, "kind": kind}
                    rows.append(row | span | common | self._attributes("evidence", kind))
        return rows

    def _waivers(self) -> list[Row]:
        rows = []
        for number in range(self.random.randrange(0, (8 if self.aim else 4) * len(self.organizations))):
            row = {"id": f"w{number}", "organization": self._organization(), "requirement": self.random.choice(self.requirements)}
            if not self._wrong():
                row["reason"] = "flood"
            if self._chance(0.8):
                row["approved_by"] = "c1"
            rows.append(row | self._span("from_date", "until_date", 0.1, 0.2) | self._correction_columns())
        return rows

    def _feeds(self) -> list[Row]:
        rows = []
        for _ in range(self.random.randrange(0, 5) if self.errors else 0):
            table = self.random.choice(("events", "events", "tenures", "evidence", "waivers", "relations", "organizations"))
            row = {"table": table, "complete": self.random.choice(("no", "no", "yes"))}
            if self._chance(0.5):
                row["organization"] = self._organization()
            if self._chance(0.5) and table != "waivers":
                row["kind"] = self._kind(table)
            elif self._chance(0.5) and table == "waivers":
                row["kind"] = self.random.choice(self.requirements)
            rows.append(row | self._span("from_date", "until_date", 0.4, 0.4))
        return rows

    # ---- rows that correct, repeat or contradict others

    def _spoiled(self, table: str, rows: list[Row]) -> list[Row]:
        found = list(rows)
        for row in rows:
            if "id" not in row:
                continue
            if self._wrong(0.15):
                found.append(dict(row))
            if self._wrong(0.12) and table != "organizations":
                found.append(row | {"id": row["id"], "recorded_on": self.day()})
            if self._chance(0.07) and table != "organizations":
                change = dict(self.random.choice(rows)) if self._chance(0.3) else dict(row)
                change |= {"id": f"{row['id']}v", "supersedes": row["id"], "recorded_on": self.day()}
                if "date" in change and self._chance(0.5):
                    change["date"] = self.date()
                if self._wrong(0.4):
                    del change["recorded_on"]
                if self._chance(0.2):
                    change["withdrawn"] = "yes"
                found.append(change)
        if self._wrong(0.5) and len(found) > 2 and table != "organizations":
            one, two = self.random.sample(range(len(found)), 2)
            found[one] = found[one] | {"supersedes": found[two].get("id", ""), "recorded_on": self.day()}
            found[two] = found[two] | {"supersedes": found[one].get("id", ""), "recorded_on": self.day()}
        return found
