"""The `part_of` forest: parents given in the column `parent`, two parents on one day, cycles (SEMANTICS sections 1 and 1.7)."""

from datetime import date

from mofan_rules.facts.cycles import on_cycles
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.sources import load_columns
from mofan_rules.facts.sql import clean
from mofan_rules.facts.versions import meet, spans_of, write_back
from mofan_rules.schema import Table

PEELS = 40
"""Rounds of peeling in SQL before the rest of a hierarchy goes to the cycle search in memory."""
FEW = 5_000
"""So many edges go to the cycle search as they are."""
_NUMBERS = {"node": "BIGINT", "circle": "BIGINT"}


def add_parents(ledger: Ledger, written: int) -> int:
    """Append a row `part_of` to `work.relations` for each version of an organization that names a parent, valid as long as the version.

    Parameters
    ----------
    written: how many rows `work.relations` has.

    Returns
    -------
    How many were appended. They bear the place of the organization's row.
    """
    parent = clean("o.parent")
    count = ledger.number(f"""INSERT INTO work.relations BY NAME SELECT o.src, o.rec, 0::UTINYINT AS bad,
            '~' || left(md5(concat_ws(chr(31), 'parent', o.id, o.parent, v.from_low, v.from_high, v.until_low, v.until_high)), 20) AS id,
            s.number AS source, t.number AS target, 'part_of' AS kind,
            v.from_low AS valid_from_low, v.from_high AS valid_from_high, v.until_low AS valid_until_low, v.until_high AS valid_until_high
        FROM work.versions v JOIN work.organizations o ON o.rowid = v.n
        LEFT JOIN work.ids s ON s.id = o.id LEFT JOIN work.ids t ON t.id = {parent}
        WHERE {parent} IS NOT NULL AND v.from_low <= v.until_high ORDER BY o.src, o.rec""")
    if count:
        derived = f"(SELECT r.rowid AS n, r.src, r.rec, r.source, r.target FROM work.relations r WHERE r.rowid >= {written})"
        placed = f"{derived} d JOIN work.organizations o ON o.src = d.src AND o.rec = d.rec"
        ledger.refuse(Table.RELATIONS, f"SELECT d.n, o.parent AS value FROM {placed} WHERE d.target IS NULL", "dangling_reference", "parent")
        if ledger.rejections(Table.ORGANIZATIONS):
            ledger.refuse(
                Table.RELATIONS,
                f"""SELECT d.n, o.id AS value FROM {placed}
                    WHERE o.rowid IN {ledger.refused(Table.ORGANIZATIONS)} OR d.target IN (SELECT number FROM work.uncertain)""",
                "rejected_reference",
                "parent",
            )
    return count


def check_forest(ledger: Ledger) -> None:
    """Reject the edges `part_of` by which an organization has two parents on one day, or is part of itself."""
    spans = spans_of(ledger, Table.RELATIONS, "valid_from", "valid_until", {"source": "source", "target": "target"}, "kind = 'part_of' AND source IS NOT NULL")
    [(edges, sources)] = ledger.execute(f"SELECT count(*), count(DISTINCT source) FROM {spans}").fetchall()
    if edges > sources:
        if meet(ledger, spans, "source"):
            write_back(ledger, Table.RELATIONS, "valid_until")
        _two_parents(ledger, spans)
    if edges:
        _cycles(ledger, spans, edges)


def _two_parents(ledger: Ledger, spans: str) -> None:
    rows = ledger.execute(f"""SELECT n, source, target, from_high, until_low FROM {spans} WHERE from_high <= until_low AND target IS NOT NULL AND source IN (
            SELECT source FROM {spans} GROUP BY source HAVING count(DISTINCT target) > 1) ORDER BY source, from_high, n""").fetchall()
    wrong: set[int] = set()
    groups: dict[int, list[tuple[int, int, date, date]]] = {}
    for n, source, target, first, last in rows:
        groups.setdefault(source, []).append((n, target, first, last))
    for edges in groups.values():
        wrong |= _clashes(edges)
    _refuse_numbers(ledger, wrong, "two_parents")
    if wrong:
        ledger.execute(f"DELETE FROM {spans} WHERE n IN (SELECT n FROM wrong)")


def _clashes(edges: list[tuple[int, int, date, date]]) -> set[int]:
    """Of edges (row, target, first, last) of one source, sorted by `first`, those that share a day with one to another target.

    One sweep finds the edges that an earlier one reaches into, one the edges that reach into a later one; each keeps the best of two different targets.
    """
    wrong: set[int] = set()
    reach: dict[int, date] = {}
    for n, target, first, last in edges:
        if any(until >= first for other, until in reach.items() if other != target):
            wrong.add(n)
        reach[target] = max(reach.get(target, last), last)
        reach = dict(sorted(reach.items(), key=lambda item: item[1], reverse=True)[:2]) if len(reach) > 2 else reach
    begin: dict[int, date] = {}
    for n, target, first, last in reversed(edges):
        if any(since <= last for other, since in begin.items() if other != target):
            wrong.add(n)
        begin[target] = first
        begin = dict(sorted(begin.items(), key=lambda item: item[1])[:2]) if len(begin) > 2 else begin
    return wrong


