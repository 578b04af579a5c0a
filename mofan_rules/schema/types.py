"""The types of cells and expressions."""

from enum import StrEnum


class Type(StrEnum):
    """What a cell or an expression holds. `days` and `months` are durations; `items` is a list of texts."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    DAYS = "days"
    MONTHS = "months"
    ORGANIZATION = "organization"
    ITEMS = "items"


CELL_TYPES = (Type.BOOLEAN, Type.INTEGER, Type.NUMBER, Type.TEXT, Type.DATE, Type.ORGANIZATION, Type.ITEMS)
"""The types that a ruleset may give to an attribute."""
