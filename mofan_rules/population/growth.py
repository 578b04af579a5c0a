"""How organizations come to be: from the nodes of a profile to the organizations of one unit."""

from collections.abc import Mapping

from mofan_rules.population.bodies import Body, fill, holds, number_of
from mofan_rules.population.ledger import Ledger
from mofan_rules.population.profile import Life, Node, Profile, ProfileError
from mofan_rules.population.question import Question
from mofan_rules.population.streams import Stream, Turns

UNFRUITFUL = 1000
"""After so many units too many, a profile that makes no counted organizations is given up."""

SAMPLE = 400
"""So many of the counted organizations are made to see how many of each node there will be."""


def expected_numbers(profile: Profile, question: Question, counted: int, seed: int) -> dict[str, float]:
    """About how many organizations of each node a population will have: for the timing of faults, so that small populations have them too."""
    sample = min(counted, SAMPLE)
    growth = Growth(profile, question, Ledger(), sample, dict.fromkeys(profile.nodes, 1.0), Stream(seed, 0))
    top = growth.top(Stream(seed, 0))
    numbers = {name: float(len(bodies)) for name, bodies in top.items()}
    for number in range(1, sample + UNFRUITFUL):
        if growth.left <= 0:
            break
        for name, bodies in growth.unit(top, number, Stream(seed, number)).items():
            numbers[name] = numbers.get(name, 0.0) + len(bodies) * counted / sample
    if growth.left > 0:
        raise ProfileError([f"hardly any {profile.count} comes to be: look at each, each_by_kind and when of the nodes above it"])
    return numbers


class Growth:
    """Makes the organizations of the top once and of each unit in its turn, until there are enough of the counted ones."""

    def __init__(self, profile: Profile, question: Question, ledger: Ledger, counted: int, expected: Mapping[str, float], stream: Stream) -> None:
        self._profile = profile
        self._question = question
        self._ledger = ledger
        self.left = counted
        self._life = {name: [(life, Turns(life.rate, stream, expected[name])) for life in node.life] for name, node in profile.nodes.items()}
        self._repeated = self._below(profile.repeat)

    def go_on(self, more: int) -> None:
        """There shall be so many more of the counted organizations."""
        self.left += more

    def top(self, stream: Stream) -> dict[str, list[Body]]:
        """The organizations that are there once, by node."""
        nodes = {name: node for name, node in self._profile.nodes.items() if name not in self._repeated}
        return self._grow(nodes, {}, 0, stream)

    def unit(self, top: dict[str, list[Body]], number: int, stream: Stream) -> dict[str, list[Body]]:
        """The organizations of one unit, by node."""
        nodes = {name: node for name, node in self._profile.nodes.items() if name in self._repeated}
        return self._grow(nodes, top, number, stream)

    def _below(self, repeat: str) -> set[str]:
        found = {repeat}
        for name, node in self._profile.nodes.items():
            if node.under in found:
                found.add(name)
        return found

    def _grow(self, nodes: dict[str, Node], above: dict[str, list[Body]], number: int, stream: Stream) -> dict[str, list[Body]]:
        made: dict[str, list[Body]] = {}
        for name, node in nodes.items():
            bodies: list[Body] = []
            makers: list[Body | None] = [None] if node.under is None else list((above | made)[node.under])
            for maker in makers:
                wanted = 1 if maker is None or name == self._profile.repeat else number_of(node, maker, stream)
                if name == self._profile.count:
                    wanted = min(wanted, self.left)
                    self.left -= wanted
                for _ in range(wanted):
                    bodies.append(self._body(name, node, maker, number, len(bodies) + 1, stream))
                    bodies[-1].unit = made
            made[name] = bodies
            self._settle(name, nodes, made, stream)
        return made

    def _settle(self, name: str, nodes: dict[str, Node], made: dict[str, list[Body]], stream: Stream) -> None:
        """Decides what goes by sums over organizations that have now been made: the kinds and the rest of the attributes."""
        for late, node in nodes.items():
            if name in node.summed and node.summed <= set(made):
                for body in made[late]:
                    body.kind = _kind(node, body.maker, stream) if node.kind_by else body.kind
                    fill(body, node.attributes[node.late :], stream)

    def _body(self, name: str, node: Node, maker: Body | None, number: int, place: int, stream: Stream) -> Body:
        company = {} if maker is None or node.under is None else maker.company | {node.under: maker}
        single = name == self._profile.repeat or number == 0
        body = Body(
            id=node.prefix + (f"{number:05}" if number else "") + ("" if single else f"-{place:02}"),
            kind=_kind(node, maker, stream),
            name=self._name(node, number if single and number else place, company),
            parent=company[node.parent or node.under].id if node.under is not None else "",
            first=self._founded(node, maker, stream),
            last=None if maker is None else maker.last,
            company=company,
            maker=maker,
        )
        fill(body, node.attributes[: node.late], stream)
        self._live(name, body, stream)
        return body

    def _founded(self, node: Node, maker: Body | None, stream: Stream) -> int:
        if node.founded is None:
            return maker.first if maker is not None else self._question.first
        first = stream.between(*(day.toordinal() for day in node.founded))
        return max(first, maker.first) if maker is not None else first

    def _name(self, node: Node, place: int, company: dict[str, Body]) -> str:
        text = node.names[(place - 1) % len(node.names)]
        for other, body in company.items():
            text = text.replace("{" + other + "}", body.name)
        return text.replace("{n}", str(place))

    def _live(self, name: str, body: Body, stream: Stream) -> None:
        """Founds, dissolves or renames an organization in the period, if it is its turn."""
        first, last = self._question.first, min(self._question.last, self._question.as_of - 1)
        if body.last is not None or body.first >= first:
            return
        chosen: Life | None = None
        for life, turns in self._life[name]:
            if holds(life.when, body) and turns.pass_by() and chosen is None:
                turns.take()
                chosen = life
        if chosen is None:
            return
        day = stream.between(first + 1, last)
        match chosen.change:
            case "founded":
                body.first = day
            case "dissolved":
                body.last = day
            case "renamed":
                body.renamed = (day, chosen.before.replace("{name}", body.name))
        self._ledger.variety[chosen.change] += 1


def _kind(node: Node, maker: Body | None, stream: Stream) -> str:
    """By the first condition that the maker meets, or else by the weights."""
    for choice in node.kind_by:
        if maker is not None and holds(choice.when, maker):
            return choice.kind
    kinds = list(node.kinds)
    return kinds[stream.weighted([node.kinds[kind] for kind in kinds])]
