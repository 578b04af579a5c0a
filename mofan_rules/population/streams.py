"""Random numbers that are the same for a seed on every machine and Python version.

Only `random.Random(int).random()` is used, whose sequence Python guarantees; everything else is arithmetic on it.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Stream:
    """One stream of random numbers, for one unit of the population."""

    __slots__ = ("random",)

    def __init__(self, seed: int, number: int) -> None:
        self.random = random.Random(seed * (1 << 40) + number).random

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included, each alike; `low` where the range is empty."""
        return low + int(self.random() * (high - low + 1)) if high > low else low

    def chance(self, rate: float) -> bool:
        """True for a share `rate` of the draws."""
        return self.random() < rate

    def one(self, choices: Sequence[T]) -> T:
        """One of the choices, each alike."""
        return choices[int(self.random() * len(choices))]

    def weighted(self, weights: Sequence[float]) -> int:
        """The place of one of the weights, drawn by weight."""
        mark = self.random() * sum(weights)
        for place, weight in enumerate(weights):
            mark -= weight
            if mark < 0:
                return place
        return len(weights) - 1

    def step(self, steps: Sequence[tuple[float, int, int]]) -> int:
        """A whole number from weighted ranges."""
        if len(steps) == 1:
            return self.between(steps[0][1], steps[0][2])
        _, low, high = steps[self.weighted([step[0] for step in steps])]
        return self.between(low, high)


class Turns:
    """When it is a fault's turn: every so often by its rate, evenly, and for the first time early enough that small populations have it too."""

    __slots__ = ("due", "rate")

    def __init__(self, rate: float, stream: Stream, expected: float) -> None:
        self.rate = rate
        early = min(1 / rate, max(expected * 0.4, 1.0)) if rate else 0.0
        self.due = 1.0 - rate * (stream.random() * early) if rate else 0.0

    def pass_by(self) -> bool:
        """Counts one organization; is it the fault's turn? (It stays so until `take`.)"""
        self.due += self.rate
        return self.rate > 0 and self.due >= 1.0

    def take(self) -> None:
        """The fault has been placed."""
        self.due = max(self.due - 1.0, 0.0)
