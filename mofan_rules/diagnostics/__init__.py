"""What is wrong with what somebody wrote: places, the table of codes, collecting, rendering, suggestions, and the declared errors."""

from mofan_rules.diagnostics.bilingual import Bilingual, Language, same
from mofan_rules.diagnostics.codes import CODES, Code
from mofan_rules.diagnostics.diagnostic import Diagnostic, Diagnostics, Related, make
from mofan_rules.diagnostics.errors import FactsError, MofanError, QuestionError, RulesetError
from mofan_rules.diagnostics.render import render, to_json
from mofan_rules.diagnostics.severity import Severity
from mofan_rules.diagnostics.span import Origin, Span
from mofan_rules.diagnostics.suggest import closest

__all__ = [
    "CODES",
    "Bilingual",
    "Code",
    "Diagnostic",
    "Diagnostics",
    "FactsError",
    "Language",
    "MofanError",
    "Origin",
    "QuestionError",
    "Related",
    "RulesetError",
    "Severity",
    "Span",
    "closest",
    "make",
    "render",
    "same",
    "to_json",
]
