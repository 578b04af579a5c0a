"""A profile cut down to what a ruleset knows: its kinds, its attributes, its requirements. What it does not know is not made."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from mofan_rules.population.duties import Answer, Documents, Duty, Ended, Fault, Meetings, Posts, Relations, Some, Standing, StandingFault, Terms
from mofan_rules.population.profile import BadRows, Node, Profile, ProfileError
from mofan_rules.schema import COLUMNS, Table, Vocabulary

D = TypeVar("D", bound=Duty)
F = TypeVar("F", bound=Fault)

AMISS = frozenset({"unknown_kind", "unknown_requirement"})
"""Rows that must be refused because a word in them is not known."""

NAMES = {
    Table.ORGANIZATIONS: "kind",
    Table.EVENTS: "kind",
    Table.EVIDENCE: "kind",
    Table.RELATIONS: "kind",
    Table.TENURES: "role",
}
"""The column of a table in which its kinds stand."""


def cut(profile: Profile, vocabulary: Vocabulary) -> Profile:
    """The profile with the nodes, duties, columns and faults that the vocabulary has words for.

    Of a duty whose requirement is not known the rows stay, and nothing is said of them; nothing goes wrong in them either. An attribute that is not known
    is still drawn, since others may go by it, but not written.

    Raises
    ------
    ProfileError: if a node that is known stands under one that is not, or nothing would be counted.
    """
    words = _Words(vocabulary)
    nodes = {name: node for name, node in ((name, words.node(node)) for name, node in profile.nodes.items()) if node is not None}
    for name, node in nodes.items():
        for other in (node.under, node.parent, *(link.source for link in node.links)):
            if other is not None and other not in nodes:
                raise ProfileError([f"{name} needs {other}, of which the ruleset knows no kind"])
    if missing := {profile.count, profile.repeat} - set(nodes):
        raise ProfileError([f"the ruleset knows no kind of {', '.join(sorted(missing))}"])
    made = {name: node.model_copy(update={"relations": _between(node.relations, nodes)}) for name, node in nodes.items()}
    return profile.model_copy(update={"nodes": made, "bad_rows": [bad for bad in profile.bad_rows if words.refused_alike(bad)]})


def _between(duties: Iterable[Relations], nodes: Mapping[str, Node]) -> list[Relations]:
    """The relations that still lead somewhere."""
    led = [duty.model_copy(update={"to": [name for name in duty.to if name in nodes]}) for duty in duties]
    return [duty for duty in led if duty.to]


class _Words:
    """What a ruleset knows, by table."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._requirements = frozenset(vocabulary.waivers)
        self._kinds = {table: frozenset(vocabulary.canonical(table)) for table in NAMES}
        self._columns = {table: frozenset(COLUMNS[table]).union(*((one.name, *one.aliases) for one in vocabulary.attributes_of(table))) for table in NAMES}

    def node(self, node: Node) -> Node | None:
        """The node as far as it is known; nothing if it has no kind that is."""
        organizations = self._kinds[Table.ORGANIZATIONS]
        kinds = {kind: weight for kind, weight in node.kinds.items() if kind in organizations}
        if not kinds:
            return None
        columns = self._columns[Table.ORGANIZATIONS]
        update = {
            "kinds": kinds,
            "kind_by": [choice for choice in node.kind_by if choice.kind in organizations],
            "attributes": [one.model_copy(update={"written": one.name in columns}) for one in node.attributes],
            "links": [link for link in node.links if link.relation in self._kinds[Table.RELATIONS]],
            "meetings": [self._meetings(duty) for duty in node.meetings if duty.event in self._kinds[Table.EVENTS]],
            "terms": [self._terms(duty) for duty in node.terms if duty.event in self._kinds[Table.EVENTS]],
            "posts": [self._posts(duty) for duty in node.posts if self._roles(duty)],
            "relations": [self._relations(duty) for duty in node.relations if duty.relation in self._kinds[Table.RELATIONS]],
            "documents": [self._documents(duty) for duty in node.documents if duty.document in self._kinds[Table.EVIDENCE]],
            "standing": [self._standing(duty) for duty in node.standing if duty.requirement in self._requirements],
        }
        return node.model_copy(update=update)

    def refused_alike(self, bad: BadRows) -> bool:
        """Are the rows refused for the reason that they were made for, and not for a word that is not known?"""
        if bad.code in AMISS:
            return True
        table = Table(bad.table)
        kinds = self._kinds.get(table)
        known = kinds is None or all(row.get(NAMES[table], next(iter(kinds), "")) in kinds for row in bad.rows)
        return known and all(row["requirement"] in self._requirements for row in bad.rows if "requirement" in row)

    def _duty(self, duty: D, table: Table) -> D:
        if duty.requirement not in self._requirements:
            return duty.model_copy(update={"requirement": None, "faults": []})
        return duty.model_copy(update={"faults": self._faults(duty.faults, table)})

    def _faults(self, faults: Iterable[F], table: Table) -> list[F]:
        """Those that still do something: the cells that they spoil are known."""
        left = [fault.model_copy(update={"set": self._cells(fault.set, table)}) for fault in faults]
        return [fault for fault, before in zip(left, faults, strict=True) if fault.set or not before.set or _unmakes(fault)]

    def _cells(self, cells: Mapping[str, str], table: Table) -> dict[str, str]:
        return {name: text for name, text in cells.items() if name in self._columns[table]}

    def _meetings(self, duty: Meetings) -> Meetings:
        columns = self._cells(duty.columns, Table.EVENTS)
        update = {"columns": columns, "some": self._some(duty.some, Table.EVENTS), "answer": self._answer(duty.answer)}
        return self._duty(duty, Table.EVENTS).model_copy(update=update)

    def _some(self, some: Some | None, table: Table) -> Some | None:
        if some is None or some.requirement not in self._requirements:
            return None
        columns, otherwise = self._cells(some.columns, table), self._cells(some.otherwise, table)
        return self._duty(some, table).model_copy(update={"columns": columns, "otherwise": otherwise})

    def _answer(self, answer: Answer | None) -> Answer | None:
        if answer is None or answer.event not in self._kinds[Table.EVENTS]:
            return None
        return self._duty(answer, Table.EVENTS).model_copy(update={"columns": self._cells(answer.columns, Table.EVENTS)})

    def _terms(self, duty: Terms) -> Terms:
        reminder = duty.reminder
        kept = reminder is not None and reminder.event in self._kinds[Table.EVENTS]
        reminded = self._duty(reminder, Table.EVENTS) if reminder is not None and kept else None
        return self._duty(duty, Table.EVENTS).model_copy(update={"reminder": reminded})

    def _roles(self, duty: Posts) -> list[str]:
        return [role for role in duty.role if role in self._kinds[Table.TENURES]]

    def _posts(self, duty: Posts) -> Posts:
        same = duty.same_as
        update = {
            "role": self._roles(duty),
            "columns": self._cells(duty.columns, Table.TENURES),
            "same_as": same if same is not None and same.role in self._kinds[Table.TENURES] else None,
            "approved": duty.approved if duty.approved in self._kinds[Table.EVIDENCE] else None,
            "holder": [self._duty(holder, Table.TENURES) for holder in duty.holder if holder.requirement in self._requirements],
            "began": self._answer(duty.began),
            "ended": self._ended(duty.ended),
        }
        return self._duty(duty, Table.TENURES).model_copy(update=update)

    def _ended(self, ended: Ended | None) -> Ended | None:
        answer = None if ended is None else self._answer(ended.answer)
        if ended is None or answer is None:
            return None
        columns, otherwise = self._cells(ended.columns, Table.TENURES), self._cells(ended.otherwise, Table.TENURES)
        return ended.model_copy(update={"columns": columns, "otherwise": otherwise, "answer": answer})

    def _relations(self, duty: Relations) -> Relations:
        columns = self._cells(duty.columns, Table.RELATIONS)
        return self._duty(duty, Table.RELATIONS).model_copy(update={"columns": columns})

    def _documents(self, duty: Documents) -> Documents:
        update = {"columns": self._cells(duty.columns, Table.EVIDENCE), "some": self._some(duty.some, Table.EVIDENCE)}
        return self._duty(duty, Table.EVIDENCE).model_copy(update=update)

    def _standing(self, duty: Standing) -> Standing:
        known = [fault for fault in duty.faults if set(fault.add) <= self._columns[Table.ORGANIZATIONS]]
        return self._duty(duty.model_copy(update={"faults": known}), Table.ORGANIZATIONS)


def _unmakes(fault: Fault) -> bool:
    """Does a fault do more than to spoil cells?"""
    return isinstance(fault, StandingFault) and bool(fault.unlink or fault.unfed is not None or fault.add)
