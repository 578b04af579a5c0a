"""DuckDB, by SQL written by hand: one bit a window, so that the events are grouped once."""

from pathlib import Path

import duckdb
import pyarrow as pa

TABLES = """
CREATE TEMP TABLE counted AS
SELECT organization, bit_or(CASE WHEN kind <> 'assembly' OR attended * 2 >= expected THEN bit ELSE 0 END) AS sure,
    bit_or(CASE WHEN kind = 'assembly' AND attended IS NULL THEN bit ELSE 0 END) AS may
FROM (SELECT *, CASE kind WHEN 'assembly' THEN 1::BIGINT << ((month(date) - 1) // 3) WHEN 'board' THEN 8::BIGINT << month(date)
        WHEN 'group' THEN 32768::BIGINT << month(date) WHEN 'lecture' THEN 268435456::BIGINT << ((month(date) - 1) // 3)
        WHEN 'day' THEN 2147483648::BIGINT << month(date) WHEN 'review' THEN 17592186044416::BIGINT END AS bit
    FROM read_parquet(getvariable('facts') || '/events.parquet') WHERE year(date) = 2024)
WHERE bit IS NOT NULL GROUP BY organization;

CREATE TEMP TABLE windows AS
SELECT requirement, make_date(2024, (1 + k * months)::INTEGER, 1) AS window_from, 1::BIGINT << (first + k) AS bit
FROM (VALUES ('assembly', 0, 3), ('board', 4, 1), ('group', 16, 1), ('lecture', 28, 3), ('day', 32, 1), ('review', 44, 12)) r(requirement, first, months),
    range(12) t(k) WHERE k < 12 // months;

CREATE TEMP TABLE branches AS
SELECT id, parent, has_board, coalesce(sure, 0) AS sure, coalesce(may, 0) AS may,
    CASE WHEN elected_on IS NULL THEN 'unknown' WHEN elected_on + to_years(term_years) >= DATE '2024-12-31' THEN 'satisfied' ELSE 'violated' END AS election
FROM read_parquet(getvariable('facts') || '/organizations.parquet') o LEFT JOIN counted c ON c.organization = o.id WHERE o.kind = 'branch';

CREATE TEMP TABLE verdicts AS
SELECT requirement, id AS organization, window_from,
    CASE WHEN requirement = 'board' AND has_board IS NULL THEN 'unknown' WHEN requirement = 'board' AND NOT has_board THEN 'not_applicable'
        WHEN sure & bit <> 0 THEN 'satisfied' WHEN may & bit <> 0 THEN 'unknown' ELSE 'violated' END AS state
FROM branches CROSS JOIN windows
UNION ALL SELECT 'election', id, DATE '2024-01-01', election FROM branches;

CREATE TEMP TABLE whole AS
SELECT organization, CASE WHEN bool_or(state = 'violated') THEN 'violated' WHEN bool_or(state = 'unknown') THEN 'unknown' ELSE 'satisfied' END AS state
FROM verdicts GROUP BY organization;

CREATE TEMP TABLE above AS
WITH RECURSIVE tree AS (
    SELECT id AS branch, parent AS unit FROM branches
    UNION ALL SELECT branch, o.parent FROM tree JOIN read_parquet(getvariable('facts') || '/organizations.parquet') o ON o.id = tree.unit
    WHERE o.parent IS NOT NULL)
SELECT unit, count(*) FILTER (state = 'satisfied') AS s, count(*) FILTER (state = 'unknown') AS u, count(*) AS n
FROM tree JOIN whole ON whole.organization = tree.branch GROUP BY unit;
"""

VERDICTS = """
FROM verdicts
UNION ALL SELECT 'whole', organization, DATE '2024-01-01', state FROM whole
UNION ALL SELECT 'share', unit, DATE '2024-01-01', CASE WHEN s * 100 >= n * 95 THEN 'satisfied' WHEN (s + u) * 100 < n * 95 THEN 'violated' ELSE 'unknown' END
FROM above
"""


def judge(facts: Path) -> pa.Table:
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET VARIABLE facts = ?", [str(facts)])
        connection.execute(TABLES)
        return connection.sql(VERDICTS).to_arrow_table()
