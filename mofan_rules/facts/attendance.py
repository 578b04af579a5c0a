"""How many came and how many should have: computed where the event does not say (SEMANTICS section 1.4)."""

from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.sql import texts
from mofan_rules.schema import Table, Vocabulary


def count_attendance(ledger: Ledger, vocabulary: Vocabulary) -> None:
    """Fill the empty `attended` and `expected` of events that have attendance rows.

    `attended` is the number of different persons present. It stays empty if a row of the event is not certain, names nobody, or does not say whether
    they were present, or if the attendance of the event's organization may be incomplete. `expected` is the number of different holders of the roster role
    on the event's day; it stays empty if the day, the organization, the person or a tenure's span leaves that open, or if the tenures may be incomplete.
    """
    unsure = f"rowid NOT IN {ledger.refused(Table.ATTENDANCE)}"
    ledger.execute(f"""CREATE OR REPLACE TEMP TABLE present AS
        SELECT event, count(DISTINCT person) FILTER (present) AS persons, bool_and({unsure} AND person IS NOT NULL AND present IS NOT NULL) AS sure
        FROM work.attendance WHERE rowid NOT IN {ledger.gone(Table.ATTENDANCE)}
            AND rowid NOT IN {ledger.refused(Table.ATTENDANCE, nothing=True)} AND event IS NOT NULL GROUP BY event""")
    if not ledger.has("SELECT 1 FROM present"):
        return
    anyone = ledger.execute(f"""SELECT 1 FROM work.attendance WHERE event IS NULL AND rowid NOT IN {ledger.gone(Table.ATTENDANCE)}
        AND rowid NOT IN {ledger.refused(Table.ATTENDANCE, nothing=True)} LIMIT 1""").fetchall()
    if not anyone:
        ledger.execute(f"""UPDATE work.events SET attended = present.persons FROM present
            WHERE present.event = events.id AND events.attended IS NULL AND events.bad = 0 AND present.sure AND {_fed("attendance", "NULL")}""")
    if vocabulary.roster is not None:
        _count_roster(ledger, vocabulary, vocabulary.roster)


def _count_roster(ledger: Ledger, vocabulary: Vocabulary, roster: str) -> None:
    family = texts(sorted(vocabulary.family(Table.TENURES, roster)))
    certain = f"t.rowid NOT IN {ledger.refused(Table.TENURES)}"
    ledger.execute(f"""CREATE OR REPLACE TEMP TABLE roster AS
        SELECT e.rowid AS n, count(DISTINCT t.person) AS persons,
               bool_and(t.person IS NOT NULL AND {certain} AND t.from_date_high <= e.date_low AND e.date_high <= t.until_date_low) AS sure
        FROM work.events e JOIN present p ON p.event = e.id
        JOIN work.tenures t ON (t.organization = e.organization OR t.organization IS NULL) AND (t.role IN {family} OR t.role IS NULL)
            AND t.from_date_low <= e.date_high AND e.date_low <= t.until_date_high
            AND t.rowid NOT IN {ledger.gone(Table.TENURES)} AND t.rowid NOT IN {ledger.refused(Table.TENURES, nothing=True)}
        WHERE e.expected IS NULL AND e.bad = 0 AND e.date_low = e.date_high GROUP BY e.rowid""")
    ledger.execute(
        f"UPDATE work.events SET expected = roster.persons FROM roster WHERE roster.n = events.rowid AND roster.sure AND {_fed('tenures', texts([roster]))}"
    )


def _fed(table: str, kinds: str) -> str:
    """True where the feed of a table is complete for the organization and the days of an event: of the feed rows that apply the one that names more wins, and
    between equals an incomplete one."""
    named = "(f.kind IS NOT NULL)::INTEGER + (f.organization IS NOT NULL)::INTEGER"
    return f"""NOT coalesce((SELECT arg_min(NOT f.complete, (-({named}), f.complete))
        FROM work.feed_rows f WHERE f."table" = '{table}' AND (f.organization IS NULL OR f.organization = events.organization)
            AND (f.kind IS NULL OR f.kind IN ({kinds.strip("()")})) AND f.from_date <= events.date_high AND f.until_date >= events.date_low), false)"""
