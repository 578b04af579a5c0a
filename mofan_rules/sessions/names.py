"""The names of organizations."""

from datetime import date

from mofan_rules.evaluation.rows import Names
from mofan_rules.facts import AdmittedFacts


def names_of(facts: AdmittedFacts, as_of: date) -> dict[str, str]:
    """The name of each organization that has one, as on a day, by its id."""
    import nanoarrow

    return {str(row["id"]): str(row["name"]) for row in nanoarrow.Array(nanoarrow.ArrayStream(Names(facts, as_of)).read_all()).to_pylist()}