def _cycles(ledger: Ledger, spans: str, count: int) -> None:
    """Edges that close a circle on some day. Of a large hierarchy, whatever lies on no circle, dates aside, is peeled off first."""
    edge = f"(SELECT n, source, target, from_high, until_low FROM {spans} WHERE from_high <= until_low AND target IS NOT NULL)"
    if count > FEW:
        edge = _peeled(ledger, edge)
    component = on_cycles(ledger.execute(f"SELECT source, target FROM {edge}").fetchall())
    if component:  # the dates are looked at only where there is a circle at all
        load_columns(ledger.connection, "work.circles", {"node": list(component), "circle": list(component.values())}, len(component), _NUMBERS)
        circles = "work.circles a ON a.node = e.source JOIN work.circles b ON b.node = e.target AND b.circle = a.circle"
        inside = ledger.execute(f"SELECT a.circle, e.* FROM {edge} e JOIN {circles} ORDER BY n").fetchall()
        _refuse_numbers(ledger, dated_cycles(inside), "part_of_cycle")


def _peeled(ledger: Ledger, edge: str) -> str:
    """The edges that are left when those that nothing enters or that lead nowhere are taken away, again and again."""
    left = ledger.number(f"CREATE OR REPLACE TEMP TABLE peeled AS FROM {edge}")
    for _ in range(PEELS):
        now = ledger.number("""CREATE OR REPLACE TEMP TABLE peeled AS SELECT * FROM peeled
            WHERE source IN (SELECT target FROM peeled) AND target IN (SELECT source FROM peeled)""")
        if now in (0, left):
            break
        left = now
    return "peeled"


def dated_cycles(edges: list[tuple[int, int, int, int, date, date]]) -> set[int]:
    """The rows (component, row, source, target, first, last) that lie on a circle of edges in force on one day."""
    components: dict[int, list[tuple[int, int, int, date, date]]] = {}
    for component, n, source, target, first, last in edges:
        components.setdefault(component, []).append((n, source, target, first, last))
    wrong: set[int] = set()
    for members in components.values():
        if len({source for _, source, _, _, _ in members}) == len(members):  # one edge a node: it is one circle, or none on any day
            if max(first for *_, first, _ in members) <= min(last for *_, last in members):
                wrong.update(n for n, *_ in members)
        else:
            wrong |= walked_cycles(members)
    return wrong


def walked_cycles(edges: list[tuple[int, int, int, date, date]]) -> set[int]:
    """The rows (row, source, target, first, last) that lie on a circle of edges in force on one day. A circle exists on the day on which its last edge
    begins, so that only the days on which edges begin are looked at, and from those edges."""
    wrong: set[int] = set()
    by_source: dict[int, list[tuple[int, int, date, date]]] = {}
    by_day: dict[date, list[int]] = {}
    for n, source, target, first, last in edges:
        by_source.setdefault(source, []).append((n, target, first, last))
        by_day.setdefault(first, []).append(source)
    for day, starts in by_day.items():
        seen: dict[int, int] = {}
        for mark, start in enumerate(starts):
            path: list[int] = []
            steps: list[set[int]] = []
            node: int | None = start
            while node is not None and node not in seen:
                seen[node] = mark
                path.append(node)
                here = [(n, target) for n, target, first, last in by_source.get(node, ()) if first <= day <= last]
                steps.append({n for n, _ in here})
                node = here[0][1] if here else None
            if node is not None and seen[node] == mark:
                wrong.update(*steps[path.index(node) :])
    return wrong


def _refuse_numbers(ledger: Ledger, rows: set[int], code: str) -> None:
    if not rows:
        return
    ledger.execute("CREATE OR REPLACE TEMP TABLE wrong AS SELECT unnest(?::BIGINT[]) AS n", [sorted(rows)])
    ledger.refuse(
        Table.RELATIONS,
        """SELECT wrong.n, i.id AS value FROM wrong JOIN work.relations r ON r.rowid = wrong.n JOIN work.ids i ON i.number = r.source AND i.last""",
        code,
        "target",
    )


def ends_exist(ledger: Ledger) -> None:
    """Reject relations between organizations of which one stands in rejected rows only."""
    if not ledger.uncertain:
        return
    ledger.refuse(
        Table.RELATIONS,
        f"""SELECT r.rowid AS n, i.id AS value FROM work.relations r JOIN work.uncertain u ON u.number IN (r.source, r.target)
            JOIN work.ids i ON i.number = u.number AND i.last
            WHERE r.rowid NOT IN {ledger.gone(Table.RELATIONS)}""",
        "rejected_reference",
        "source",
    )
