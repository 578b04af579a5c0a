"""Rows of organizations and of events that stand in rejected rows only, or nowhere."""

from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.sql import name
from mofan_rules.schema import Table


def check_owners(ledger: Ledger, table: Table) -> None:
    """Reject the rows of organizations that stand in rejected rows only: whether such an organization exists is not known."""
    if not ledger.uncertain:
        return
    ledger.refuse(
        table,
        f"""SELECT w.rowid AS n, i.id AS value FROM work.{name(table.value)} w JOIN work.uncertain u ON u.number = w.organization
            JOIN work.ids i ON i.number = u.number AND i.last WHERE w.rowid NOT IN {ledger.gone(table)}""",
        "rejected_reference",
        "organization",
    )


def check_attendance(ledger: Ledger) -> None:
    """Reject the attendance of events that are not there, or stand in rejected rows only."""
    present = "SELECT rowid AS n, event AS value FROM work.attendance a WHERE event IS NOT NULL"
    ledger.refuse(Table.ATTENDANCE, f"{present} AND NOT EXISTS (FROM work.events e WHERE e.id = a.event)", "dangling_reference", "event")
    if ledger.rejections(Table.EVENTS):
        certain = f"SELECT id FROM work.events WHERE rowid NOT IN {ledger.refused(Table.EVENTS)}"
        ledger.refuse(Table.ATTENDANCE, f"{present} AND event NOT IN ({certain})", "rejected_reference", "event")
