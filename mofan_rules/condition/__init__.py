"""The condition language: text <-> expressions (`docs/condition-language.md`)."""

from mofan_rules.condition.compiler import compile_expression
from mofan_rules.condition.formatter import format_expression
from mofan_rules.condition.literal_value import TypedValue, parse_literal
from mofan_rules.condition.names import Names
from mofan_rules.condition.printer import print_expression
from mofan_rules.condition.words import RESERVED

__all__ = ["RESERVED", "Names", "TypedValue", "compile_expression", "format_expression", "parse_literal", "print_expression"]
