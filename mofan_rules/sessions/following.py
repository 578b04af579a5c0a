"""What follows from how things stand in a session, kept up to date while they change.

Verdicts that came out otherwise, and rows that were added, change a few finds of the patterns of derivations; these are asserted and retracted. Where all
facts were admitted and judged anew, all finds are looked for anew. In both cases only the differences reach the network.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from mofan_rules.evaluation.deriving import live_derivations
from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.executors.interpreter.ground import finds, patterns_of
from mofan_rules.ir.derivations import Changed, DerivedFact, Found, Ground, Pattern, in_order
from mofan_rules.ir.program import Program
from mofan_rules.sessions.standing import Replaced, Standing

Find = tuple[Pattern, Found]


class Following:
    """The derived facts of a session. It must be closed.

    Parameters
    ----------
    standing: how things stand at the beginning.
    """

    def __init__(self, program: Program, standing: Standing) -> None:
        self._program = program
        self._patterns = patterns_of(program)
        self._until = standing.question.context.as_of
        self._live = live_derivations(program.derivations, self._until)
        self._finds: Counter[Find] = Counter()
        try:
            self.renewed(standing)
        except BaseException:
            self._live.close()
            raise

    def derived(self) -> tuple[DerivedFact, ...]:
        """All that follows, in order."""
        return self._live.derived()

    def renewed(self, standing: Standing) -> Changed:
        """All facts were admitted and judged anew."""
        until = standing.question.context.as_of
        engine = Engine(self._program, Facts(standing.admitted, whole=True), standing.question.context)
        self._finds = Counter(finds(self._patterns, engine, standing.verdicts().rows(), engine.facts.table, edges=True))
        ground = self._ground()
        if until >= self._until:
            self._until = until
            return self._live.become(ground, until)
        return self._begun_again(ground, until)

    def _ground(self) -> Ground:
        ground: dict[Pattern, set[Found]] = {pattern: set() for pattern in self._patterns}
        for pattern, found in self._finds:
            ground[pattern].add(found)
        return {pattern: frozenset(found) for pattern, found in ground.items()}

    def _begun_again(self, ground: Ground, until: date) -> Changed:
        """The as-of date went back, which the network cannot: it is made anew."""
        before = set(self._live.derived())
        self._live.close()
        self._until = until
        self._live = live_derivations(self._program.derivations, until)
        self._live.become(ground, until)
        after = set(self._live.derived())
        return Changed(tuple(sorted(after - before, key=in_order)), tuple(sorted(before - after, key=in_order)))

    def added(self, standing: Standing, replaced: Replaced) -> Changed:
        """Rows were added to how things stand, and verdicts came out otherwise."""
        engine = standing.evaluation.engine
        old = (verdict for before, _ in replaced.values() for verdict in before)
        new = (verdict for _, after in replaced.values() for verdict in after)
        gone = Counter(finds(self._patterns, engine, old, lambda table: (), edges=False))
        come = Counter(finds(self._patterns, engine, new, lambda table: (row for row in standing.added if row.table is table), edges=False))
        asserted, retracted = self._counted(gone, come)
        return self._live.update(asserted, retracted) if asserted or retracted else Changed()

    def _counted(self, gone: Counter[Find], come: Counter[Find]) -> tuple[list[Find], list[Find]]:
        """Count finds, and say which are there that were not, and the other way round: several rows may be found alike."""
        asserted, retracted = [], []
        for find in _either(gone, come):
            was = self._finds[find]
            now = was + come[find] - gone[find]
            if now:
                self._finds[find] = now
            else:
                del self._finds[find]
            if now and not was:
                asserted.append(find)
            elif was and not now:
                retracted.append(find)
        return asserted, retracted

    def close(self) -> None:
        """Free the network."""
        self._live.close()


def _either(one: Iterable[Find], other: Iterable[Find]) -> Iterable[Find]:
    return dict.fromkeys([*one, *other])
