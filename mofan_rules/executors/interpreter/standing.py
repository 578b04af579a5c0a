"""Derived facts while finds come and go, in plain Python: everything is derived again whenever something has changed."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from mofan_rules.executors.interpreter.derive import derive
from mofan_rules.ir.derivations import Changed, Derivation, DerivedFact, Found, Ground, Pattern, in_order


class Derivations:
    """What follows from what patterns find, as long as finds come and go.

    Parameters
    ----------
    until: the as-of date, or the known-at date if that is earlier; what is dated later is not derived yet.
    """

    def __init__(self, derivations: Iterable[Derivation], until: date) -> None:
        self._derivations = tuple(derivations)
        self._until = until
        self._finds: Counter[tuple[Pattern, Found]] = Counter()
        self._derived: frozenset[DerivedFact] = frozenset()

    def close(self) -> None:
        """Nothing is held."""

    def derived(self) -> tuple[DerivedFact, ...]:
        """All that follows, in order."""
        return tuple(sorted(self._derived, key=in_order))

    def update(self, asserted: Iterable[tuple[Pattern, Found]] = (), retracted: Iterable[tuple[Pattern, Found]] = (), until: date | None = None) -> Changed:
        """Assert and retract what patterns find, and tell what follows now and did not, and the other way round.

        Parameters
        ----------
        asserted, retracted: a find that is asserted twice must be retracted twice.
        until: the day up to which is derived from now on.

        Raises
        ------
        ValueError: if a find is retracted that was not asserted, or `until` goes back.
        """
        finds = self._finds.copy()
        finds.update(asserted)
        finds.subtract(retracted)
        if any(times < 0 for times in finds.values()) or (until is not None and until < self._until):
            raise ValueError("retracted what was not asserted, or went back")
        return self._changed(+finds, until)

    def become(self, ground: Ground, until: date | None = None) -> Changed:
        """As `update`, from all that is asserted now to exactly these finds.

        Raises
        ------
        ValueError: if `until` goes back.
        """
        if until is not None and until < self._until:
            raise ValueError("went back")
        return self._changed(Counter({(pattern, found): 1 for pattern, finds in ground.items() for found in finds}), until)

    def _changed(self, finds: Counter[tuple[Pattern, Found]], until: date | None) -> Changed:
        before = self._derived
        self._finds, self._until = finds, until or self._until
        ground: dict[Pattern, set[Found]] = {pattern: set() for derivation in self._derivations for pattern in derivation.all_patterns}
        for pattern, found in finds:
            ground.setdefault(pattern, set()).add(found)
        self._derived = derive(self._derivations, {pattern: frozenset(found) for pattern, found in ground.items()}, self._until)
        return Changed(tuple(sorted(self._derived - before, key=in_order)), tuple(sorted(before - self._derived, key=in_order)))
