"""What flows through a network of derivations: finds, ways and facts, each with what rests on it and what it rests on.

A **place** is where tokens of one sort lie: the finds of a pattern, the ways in which the first patterns of a derivation hold together, the facts of a kind.
A **consumer** takes the tokens of a place further. What it was given stands in a **holding**; a **firing** is what it made of one holding or of two.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mofan_rules.ir.derivations import DerivedFact, Found

if TYPE_CHECKING:
    from mofan_rules.executors.rete.consumers import Consumer

Content = Found | DerivedFact


@dataclass(eq=False, slots=True)
class Place:
    """Where tokens of one sort lie. `names` are the variables that the values of its finds stand for.

    `recursive`: a token here may rest on itself, so that being rested on says nothing once something under it falls.
    """

    names: tuple[str, ...] = ()
    recursive: bool = False
    consumers: "list[Consumer]" = field(default_factory=list)
    tokens: "dict[Content, Token]" = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Token:
    """One find, way or fact. `asserted` is how often it was asserted from outside, `support` how many firings carry it, `made_by` how many have made it."""

    place: Place
    content: Content
    asserted: int = 0
    support: int = 0
    made_by: int = 0
    live: bool = False
    held: "dict[Consumer, Holding]" = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Holding:
    """A token as one consumer has it: whether it lives there, and its fact in the network."""

    token: Token
    consumer: "Consumer"
    live: bool = False
    number: int | None = None
    firings: "dict[Firing, None]" = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Firing:
    """What one holding, or two together, have made."""

    left: Holding
    right: Holding | None
    result: Token
    live: bool = False

    @property
    def holds(self) -> bool:
        """Do its holdings live?"""
        return self.left.live and (self.right is None or self.right.live)

    def other(self, holding: Holding) -> Holding | None:
        """Its other holding."""
        return self.right if holding is self.left else self.left
