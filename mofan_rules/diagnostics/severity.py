"""How bad a diagnostic is."""

from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    """The input cannot be used."""
    WARNING = "warning"
    """The input can be used, but says probably something else than what was meant."""
