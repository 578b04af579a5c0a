"""Fact files of any size, made by SQL alone: branches under committees under units, with forty meetings a branch and year.

Nothing of this is meant to be lifelike but the sizes. `bad` is the share of events that must be refused (an unknown kind, a day that is none, an organization
that is registered nowhere); `typed` writes dates and numbers in their types; `dense` ids are short and in order, the others have 18 characters and are in none.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

MEETINGS = {"支部党员大会": 4, "支委会": 12, "党小组会": 7, "党课": 4, "主题党日": 12, "组织生活会": 1}
"""How often each kind of meeting is held in a year: forty in all."""


@dataclass(frozen=True, slots=True)
class Register:
    """What the files are like."""

    branches: int
    bad: float = 0.0
    typed: bool = False
    dense: bool = False


def write_register(folder: Path, asked: Register) -> None:
    """Write `organizations.parquet` and `events.parquet`."""
    text = "" if asked.typed else "::VARCHAR"
    identity = "'b' || {0}" if asked.dense else "left(md5(({0})::VARCHAR), 17) || 'z'"
    branch, committee, unit = (identity.format(number) for number in ("i", f"{asked.branches} + i // 10", f"{asked.branches * 2} + i // 200"))
    order = "i, k, kind" if asked.dense else "hash(i, k, kind)"
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"""COPY (
            SELECT {branch} AS id, '党支部' AS kind, {committee} AS parent, (DATE '2010-01-01')::DATE{text} AS founded_on, (7 + i % 40){text} AS 正式党员数
            FROM range({asked.branches}) t(i)
            UNION ALL SELECT DISTINCT {committee}, '机关党委', {unit}, (DATE '2005-01-01'){text}, NULL FROM range({asked.branches}) t(i)
            UNION ALL SELECT DISTINCT {unit}, '机关单位', NULL, (DATE '2000-01-01'){text}, NULL FROM range({asked.branches}) t(i)
            ) TO '{folder}/organizations.parquet' (FORMAT parquet)""")
        parts = [
            f"SELECT i, k, '{kind}' AS kind, DATE '2024-01-01' + (k * {366 // times} + (i * 7) % {max(366 // times - 4, 1)})::INTEGER AS day"
            f" FROM range({asked.branches}) t(i), range({times}) s(k)"
            for kind, times in MEETINGS.items()
        ]
        wrong = f"hash(i, k, kind, 1) % 1000000 < {int(asked.bad * 1_000_000)}"
        fault = "hash(i, k) % 3"
        connection.execute(f"""COPY (
            SELECT 'e' || lpad(hash(i, k, kind)::VARCHAR, 20, '0') AS id,
                CASE WHEN {wrong} AND {fault} = 2 THEN 'nobody' ELSE {branch} END AS organization,
                CASE WHEN {wrong} AND {fault} = 0 THEN '茶话会' ELSE kind END AS kind,
                CASE WHEN {wrong} AND {fault} = 1 THEN {"DATE '9999-01-01'" if asked.typed else "'2024-02-30'"} ELSE day{text} END AS date,
                (9)::BIGINT{text} AS expected, (5 + hash(i, k) % 5)::BIGINT{text} AS attended
            FROM ({" UNION ALL ".join(parts)}) ORDER BY {order}
            ) TO '{folder}/events.parquet' (FORMAT parquet)""")
