"""The ways in which the patterns of a derivation hold together, as SQL: a join of what they find, with its counts (`docs/meaning.md` 8.3 and 8.4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.finds import ALWAYS, read, spelled
from mofan_rules.ir.derivations import Counted, Derivation, Literal, OfDerived, Pattern, Term
from mofan_rules.values.dates import Duration, DurationUnit

DERIVED = "derived"
"""The table of derived facts: kind, organization, dated, the attribute columns (null where there is none), and the round in which each was found."""


@dataclass(frozen=True, slots=True)
class Item:
    """A relation with columns `v0` …, for the variables `names`, `day`, `first` and `last`."""

    relation: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Items joined: the FROM clause, the conditions, the column of each variable, the latest day, and the span on which all hold."""

    source: str
    conditions: tuple[str, ...]
    columns: Mapping[str, str]
    day: str
    first: str
    last: str


def joined(items: Sequence[Item]) -> Joined:
    """The join of items on the variables that they share."""
    columns: dict[str, str] = {}
    conditions = []
    for place, item in enumerate(items):
        for number, name in enumerate(item.names):
            column = f"i{place}.v{number}"
            if name in columns:
                conditions.append(f"{column} = {columns[name]}")
            else:
                columns[name] = column
    source = ", ".join(f"{item.relation} i{place}" for place, item in enumerate(items))
    # greatest and least pass over nulls: an item without a date does not date
    days, firsts, lasts = (", ".join(f"i{place}.{end}" for place in range(len(items))) for end in ("day", "first", "last"))
    return Joined(source, tuple(conditions), columns, f"greatest({days})", f"greatest({firsts})", f"least({lasts})")


def derived_item(pattern: Pattern, rounds: str) -> Item:
    """What a pattern over derived facts finds in those of some rounds (a condition on `round`)."""
    assert isinstance(pattern.source, OfDerived)
    columns = {column: column for column, _ in pattern.terms} | {"organization": "organization", "date": "dated::VARCHAR"}
    chosen, conditions = read(pattern, columns)
    where = " AND ".join([f"kind IN {sql.texts(pattern.source.kinds)}", rounds, *conditions])
    listed = ", ".join([*(f"{column} AS v{number}" for number, column in enumerate(chosen)), "dated AS day", ALWAYS])
    return Item(f"(SELECT {listed} FROM {DERIVED} WHERE {where})", pattern.variables)


def counted_query(counted: Counted, shared: Sequence[str], items: Sequence[Item]) -> str:
    """For each value of the shared variables (`v0` …) and of what is counted (`one`) the day from which it counts."""
    ways = joined(items)
    keys = [f"{ways.columns[name]} AS v{number}" for number, name in enumerate(shared)]
    one = "NULL::VARCHAR" if counted.of is None else ways.columns[counted.of]
    where = " AND ".join((*ways.conditions, f"{ways.day} BETWEEN {ways.first} AND {ways.last}"))
    return f"SELECT {', '.join([*keys, f'{one} AS one', f'min({ways.day}) AS day'])} FROM {ways.source} WHERE {where} GROUP BY ALL HAVING count(*) > 0"


def keyed(shared: Sequence[str]) -> list[str]:
    """The columns of the shared variables in a table of counts."""
    return [f"v{number}" for number in range(len(shared))]


def reached_item(counted: Counted, shared: tuple[str, ...], table: str) -> Item:
    """For each value of the shared variables the day on which `at_least` is reached."""
    keys = "".join(f"{key}, " for key in keyed(shared))
    partition = f"PARTITION BY {', '.join(keyed(shared))} " if shared else ""
    numbered = f"SELECT {keys}day, row_number() OVER ({partition}ORDER BY day) AS number FROM {table}"
    return Item(f"(SELECT {keys}day, {ALWAYS} FROM ({numbered}) WHERE number = {counted.at_least})", shared)


def heads_query(derivation: Derivation, items: Sequence[Item], limits: Iterable[tuple[Counted, str]], attributes: Sequence[str], until: date) -> str:
    """The facts (kind, organization, dated, attributes) that follow from a derivation.

    Parameters
    ----------
    limits: the counts with `at_most`, each with its table.
    attributes: all attribute columns of derived facts.
    """
    ways = joined(items)
    head = derivation.head
    given = dict(head.attributes)
    values = {"organization": _term(head.organization, ways), **{name: _term(given[name], ways) if name in given else "NULL::VARCHAR" for name in attributes}}
    wanted = {
        **{f"h_{name}": value for name, value in values.items()},
        **{f"s_{number}": column for number, column in enumerate(ways.columns.values())},
        "dated": _after(ways.day, derivation.after),
        "first": ways.first,
        "last": ways.last,
    }
    listed = ", ".join(f"{value} AS {name}" for name, value in wanted.items())
    where = f" WHERE {' AND '.join(ways.conditions)}" if ways.conditions else ""
    conditions = [f"w.dated BETWEEN w.first AND w.last AND w.dated <= {sql.day(until)}"]
    place = {name: number for number, name in enumerate(ways.columns)}
    for counted, table in limits:
        same = [f"t.v{number} = w.s_{place[name]}" for number, name in enumerate(derivation.shared(counted))]
        conditions.append(f"(SELECT count(*) FROM {table} t WHERE {' AND '.join([*same, 't.day <= w.dated'])}) <= {counted.at_most}")
    columns = ", ".join([f"{sql.text(head.kind)} AS kind", "w.h_organization AS organization", "w.dated", *(f"w.h_{name} AS {name}" for name in attributes)])
    return f"SELECT DISTINCT {columns} FROM (SELECT {listed} FROM {ways.source}{where}) w WHERE {' AND '.join(conditions)}"


def _term(term: Term, ways: Joined) -> str:
    return sql.text(spelled(term.value)) if isinstance(term, Literal) else ways.columns[term.name]


def _after(day: str, after: Duration | None) -> str:
    if after is None:
        return day
    unit = "DAY" if after.unit is DurationUnit.DAYS else "MONTH"
    return f"({day} + INTERVAL ({after.amount}) {unit})::DATE"
