"""The account of what was read: `facts.rejected`, and the counts that must add up."""

from collections.abc import Iterable, Mapping, Sequence

import nanoarrow

from mofan_rules.diagnostics import Bilingual, closest
from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.facts.columns import canonical_kinds
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.sql import name, text
from mofan_rules.facts.summary import Summary, TableSummary
from mofan_rules.facts.text_tables import Part
from mofan_rules.schema import KIND_COLUMN, Table, Vocabulary

MOST_SUGGESTED = 1000
"""So many different unknown kinds of a table get a suggestion."""

COLUMNS = '"table" VARCHAR, file VARCHAR, line BIGINT, "column" VARCHAR, code VARCHAR, reason VARCHAR, reason_en VARCHAR, value VARCHAR, decides BOOLEAN'


def rejected_table(ledger: Ledger, parts: Sequence[Part], vocabulary: Vocabulary) -> None:
    """Create `facts.rejected`: a row for each rejected one, with file, line and the reason in Chinese (`reason`) and English (`reason_en`)."""
    ledger.execute(f"CREATE TABLE facts.rejected ({COLUMNS})")
    if not ledger.rejections():
        return
    _places(ledger, parts)
    _suggestions(ledger, vocabulary)
    messages = ", ".join(
        f"({text(code)}, {text(one.message.zh)}, {text(one.message.en.replace('{value!r}', chr(39) + '{value}' + chr(39)))}, {str(one.decides).lower()})"
        for code, one in REJECTIONS.items()
    )
    attributes = ", ".join(f"({text(f'a_{number}')}, {text(one.name)})" for number, one in enumerate(vocabulary.attributes)) or "(NULL::VARCHAR, NULL::VARCHAR)"
    rows = " UNION ALL ".join(
        f"""SELECT r."table", r.n, r.code, coalesce(a.attribute, r."column") AS "column", r.value, w.src, w.rec
        FROM work.refused r LEFT JOIN (VALUES {attributes}) a("column", attribute) ON a."column" = r."column"
        JOIN work.{name(table.value)} w ON r."table" = {text(table.value)} AND w.rowid = r.n"""
        for table in Table
        if ledger.rejections(table)
    )
    records = " UNION ALL ".join(f"SELECT {part.number} AS src, rowid AS rec, record FROM {part.origins}" for part in parts if part.origins)
    records = records or "SELECT NULL::INTEGER AS src, NULL::BIGINT AS rec, NULL::BIGINT AS record WHERE false"
    ledger.execute(f"""INSERT INTO facts.rejected
        SELECT r."table", p.file, coalesce(l.line, p.first + coalesce(o.record, r.rec)) AS line, nullif(r."column", '') AS "column", r.code,
            {_filled("m.zh")} || coalesce('；是不是“' || s.meant || '”？', '') AS reason,
            {_filled("m.en")} || coalesce('; did you mean ' || s.meant || '?', '') AS reason_en,
            left(r.value, 200) AS value, m.decides AND g.n IS NULL AS decides
        FROM ({rows}) r JOIN (VALUES {messages}) m(code, zh, en, decides) ON m.code = r.code
        LEFT JOIN work.places p ON p.src = r.src LEFT JOIN ({records}) o ON o.src = r.src AND o.rec = r.rec
        LEFT JOIN work.lines l ON l.src = r.src AND l.rec = coalesce(o.record, r.rec)
        LEFT JOIN work.suggestions s ON s."table" = r."table" AND s.value = r.value AND r.code = 'unknown_kind'
        LEFT JOIN work.gone g ON g."table" = r."table" AND g.n = r.n
        ORDER BY r."table", p.file, line, r.rec, r.code""")


def _filled(template: str) -> str:
    """The SQL of a message: its template with the column and the beginning of the value put in."""
    shown = "left(coalesce(r.value, ''), 60)"
    return f"""replace(replace({template}, '{{column}}', coalesce(r."column", '')), '{{value}}', {shown})"""


