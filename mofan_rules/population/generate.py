"""Makes a population: any number of organizations from a profile and a seed, with everything that happened to them, unit by unit."""

import copy
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from mofan_rules.population.bodies import Body
from mofan_rules.population.copies import Drawn, Plan, lay_out
from mofan_rules.population.duties import Answer, Duty, Some
from mofan_rules.population.growth import Growth, expected_numbers
from mofan_rules.population.ledger import Ledger
from mofan_rules.population.meetings import MeetingMaker
from mofan_rules.population.posts import PostMaker
from mofan_rules.population.profile import BadRows, Profile, ProfileError, read_profile
from mofan_rules.population.question import Question, Workshop
from mofan_rules.population.relations import RelationMaker
from mofan_rules.population.states import DocumentMaker, StandingMaker
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, Tables, cell
from mofan_rules.population.terms import TermMaker
from mofan_rules.schema import COLUMNS, Table

WRITTEN = tuple(table for table in Table if table is not Table.ATTENDANCE)
"""Attendance is not written: it would be ten times all the rest, and the events say how many came."""

OnShare = Callable[[float], None]

DRAWING = 0.5
"""About what share of the time is spent on drawing, rather than on copying and laying out."""

CORRECTED = ("recorded_on", "supersedes", "withdrawn")


