"""What the kinds that judge a state have in common: their windows and on which days they look."""

from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.program import Calendar, Judge, Snapshot, Windows
from mofan_rules.requirements.base import StateFields
from mofan_rules.requirements.lowering import Lowering


def premise(fields: StateFields, lowering: Lowering) -> Expression | None:
    """The condition in `given`; it speaks of one day, so that it goes neither with `throughout` nor with what is judged over a window."""
    if fields.given is not None and fields.throughout:
        lowering.refuse("given-of-a-day", fields.given)
    return None if fields.given is None else lowering.condition(fields.given)


def state_windows(fields: StateFields, lowering: Lowering) -> tuple[Windows, Judge]:
    """The as-of date alone, each period's reference day, or with `throughout` all its bound days."""
    if lowering.requirement.partial == "prorate":
        lowering.refuse("prorate-of-state", at="partial")
    if fields.every is None:
        if fields.throughout:
            lowering.refuse("throughout-without-every", at="throughout")
        return Snapshot(), Judge.DAY
    return Calendar(fields.every), Judge.THROUGHOUT if fields.throughout else Judge.DAY
