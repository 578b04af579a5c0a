"""What derives facts: which executor at once, and what keeps them up to date."""

import warnings
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mofan_rules.facts import AdmittedFacts
    from mofan_rules.ir.derivations import Changed, Derivation, DerivedFact, Found, Ground, Pattern
    from mofan_rules.ir.program import Context, Program
    from mofan_rules.verdicts.table import VerdictTable


class LiveDerivations(Protocol):
    """Derived facts while finds come and go: on the network, or on the interpreter."""

    def update(
        self, asserted: "Iterable[tuple[Pattern, Found]]" = (), retracted: "Iterable[tuple[Pattern, Found]]" = (), until: date | None = None
    ) -> "Changed":
        """Assert and retract what patterns find, move the day up to which is derived, and tell what follows now and did not, and the other way round."""
        ...

    def become(self, ground: "Ground", until: date | None = None) -> "Changed":
        """As `update`, from all that is asserted now to exactly these finds."""
        ...

    def derived(self) -> "tuple[DerivedFact, ...]":
        """All that follows, in order."""
        ...

    def close(self) -> None:
        """Frees what it holds; a second time does nothing."""
        ...


def live_derivations(derivations: "Iterable[Derivation]", until: date) -> LiveDerivations:
    """Derivations that are kept up to date: on the network of the extra `live`; without it on the interpreter, which is said once.

    Parameters
    ----------
    until: the as-of date, or the known-at date if that is earlier.
    """
    from mofan_rules.executors.rete.missing import missing

    rules = tuple(derivations)
    if reason := missing():
        if rules:
            _say_once(reason)
        from mofan_rules.executors.interpreter.standing import Derivations as OnInterpreter

        return OnInterpreter(rules, until)
    from mofan_rules.executors.rete.derivations import Derivations as OnNetwork

    return OnNetwork(rules, until)


@cache
def _say_once(reason: str) -> None:
    warnings.warn(f"derivations run on the interpreter: {reason}", RuntimeWarning, stacklevel=3)


def derived_by(executor: str, program: "Program", facts: "AdmittedFacts", context: "Context", verdicts: "VerdictTable") -> "tuple[DerivedFact, ...]":
    """The facts that a program derives from a verdict table and the facts behind it, in order, as an executor computes them.

    Parameters
    ----------
    executor: one of `DERIVERS`.
    verdicts: the whole verdict table of the context, of whichever executor.
    """
    return DERIVERS[executor](program, facts, context, verdicts) if program.derivations else ()


def _plainly(program: "Program", facts: "AdmittedFacts", context: "Context", verdicts: "VerdictTable") -> "tuple[DerivedFact, ...]":
    from mofan_rules.executors.interpreter.ground import derived

    return derived(program, facts, context, verdicts.rows())


def _in_sql(program: "Program", facts: "AdmittedFacts", context: "Context", verdicts: "VerdictTable") -> "tuple[DerivedFact, ...]":
    from mofan_rules.executors.duckdb.derived import derived

    return derived(program, facts, context, verdicts)


def _on_the_network(program: "Program", facts: "AdmittedFacts", context: "Context", verdicts: "VerdictTable") -> "tuple[DerivedFact, ...]":
    """What patterns find says the reference; what follows from it, the network."""
    from mofan_rules.executors.interpreter.ground import ground
    from mofan_rules.executors.rete.derive import derive

    until = context.as_of if facts.known_at is None else min(context.as_of, facts.known_at)
    return derive(program.derivations, ground(program, facts, context, verdicts.rows()), until)


DERIVERS: "dict[str, Callable[[Program, AdmittedFacts, Context, VerdictTable], tuple[DerivedFact, ...]]]" = {
    "duckdb": _in_sql,
    "interpreter": _plainly,
    "rete": _on_the_network,
    "spark": _in_sql,
}
"""How facts are derived, by the executor that was asked for."""
