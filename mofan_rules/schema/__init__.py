"""What a ruleset declares about facts: tables, columns, kinds, attributes, parameters."""

from mofan_rules.schema.parameters import DatedValue, Parameter, Scalar
from mofan_rules.schema.tables import ADMITTED, COLUMNS, CORRECTION_COLUMNS, KIND_COLUMN, Table
from mofan_rules.schema.types import CELL_TYPES, Type
from mofan_rules.schema.vocabulary import Attribute, Kind, Vocabulary, WaiverPolicy

__all__ = [
    "ADMITTED",
    "CELL_TYPES",
    "COLUMNS",
    "CORRECTION_COLUMNS",
    "KIND_COLUMN",
    "Attribute",
    "DatedValue",
    "Kind",
    "Parameter",
    "Scalar",
    "Table",
    "Type",
    "Vocabulary",
    "WaiverPolicy",
]
