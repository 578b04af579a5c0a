"""Ids and numbers: which ids are one organization (SEMANTICS section 1.2), and the dense numbers that executors use."""

from mofan_rules.facts.cycles import on_cycles
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.reading import LONGEST_TEXT
from mofan_rules.facts.sources import load_columns
from mofan_rules.facts.sql import clean
from mofan_rules.facts.text_tables import TextTable
from mofan_rules.schema import Table


def list_ids(ledger: Ledger, organizations: TextTable | None) -> None:
    """Create `work.ids` (id, own, number, last): every legible id of an organization, numbered in code-point order. As long as no two are joined, an id's
    own number is that of its organization."""
    written = f"(SELECT DISTINCT id FROM {organizations.cells} WHERE length(id) <= {LONGEST_TEXT})" if organizations else "(SELECT NULL::VARCHAR AS id)"
    # Sorting and then numbering is many times faster than numbering in the order of a window.
    ledger.execute(f"""CREATE TABLE work.ids AS SELECT id, own, own AS number, true AS last FROM (
        SELECT id, (row_number() OVER () - 1)::INTEGER AS own FROM (
            SELECT id FROM (SELECT DISTINCT {clean("id")} AS id FROM {written}) WHERE id IS NOT NULL ORDER BY id))""")


def join_continued(ledger: Ledger) -> bool:
    """Give each id of `work.ids` the `number` of its organization: that of the id which continues last. A row `continues` leads from the later id
    (`source`) to the earlier one (`target`). Forks and cycles are rejected.

    Returns
    -------
    Whether any ids were joined.
    """
    rows = ledger.execute(f"""SELECT rowid, source, target FROM work.relations WHERE kind = 'continues' AND source IS NOT NULL AND target IS NOT NULL
        AND rowid NOT IN {ledger.gone(Table.RELATIONS)} AND rowid NOT IN {ledger.refused(Table.RELATIONS)}""").fetchall()
    earlier: dict[int, set[int]] = {}
    later: dict[int, set[int]] = {}
    for _, new, old in rows:
        earlier.setdefault(new, set()).add(old)
        later.setdefault(old, set()).add(new)
    cyclic = on_cycles((new, old) for _, new, old in rows)
    wrong = [n for n, new, old in rows if len(earlier[new]) > 1 or len(later[old]) > 1 or (new in cyclic and old in cyclic)]
    if wrong:
        ledger.execute("CREATE OR REPLACE TEMP TABLE wrong AS SELECT unnest(?::BIGINT[]) AS n", [wrong])
        ledger.refuse(
            Table.RELATIONS,
            "SELECT n, i.id AS value FROM wrong JOIN work.relations r ON r.rowid = wrong.n JOIN work.ids i ON i.own = r.source",
            "contradictory_continuation",
            "target",
        )
    refused_rows = set(wrong)
    successor = {old: new for n, new, old in rows if n not in refused_rows}
    last: dict[int, int] = {}
    for old in successor:
        path = [old]
        while path[-1] in successor and path[-1] not in last:
            path.append(successor[path[-1]])
        head = last.get(path[-1], path[-1])
        for one in path:
            last[one] = head
    heads = [(old, last[old]) for old in successor]
    if not heads:
        return False
    load_columns(
        ledger.connection, "work.heads", {"own": [a for a, _ in heads], "head": [b for _, b in heads]}, len(heads), {"own": "INTEGER", "head": "INTEGER"}
    )
    ledger.execute("""CREATE OR REPLACE TABLE work.ids AS
        WITH joined AS (SELECT i.id, i.own, coalesce(h.head, i.own) AS head FROM work.ids i LEFT JOIN work.heads h ON h.own = i.own)
        SELECT id, own, (dense_rank() OVER (ORDER BY head) - 1)::INTEGER AS number, head = own AS last FROM joined""")
    return True
