"""The facts of the job, as two Parquet files of any size: branches under committees under departments, and a year of their meetings.

Nothing of this is meant to be lifelike but the sizes. Misses lie together, so that the shares of committees are not all too small; so do missing cells, so
that some verdicts are unknown and most are not.
"""

from pathlib import Path

import duckdb

MEETINGS = {"assembly": 4, "board": 12, "group": 12, "lecture": 4, "day": 12, "review": 1, "talk": 2}
"""How often a branch holds each kind of meeting in 2024. Nothing asks for talks."""

BAD, VAGUE = "i // 200 % 2 = 0 AND i // 10 % 5 IN (1, 3)", "i // 10 % 7 = 2"
"""The branches of which committees miss meetings, and of which cells are missing."""


def write_facts(folder: Path, branches: int) -> None:
    """Write `organizations.parquet` and `events.parquet`.

    An organization has id, kind, parent, has_board, elected_on, term_years; an event id, organization, kind, date, expected, attended.
    A committee stands above ten branches, a department above twenty committees. Ids are texts; events lie in no order.
    """
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true").fetchall()
        connection.execute(f"""COPY (
            SELECT printf('b%08d', i) AS id, 'branch' AS kind, printf('c%07d', i // 10) AS parent,
                CASE WHEN {VAGUE} AND i % 9 = 4 THEN NULL ELSE i % 3 > 0 END AS has_board,
                CASE WHEN {VAGUE} AND i % 8 = 5 THEN NULL WHEN {BAD} AND i % 11 = 0 THEN DATE '2019-03-01' ELSE DATE '2022-01-01' + (i % 700)::INTEGER END
                    AS elected_on,
                CASE WHEN i % 4 = 0 THEN 5 ELSE 3 END AS term_years
            FROM range({branches}) t(i)
            UNION ALL SELECT DISTINCT printf('c%07d', i // 10), 'committee', printf('d%06d', i // 200), NULL, NULL, NULL FROM range({branches}) t(i)
            UNION ALL SELECT DISTINCT printf('d%06d', i // 200), 'department', NULL, NULL, NULL, NULL FROM range({branches}) t(i)
            ORDER BY id) TO '{folder}/organizations.parquet' (FORMAT parquet)""").fetchall()
        held = " UNION ALL ".join(
            f"SELECT i, k, {place} AS place, '{kind}' AS kind, make_date(2024, (1 + k * {12 // times})::INTEGER, (1 + (i * 7 + {place}) % 28)::INTEGER) AS day"
            f" FROM range({branches}) t(i), range({times}) s(k)"
            for place, (kind, times) in enumerate(MEETINGS.items())
        )
        connection.execute(f"""COPY (
            SELECT printf('e%08d-%d-%d', i, place, k) AS id, printf('b%08d', i) AS organization, kind, day AS date, 9 AS expected,
                CASE WHEN {VAGUE} AND (i + k) % 13 = 0 THEN NULL WHEN {BAD} AND (i + k) % 17 = 0 THEN 4 ELSE 5 + (i + k) % 5 END AS attended
            FROM ({held}) WHERE NOT ({BAD} AND (i * 31 + k * 17 + place) % 19 < 2)
            UNION ALL SELECT printf('x%08d', i), printf('b%08d', i), 'review', DATE '2023-12-20', 9, 8 FROM range({branches}) t(i)
            ORDER BY hash(id)) TO '{folder}/events.parquet' (FORMAT parquet)""").fetchall()
