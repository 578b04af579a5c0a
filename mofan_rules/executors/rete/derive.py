"""Derived facts on the network, all at once."""

from collections.abc import Iterable
from datetime import date

from mofan_rules.executors.rete.derivations import Derivations
from mofan_rules.executors.rete.network import Engine
from mofan_rules.ir.derivations import Derivation, DerivedFact, Ground


def derive(derivations: Iterable[Derivation], ground: Ground, until: date, engine: Engine | None = None) -> tuple[DerivedFact, ...]:
    """All derived facts that are dated up to a day, in order.

    Parameters
    ----------
    ground: what the patterns find in verdicts, rows and edges.
    until: the as-of date, or the known-at date if that is earlier.

    Raises
    ------
    NetworkError: if there is no network, it is full, or it fails.
    """
    with Derivations(derivations, until, engine) as network:
        network.become(ground)
        return network.derived()