def generate(
    profile: Profile | Path | str,
    branches: int,
    seed: int,
    out: Path | str,
    format: Literal["csv", "parquet"] = "csv",
    dirt: bool = True,
    as_of: date | None = None,
    period: int | None = None,
    on_share: OnShare = lambda share: None,
) -> dict[str, Any]:
    """Writes the fact tables of a population and its `manifest.json` into a folder, which is made if need be.

    Parameters
    ----------
    profile: a `population.yaml`, or what was read from one.
    branches: how many organizations of the profile's `count` there shall be, at least 1.
    seed: the same seed and profile give the same bytes on every machine.
    out: the folder; files of the same names in it are replaced.
    dirt: whether things go wrong at the profile's rates; without it every duty is met.
    as_of: the day on which the question will be asked; nothing is dated on it or later.
    period: the calendar year that will be asked about.
    on_share: is told now and then which share of the work is done.

    The files appear when all of them are finished.

    Returns the manifest: what `check` must find.

    Raises
    ------
    ProfileError: if the profile cannot be used.
    ValueError: if `branches` or `seed` is out of range.
    OSError: if the folder cannot be written.
    """
    if not 1 <= branches <= 100_000_000 or not 0 <= seed < 1 << 63:
        raise ValueError("branches must lie between 1 and 100000000, the seed between 0 and 2^63 - 1")
    if not isinstance(profile, Profile):
        profile = read_profile(Path(profile))
    day = as_of or profile.as_of
    year = period or profile.period
    question = Question(day.toordinal(), date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
    if question.as_of <= question.first:
        raise ValueError(f"the as-of date {day} does not lie after the beginning of {year}")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger()
    plan = Plan.of(branches)
    asked = {"population": profile.population, "seed": seed, "branches": branches, "dirt": dirt, "as_of": day.isoformat(), "period": str(year)}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".mofan-") as unfinished:
        made = Path(unfinished)
        with Tables(made, _columns(profile), _further(profile)) as tables:
            shop = Workshop(question, tables, ledger, tuple(profile.reasons), dirt)
            units, drawn = _write(profile, shop, plan, seed, lambda share: on_share(share * DRAWING))
            if dirt:
                for bad in profile.bad_rows:
                    _spoil(bad, shop, branches)
            rows = drawn.rows(tables.counts(), plan.times)
        prefixes = [node.prefix for node in profile.nodes.values()]
        named = [name for answer in _answers(profile) for name, text in answer.columns.items() if text == "{trigger}"]
        lay_out(made, drawn, rows, plan, (prefixes, named), format, lambda share: on_share(DRAWING + share * (1 - DRAWING)))
        manifest = asked | {"units": units, "rows": rows} | ledger.content()
        (made / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for path in sorted(made.iterdir()):
            path.replace(folder / path.name)
    return manifest


def _columns(profile: Profile) -> dict[str, tuple[str, ...]]:
    attributes = dict.fromkeys(attribute.name for node in profile.nodes.values() for attribute in node.attributes if attribute.written)
    columns = {table.value: COLUMNS[table] for table in WRITTEN}
    columns[Table.ORGANIZATIONS.value] += tuple(attributes)
    columns[Table.EVENTS.value] += CORRECTED
    return columns


def _further(profile: Profile) -> dict[str, tuple[str, ...]]:
    """The columns that duties fill besides the fixed ones, by table."""
    nodes = profile.nodes.values()
    meetings = [duty for node in nodes for duty in node.meetings]
    documents = [duty for node in nodes for duty in node.documents]
    posts = [duty for node in nodes for duty in node.posts]
    ended = [duty.ended for duty in posts if duty.ended is not None]
    evidence = _names([duty.columns for duty in documents], [_carried(duty.some) for duty in documents])
    return {
        Table.EVENTS.value: _names([duty.columns for duty in meetings], [_carried(duty.some) for duty in meetings], [one.columns for one in _answers(profile)]),
        Table.EVIDENCE.value: tuple(name for name in evidence if name not in COLUMNS[Table.EVIDENCE]),
        Table.RELATIONS.value: _names([duty.columns for node in nodes for duty in node.relations]),
        Table.TENURES.value: _names([duty.columns for duty in posts], [one.columns | one.otherwise for one in ended]),
    }


def _names(*columns: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The names of columns, each once, in the order in which they come."""
    return tuple(dict.fromkeys(name for several in columns for one in several for name in one))


def _carried(some: Some | None) -> Mapping[str, str]:
    return {} if some is None else some.columns | some.otherwise


def _answers(profile: Profile) -> list[Answer]:
    """What rows call for."""
    found: list[Answer | None] = []
    for node in profile.nodes.values():
        found += [duty.answer for duty in node.meetings]
        for post in node.posts:
            found += [post.began, None if post.ended is None else post.ended.answer]
    return [answer for answer in found if answer is not None]


def _write(profile: Profile, shop: Workshop, plan: Plan, seed: int, on_share: OnShare) -> tuple[int, Drawn]:
    """Writes everything but bad rows: what is there once, the pattern, and the rest after it.

    Returns
    -------
    The number of units, and where the pattern stands.
    """
    beginning = Stream(seed, 0)
    expected = expected_numbers(profile, shop.question, plan.pattern, seed)
    growth = Growth(profile, shop.question, shop.ledger, plan.pattern, expected, beginning)
    writers = {name: _Writer(name, profile, shop, beginning, expected[name]) for name in profile.nodes}
    top = growth.top(beginning)
    _write_all(writers, top, 0, beginning)

    def units(number: int) -> int:
        """Writes units until there are enough; the number of the last."""
        while growth.left > 0:
            number += 1
            stream = Stream(seed, number)
            _write_all(writers, growth.unit(top, number, stream), number, stream)
            on_share(1 - growth.left / plan.pattern)
        return number

    before, counted = copy.deepcopy(shop.ledger), shop.tables.counts()
    pattern = units(0)
    drawn = Drawn(counted, shop.tables.counts())
    shop.ledger.repeat(before, plan.times)
    growth.go_on(plan.rest)
    return units(pattern) + pattern * (plan.times - 1), drawn


def _write_all(writers: Mapping[str, "_Writer"], made: Mapping[str, list[Body]], unit: int, stream: Stream) -> None:
    """Writes the organizations of one unit; what is amiss with one of them itself is settled first, for it may show in those above."""
    for name, bodies in reversed(list(made.items())):
        for body in bodies:
            writers[name].spoil(body)
    for name, bodies in made.items():
        for body in bodies:
            writers[name].write(body, unit, stream)


class _Writer:
    """Writes the organizations of one node and all that belongs to them."""

    def __init__(self, name: str, profile: Profile, shop: Workshop, stream: Stream, expected: float) -> None:
        self._node = node = profile.nodes[name]
        self._shop = shop
        self._organizations = shop.tables[Table.ORGANIZATIONS.value]
        self._attributes = self._organizations.columns[len(COLUMNS[Table.ORGANIZATIONS]) :]
        self._standing = [(duty, StandingMaker(duty, shop, stream, expected)) for duty in node.standing]
        self._posts = [(duty, PostMaker(duty, shop, stream, expected)) for duty in node.posts]
        self._makers: list[tuple[Duty, Callable[[Body, Stream], None]]] = [
            *((duty, MeetingMaker(duty, shop, stream, expected).make) for duty in node.meetings),
            *((duty, TermMaker(duty, shop, stream, expected).make) for duty in node.terms),
            *((duty, DocumentMaker(duty, shop, stream, expected).make) for duty in node.documents),
            *((duty, RelationMaker(duty, shop, stream, expected).make) for duty in node.relations),
        ]

    def spoil(self, body: Body) -> None:
        """Judges what an organization is by itself, and spoils some of it."""
        for condition, standing in self._standing:
            if _about(condition, body):
                standing.make(body)

    def write(self, body: Body, unit: int, stream: Stream) -> None:
        """Writes one organization."""
        self._shop.ledger.organizations[body.kind] += 1
        self._rows(body)
        self._links(body)
        for held, post in self._posts:
            if _about(held, body):
                post.make(body, unit, stream)
        for duty, make in self._makers:
            if _about(duty, body):
                make(body, stream)

    def _rows(self, body: Body) -> None:
        values = ",".join(cell(body.values.get(name, "")) for name in self._attributes)
        tail = f",{values}" if self._attributes else ""
        until = "" if body.last is None else DAY[body.last]
        common = f"{cell(body.kind)},{body.parent},{DAY[body.first]},{until}"
        if body.renamed is None:
            self._organizations.add(f"{body.id},{cell(body.name)},{common},,{tail}")
            return
        day, before = body.renamed
        self._organizations.add(f"{body.id},{cell(before)},{common},,{DAY[day - 1]}{tail}")
        self._organizations.add(f"{body.id},{cell(body.name)},{common},{DAY[day]},{tail}")

    def _links(self, body: Body) -> None:
        if not body.linked:
            return
        relations = self._shop.tables[Table.RELATIONS.value]
        for link in self._node.links:
            source = body.company[link.source]
            until = "" if body.last is None else DAY[body.last]
            relations.add(f"r{relations.rows},{source.id},{body.id},{cell(link.relation)},{DAY[max(body.first, source.first)]},{until}")


def _about(duty: Duty, body: Body) -> bool:
    """Is the duty about an organization of this kind at all?"""
    return not duty.kinds or body.kind in duty.kinds


def _spoil(bad: BadRows, shop: Workshop, branches: int) -> None:
    """Writes rows that must be refused."""
    table = shop.tables[bad.table]
    if strange := {column for row in bad.rows for column in row} - set(table.columns):
        raise ProfileError([f"bad_rows: {bad.table} has no column {', '.join(sorted(strange))}"])
    sets = max(1, branches // bad.every)
    for number in range(1, sets + 1):
        for row in bad.rows:
            table.put({column: text.replace("{n}", str(number)) for column, text in row.items()})
    shop.ledger.rejected[bad.table][bad.code] += sets * (len(bad.rows) if bad.rejected is None else bad.rejected)
