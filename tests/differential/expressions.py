"""Random expressions, well typed by construction, as authors write them; every operator of the language turns up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.differential.world import ITEMS, KINDS, TEXTS

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Name:
    """A name that an expression may use: as written, its type, and for kinds and roles the words it is compared with."""

    written: str
    type: str
    words: tuple[str, ...] = TEXTS
    cell: bool = True


@dataclass
class Expressions:
    """A source of random expressions over some names.

    Parameters
    ----------
    days: the days near which something happens; literal dates are drawn from them.
    roles: whether `holds()` may be used, that is whether the row is a tenure.
    window: whether the days of a window may be used.
    presence: whether `missing()` may be used.
    """

    random: Random
    names: Sequence[Name]
    days: Sequence[str]
    roles: bool = False
    window: bool = True
    presence: bool = True
    _by_type: dict[str, list[Name]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_type = {}
        for name in self.names:
            self._by_type.setdefault(name.type, []).append(name)

    def named(self, *types: str) -> Name | None:
        """A name of one of the types, if there is any."""
        found = [name for kind in types for name in self._by_type.get(kind, ())]
        return self.random.choice(found) if found else None

    # ---- truth values

    def boolean(self, depth: int = 2) -> str:
        """A condition."""
        if depth > 0 and self.random.random() < 0.4:
            match self.random.randrange(5):
                case 0:
                    return f"not ({self.boolean(depth - 1)})"
                case 1 | 2:
                    return f"({self.boolean(depth - 1)}) and ({self.boolean(depth - 1)})"
                case _:
                    return f"({self.boolean(depth - 1)}) or ({self.boolean(depth - 1)})"
        for _ in range(20):
            if leaf := self._leaf(depth):
                return leaf
        return "1 = 1"

    def _leaf(self, depth: int) -> str | None:
        draw = self.random.random()
        if draw < 0.34:
            return self._compared(self.number(depth), self.number(depth))
        if draw < 0.48:
            return self._compared(self.date(depth), self.date(depth))
        if draw < 0.60:
            return self._text()
        if draw < 0.66:
            return self._organization()
        if draw < 0.76:
            name = self.named("boolean")
            return None if name is None else self.random.choice((name.written, f"{name.written} = true", f"{name.written} != true"))
        if draw < 0.84 and self.presence:
            name = self.random.choice([name for name in self.names if name.cell] or [None])
            return None if name is None else f"missing({name.written})"
        if draw < 0.89:
            name = self.named("items")
            return None if name is None else f'contains({name.written}, "{self.random.choice(ITEMS)}")'
        if draw < 0.95:
            return self._ranged(depth)
        return self._holds() if self.roles else None

    def _compared(self, left: str, right: str) -> str:
        return f"({left}) {self.random.choice(COMPARISONS)} ({right})"

    def _text(self) -> str | None:
        name = self.named("text")
        if name is None:
            return None
        match self.random.randrange(4):
            case 0:
                words = self.random.sample(name.words, min(2, len(name.words)))
                return f"{name.written} in ({', '.join(repr_text(word) for word in words)})"
            case 1:
                other = self.named("text")
                return f"{name.written} {self.random.choice(('=', '!='))} {other.written}" if other else None
            case _:
                return f"{name.written} {self.random.choice(('=', '!='))} {repr_text(self.random.choice(name.words))}"

    def _organization(self) -> str | None:
        name, other = self.named("organization"), self.named("organization")
        return f"{name.written} {self.random.choice(('=', '!='))} {other.written}" if name and other else None

    def _ranged(self, depth: int) -> str:
        value = self.number(depth)
        low = self.random.randrange(-1, 6)
        high = low + self.random.randrange(4)
        match self.random.randrange(4):
            case 0:
                return f"({value}) between {low} and {high}"
            case 1:
                return f"({value}) in ({low}..{high + 1})"
            case 2:
                return f"({value}) in [{low}..null]"
            case _:
                return f"({value}) between {low} and ({self.number(depth - 1)})"

    def _holds(self) -> str:
        role = self.random.choice(KINDS["tenures"])
        if self.random.random() < 0.5:
            return f"holds({role})"
        return f"holds({role}, in: {self.random.choice(('part_of', 'guides', 'covers'))})"

    # ---- numbers

    def number(self, depth: int = 2) -> str:
        """A number."""
        if depth > 0 and self.random.random() < 0.35:
            return self._computed(depth - 1)
        name = self.named("integer", "number")
        if name is not None and self.random.random() < 0.65:
            return name.written
        return self.random.choice(("0", "1", "2", "3", "5", "7", "10", "0.5", "2.5", "50%", "-1", "1 / 3"))

    def whole(self, depth: int = 1) -> str:
        """A whole number."""
        name = self.named("integer")
        if name is not None and self.random.random() < 0.6:
            return name.written
        if depth > 0 and self.random.random() < 0.4:
            return f"floor({self.number(depth - 1)})"
        return str(self.random.randrange(-1, 40))

    def _computed(self, depth: int) -> str:
        one, two = self.number(depth), self.number(depth)
        match self.random.randrange(14):
            case 0 | 1:
                return f"({one}) + ({two})"
            case 2:
                return f"({one}) - ({two})"
            case 3 | 4:
                return f"({one}) * ({two})"
            case 5 | 6:
                divisor = self.named("integer", "number")
                return f"({one}) / ({divisor.written})" if divisor else f"({one}) / 3"
            case 7:
                return f"if {self.boolean(0)} then {one} else {two}"
            case 8:
                return f"{self.random.choice(('min', 'max'))}({one}, {two})"
            case 9:
                return f"{self.random.choice(('abs', 'floor', 'ceiling'))}({one})"
            case 10:
                return f"modulo({one}, {self.random.choice(('3', '-2', two))})"
            case 11:
                return f"{self.random.choice(('days_between', 'months_between'))}({self.date(depth)}, {self.date(depth)})"
            case 12:
                return f"{self.random.choice(('year', 'month', 'day', 'weekday'))}({self.date(depth)})"
            case _:
                return f"-({one})"

    # ---- dates and durations

    def date(self, depth: int = 1) -> str:
        """A date."""
        if depth > 0 and self.random.random() < 0.3:
            sign = self.random.choice("+-")
            if self.random.random() < 0.15:
                return f"if {self.boolean(0)} then {self.date(0)} else {self.date(0)}"
            return f"({self.date(depth - 1)}) {sign} {self.duration(depth - 1)}"
        name = self.named("date")
        if name is not None and self.random.random() < 0.6:
            return name.written
        if self.window and self.random.random() < 0.4:
            return self.random.choice(("window.first", "window.last"))
        return self.random.choice(self.days)

    def duration(self, depth: int = 0) -> str:
        """A duration that can be added to a date."""
        if depth > 0 and self.random.random() < 0.3:
            return f"{self.random.choice(('days', 'months'))}({self.whole(0)})"
        name = self.named("days", "months")
        if name is not None and self.random.random() < 0.4:
            return name.written
        return self.random.choice(("1天", "7天", "30天", "1个月", "3个月", "1年", "0天"))


def repr_text(word: str) -> str:
    """A text literal."""
    return f'"{word}"'
