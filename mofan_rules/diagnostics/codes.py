"""The table of all diagnostic codes. A code that once meant something is never given another meaning.

The entries stand in `catalogue/`, a file for each part of the library; this module joins them into the one table.
"""

from mofan_rules.diagnostics.catalogue.condition import CONDITION_CODES
from mofan_rules.diagnostics.catalogue.entry import Code
from mofan_rules.diagnostics.catalogue.facts import FACTS_CODES
from mofan_rules.diagnostics.catalogue.question import QUESTION_CODES
from mofan_rules.diagnostics.catalogue.ruleset import RULESET_CODES
from mofan_rules.diagnostics.catalogue.service import SERVICE_CODES
from mofan_rules.diagnostics.catalogue.sessions import SESSION_CODES
from mofan_rules.diagnostics.catalogue.workbench import WORKBENCH_CODES
from mofan_rules.diagnostics.severity import Severity

CATALOGUES: tuple[dict[str, Code], ...] = (CONDITION_CODES, RULESET_CODES, FACTS_CODES, QUESTION_CODES, WORKBENCH_CODES, SESSION_CODES, SERVICE_CODES)

CODES: dict[str, Code] = {code: entry for catalogue in CATALOGUES for code, entry in catalogue.items()}
"""Each code with its title, its sentence and its hint. Codes are words of small ASCII letters joined by `-`."""

__all__ = ["CATALOGUES", "CODES", "Code", "Severity"]
