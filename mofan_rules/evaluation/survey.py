"""Facts looked at by themselves: with a ruleset's words, or with the words that stand in them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from mofan_rules.schema import Kind, Table, Vocabulary, WaiverPolicy

if TYPE_CHECKING:
    from mofan_rules.facts import AdmittedFacts, Facts

ROUNDS = 4
"""How often new kinds are looked for: rows of one table may hide behind rejected rows of another."""


def survey(facts: "Facts", known_at: date | None = None) -> "AdmittedFacts":
    """Admit facts without a ruleset: every kind that stands in them is taken for one, and no attribute is read.

    Raises
    ------
    FactsError: if they cannot be read at all.
    """
    from mofan_rules.facts import admit

    vocabulary = Vocabulary()
    for _ in range(ROUNDS):
        admitted = admit(facts, vocabulary, known_at)
        found = admitted.connection.execute(
            "SELECT DISTINCT \"table\", value FROM facts.rejected WHERE code IN ('unknown_kind', 'unknown_requirement') AND value IS NOT NULL ORDER BY ALL"
        ).fetchall()
        if not found:
            break
        vocabulary = _with(vocabulary, ((Table(table), value) for table, value in found))
    return admitted


def _with(vocabulary: Vocabulary, words: Iterable[tuple[Table, str]]) -> Vocabulary:
    """The vocabulary with more kinds, and with requirements that admit waivers."""
    kinds = {table: dict(known) for table, known in vocabulary.kinds.items()}
    waivers = dict(vocabulary.waivers)
    for table, word in words:
        if table is Table.WAIVERS:
            waivers[word] = WaiverPolicy(must=False, waivable=True)
        else:
            kinds.setdefault(table, {})[word] = Kind(word)
    return Vocabulary(kinds, vocabulary.attributes, vocabulary.roster, waivers)