def _places(ledger: Ledger, parts: Sequence[Part]) -> None:
    """The file and the first line of each part, and the line of each record where records and lines do not correspond."""
    ledger.execute("CREATE TABLE work.places (src INTEGER, file VARCHAR, first BIGINT)")
    ledger.execute("CREATE TABLE work.lines (src INTEGER, rec BIGINT, line BIGINT)")
    lines_of = [(part, part.source.lines()) for part in parts]
    places = [(part.number, part.source.label, lines if isinstance(lines, int) else None) for part, lines in lines_of]
    ledger.execute("INSERT INTO work.places SELECT unnest(?), unnest(?), unnest(?::BIGINT[])", [list(column) for column in zip(*places, strict=True)])
    for part, lines in lines_of:
        if not isinstance(lines, int) and lines:
            column = nanoarrow.c_array(lines, nanoarrow.int64())
            struct = nanoarrow.c_array_from_buffers(nanoarrow.struct({"line": nanoarrow.int64()}), len(lines), [None], children=[column])
            ledger.connection.register("line_numbers", nanoarrow.ArrayStream(struct))
            ledger.execute(f"INSERT INTO work.lines SELECT {part.number}, row_number() OVER () - 1, line FROM line_numbers")
            ledger.connection.unregister("line_numbers")


def _suggestions(ledger: Ledger, vocabulary: Vocabulary) -> None:
    """For each unknown kind the one that was probably meant."""
    ledger.execute('CREATE TABLE work.suggestions ("table" VARCHAR, value VARCHAR, meant VARCHAR)')
    unknown = ledger.execute(f"""SELECT DISTINCT "table", value FROM work.refused WHERE code = 'unknown_kind' AND value IS NOT NULL
        ORDER BY ALL LIMIT {MOST_SUGGESTED}""").fetchall()
    known = {table.value: canonical_kinds(table, vocabulary) for table in KIND_COLUMN}
    found = [(table, value, near[0]) for table, value in unknown if (near := closest(value, known.get(table, {})))]
    if found:
        ledger.execute("INSERT INTO work.suggestions SELECT unnest(?), unnest(?), unnest(?)", [list(column) for column in zip(*found, strict=True)])


def account(ledger: Ledger, supplied: Iterable[Table], read: Mapping[Table, int], derived: int, assumptions: tuple[Bilingual, ...]) -> Summary:
    """The counts of each table.

    Parameters
    ----------
    read: the rows of each table that somebody wrote; those of relations come before the `derived` ones.
    """
    given = frozenset(supplied)
    codes: dict[str, dict[str, int]] = {}
    refused_derived = 0
    if ledger.rejections():
        own = f""""table" <> 'relations' OR n < {read[Table.RELATIONS]}"""
        query = f'SELECT "table", code, {own} AS own, count(*) FROM work.refused GROUP BY ALL ORDER BY count(*) DESC, code'
        for table, code, written, count in ledger.execute(query).fetchall():
            if written:
                codes.setdefault(table, {})[code] = count
            else:
                refused_derived += count
    away: dict[tuple[str, str], int] = {}
    if any(ledger.dismissals(table) for table in Table):
        query = f"""SELECT "table", why, count(*) FROM work.gone g WHERE ("table" <> 'relations' OR n < {read[Table.RELATIONS]})
            AND NOT EXISTS (FROM work.refused r WHERE r."table" = g."table" AND r.n = g.n) GROUP BY ALL"""
        away = {(table, why): count for table, why, count in ledger.execute(query).fetchall()}
    tables = {}
    for one in Table:
        refused = codes.get(one.value, {})
        rejected = sum(refused.values())
        superseded, withdrawn, later = (away.get((one.value, why), 0) for why in ("superseded", "withdrawn", "later"))
        parents = (derived, refused_derived) if one is Table.RELATIONS else (0, 0)
        tables[one] = TableSummary(one, one in given, read[one], read[one] - rejected, rejected, superseded, withdrawn, later, *parents, refused)
    return Summary(tables, assumptions)
