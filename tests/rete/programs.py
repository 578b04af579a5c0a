"""Random derivations with what their patterns find, and random histories of that, all from one seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from mofan_rules.ir.derivations import Counted, Derivation, Found, Head, Literal, OfDerived, OfEdges, OfVerdicts, Pattern, Term, Variable
from mofan_rules.schema import Type
from mofan_rules.values.dates import BEGINNING, END, Duration, DurationUnit

ORGANIZATIONS = ("o1", "o2", "o3", "o4")
FIRST = date(2024, 1, 1)
DAYS = 12
NAMES = ("x", "y", "z", "w")
KINDS = ("k0", "k1", "k2", "k3")

VERDICTS = tuple(OfVerdicts(frozenset({name}), frozenset({"violated"})) for name in ("r1", "r2"))
EDGES = OfEdges("part_of")
COLUMNS = {"verdict": ("subject", "accountable"), "edge": ("source", "target"), "derived": ("organization", "a_0")}


@dataclass(frozen=True)
class Drawn:
    """Derivations, stratified, and all that their patterns may find."""

    derivations: tuple[Derivation, ...]
    patterns: tuple[Pattern, ...]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def program(seed: int) -> Drawn:
    """Some derivations. A kind may rest on those of its own stratum and below; it counts those below."""
    random = Random(seed)
    strata = {kind: number // random.choice((1, 2, 4)) for number, kind in enumerate(KINDS)}
    rules = [_derivation(random, f"d{number}", random.choice(KINDS), strata) for number in range(random.randint(1, 6))]
    rules.sort(key=lambda rule: rule.stratum)
    patterns = dict.fromkeys(pattern for rule in rules for pattern in rule.all_patterns if not isinstance(pattern.source, OfDerived))
    return Drawn(tuple(rules), tuple(patterns))


def _derivation(random: Random, name: str, kind: str, strata: dict[str, int]) -> Derivation:
    stratum = strata[kind]
    here = [other for other in KINDS if strata[other] <= stratum]
    below = [other for other in KINDS if strata[other] < stratum]
    patterns = tuple(_pattern(random, here) for _ in range(random.choice((0, 1, 1, 2, 2, 3))))
    counts = []
    if not patterns or random.random() < 0.3:
        counts.append(_count(random, below, least=True))
    known = sorted({name for pattern in patterns for name in pattern.variables})
    if known and random.random() < 0.4:
        counts.append(_count(random, below, least=False, known=known))
    if not any(pattern.dated for pattern in patterns) and all(counted.at_least is None for counted in counts):
        patterns = (*patterns, _pattern(random, here, edges=False))
    bound = sorted({name for pattern in patterns for name in pattern.variables})
    bound += sorted(name for counted in counts if counted.at_least is not None for name in counted.variables - {counted.of} if name not in bound)
    terms: list[Term] = [Variable(name, Type.ORGANIZATION) for name in bound] or [Literal("o1", Type.ORGANIZATION)]
    attributes = (("a_0", random.choice(terms)),) if random.random() < 0.6 else ()
    after = Duration(random.choice((0, 1, 3)), DurationUnit.DAYS) if random.random() < 0.4 else None
    return Derivation(name, Head(kind, random.choice(terms), attributes), patterns, tuple(counts), after, stratum)


def _pattern(random: Random, kinds: list[str], *, edges: bool = True, derived: bool = True) -> Pattern:
    sort = random.choice(("verdict", "verdict", *(("edge", "edge") if edges else ()), *(("derived", "derived") if kinds and derived else ())))
    source = (
        EDGES if sort == "edge" else random.choice(VERDICTS) if sort == "verdict" else OfDerived(frozenset(random.sample(kinds, random.randint(1, len(kinds)))))
    )
    terms: list[tuple[str, Term]] = [(column, _term(random)) for column in COLUMNS[sort] if random.random() < 0.8]
    return Pattern(source, tuple(terms or [(COLUMNS[sort][0], Variable("x", Type.ORGANIZATION))]))


def _term(random: Random) -> Term:
    return Literal(random.choice(ORGANIZATIONS), Type.ORGANIZATION) if random.random() < 0.1 else Variable(random.choice(NAMES[:3]), Type.ORGANIZATION)


def _count(random: Random, below: list[str], *, least: bool, known: list[str] | None = None) -> Counted:
    inner = [_pattern(random, below, edges=False)]
    if least and random.random() < 0.5:
        inner.append(_pattern(random, below))
    names = {name for pattern in inner for name in pattern.variables}
    if least:
        return Counted(tuple(inner), random.choice([*sorted(names), None]) if names else None, at_least=random.randint(1, 2))
    # what is counted stands nowhere else, all others outside too
    inner = [_renamed(pattern, known or []) for pattern in inner]
    counted = sorted({name for pattern in inner for name in pattern.variables} - set(known or ()))
    return Counted(tuple(inner), counted[0] if counted else None, at_most=random.choice((0, 0, 1)))


def _renamed(pattern: Pattern, known: list[str]) -> Pattern:
    terms = tuple((column, term if isinstance(term, Literal) or term.name in known else Variable("counted", term.type)) for column, term in pattern.terms)
    return Pattern(pattern.source, terms)


def find(random: Random, pattern: Pattern) -> Found:
    """Something that a pattern may find: dated by a day, or holding for some days."""
    values = tuple(random.choice(ORGANIZATIONS) for _ in pattern.variables)
    if pattern.dated:
        return Found(values, day(random.randrange(DAYS)), BEGINNING, END)
    first, last = sorted(random.choices(range(DAYS), k=2))
    return Found(values, None, random.choice((BEGINNING, BEGINNING, day(first))), random.choice((END, END, day(last))))


def ground(drawn: Drawn, random: Random, most: int = 8) -> dict[Pattern, frozenset[Found]]:
    """What all patterns find."""
    return {pattern: frozenset(find(random, pattern) for _ in range(random.randint(0, most))) for pattern in drawn.patterns}


def changes(drawn: Drawn, random: Random, steps: int) -> Iterator[dict[Pattern, frozenset[Found]]]:
    """One ground after another, each a little different from the one before."""
    now = {pattern: set(found) for pattern, found in ground(drawn, random, 5).items()}
    yield {pattern: frozenset(found) for pattern, found in now.items()}
    for _ in range(steps):
        for _ in range(random.choice((1, 1, 2, 6))):
            if drawn.patterns:
                pattern = random.choice(drawn.patterns)
                if now[pattern] and random.random() < 0.5:
                    now[pattern].remove(random.choice(sorted(now[pattern], key=str)))
                else:
                    now[pattern].add(find(random, pattern))
        yield {pattern: frozenset(found) for pattern, found in now.items()}
