"""The kinds of requirements: one file a kind, and the table of them."""

from typing import Annotated

from pydantic import Field

from mofan_rules.requirements.attribute import Attribute
from mofan_rules.requirements.base import RequirementBase
from mofan_rules.requirements.coverage import Coverage
from mofan_rules.requirements.deadline import Deadline
from mofan_rules.requirements.environment import Environment, Parts
from mofan_rules.requirements.evidence import Evidence
from mofan_rules.requirements.lowering import Lowering
from mofan_rules.requirements.occupancy import Occupancy
from mofan_rules.requirements.occurrence import Occurrence
from mofan_rules.requirements.rollup import Rollup

KINDS: dict[str, type[RequirementBase]] = {
    "occurrence": Occurrence,
    "deadline": Deadline,
    "occupancy": Occupancy,
    "coverage": Coverage,
    "attribute": Attribute,
    "evidence": Evidence,
    "rollup": Rollup,
}
"""Each kind by its name."""

Requirement = Annotated[Occurrence | Deadline | Occupancy | Coverage | Attribute | Evidence | Rollup, Field(discriminator="kind")]
"""One requirement of any kind; `kind` says which."""

__all__ = ["KINDS", "Environment", "Lowering", "Parts", "Requirement", "RequirementBase", "Rollup"]
