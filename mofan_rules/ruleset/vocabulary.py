"""From the words that a ruleset declares to `schema.Vocabulary`: kind trees, aliases, attributes and their tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mofan_rules.condition import RESERVED
from mofan_rules.condition.characters import continues_name, starts_name
from mofan_rules.diagnostics import Bilingual, Diagnostics, Related, closest
from mofan_rules.documents.text import Text
from mofan_rules.requirements.names import FIXED
from mofan_rules.requirements.unknown import SECTIONS, unknown
from mofan_rules.ruleset.document import AttributeFields, KindFields, VocabularyFields
from mofan_rules.schema import ADMITTED, COLUMNS, Attribute, Kind, Table, Type, Vocabulary

ALWAYS = (Text("part_of"), Text("continues"))
"""The relations that every ruleset has."""

HERE = Bilingual("另一处在这里", "the other one is here")


@dataclass(slots=True)
class _Draft:
    """A kind while it is put together."""

    name: Text
    title: str = ""
    parent: Text | None = None
    aliases: list[Text] = field(default_factory=list)


def build_vocabulary(declared: Iterable[VocabularyFields], diagnostics: Diagnostics) -> Vocabulary:
    """One vocabulary of all that a ruleset and its imports declare."""
    fields = list(declared)
    tables = _by_table(fields)
    tables[Table.RELATIONS].insert(0, {name: KindFields() for name in ALWAYS})
    kinds = {table: _kinds(sources, diagnostics) for table, sources in tables.items()}
    vocabulary = Vocabulary(kinds)
    return Vocabulary(kinds, tuple(_attributes(vocabulary, [f.attributes for f in fields], diagnostics)))


def _by_table(fields: list[VocabularyFields]) -> dict[Table, list[dict[Text, KindFields]]]:
    return {
        Table.ORGANIZATIONS: [f.organizations for f in fields],
        Table.EVENTS: [f.events for f in fields],
        Table.TENURES: [f.roles for f in fields],
        Table.EVIDENCE: [f.documents for f in fields],
        Table.RELATIONS: [f.relations for f in fields],
    }


def words_of(declared: Iterable[VocabularyFields]) -> dict[Table, dict[str, Text]]:
    """Where each kind, special case and alias of a table is declared."""
    found: dict[Table, dict[str, Text]] = {}
    for table, sources in _by_table(list(declared)).items():
        places = found.setdefault(table, {})
        for source in sources:
            for name, fields in source.items():
                for word in (name, *fields.kinds, *fields.aliases):
                    places.setdefault(str(word), word)
    return found


def _kinds(sources: list[dict[Text, KindFields]], diagnostics: Diagnostics) -> dict[str, Kind]:
    drafts: dict[str, _Draft] = {}
    for source in sources:
        for name, fields in source.items():
            draft = drafts.setdefault(name, _Draft(name))
            draft.title = fields.title.zh if fields.title is not None else draft.title
            draft.aliases += fields.aliases
            for special in fields.kinds:
                _adopt(drafts.setdefault(special, _Draft(special)), name, special, diagnostics)
    _check_trees(drafts, diagnostics)
    _check_special_cases(sources, diagnostics)
    _check_aliases(drafts, diagnostics)
    return {
        str(draft.name): Kind(str(draft.name), None if draft.parent is None else str(draft.parent), tuple(map(str, draft.aliases)), draft.title)
        for draft in drafts.values()
    }


def _adopt(draft: _Draft, parent: Text, special: Text, diagnostics: Diagnostics) -> None:
    if draft.parent is not None and draft.parent != parent:
        diagnostics.report("kind-two-parents", special.span, kind=special, first=draft.parent, second=parent)
    else:
        draft.parent = parent


def _check_trees(drafts: dict[str, _Draft], diagnostics: Diagnostics) -> None:
    """Report each circle of kinds once, at the first of it that was declared."""
    seen: set[str] = set()
    for draft in drafts.values():
        path: dict[str, _Draft] = {}
        step: _Draft | None = draft
        while step is not None and str(step.name) not in seen:
            seen.add(str(step.name))
            path[str(step.name)] = step
            step = None if step.parent is None else drafts[step.parent]
        if step is not None and str(step.name) in path:
            names = [*path][[*path].index(str(step.name)) :]
            diagnostics.report("kind-cycle", step.name.span, path=" → ".join([*names, names[0]]))


def _check_special_cases(sources: list[dict[Text, KindFields]], diagnostics: Diagnostics) -> None:
    """A special case need not be declared by itself; but where one is declared whose name is nearly the same, that one was probably meant."""
    declared = [name for source in sources for name in source]
    for source in sources:
        for fields in source.values():
            for special in fields.kinds:
                others = [] if special in declared else [name for name in declared if not _extends(special, name)]
                if closest(special, others):
                    unknown(diagnostics, "kind-nearly", special, others, kind=special)


def _extends(one: str, other: str) -> bool:
    """Is one name the other with a word more (a 临时党支部 is a 党支部), and no slip of the pen?"""
    return (one in other or other in one) and abs(len(one) - len(other)) > 1


def _check_aliases(drafts: dict[str, _Draft], diagnostics: Diagnostics) -> None:
    taken = {str(draft.name): draft.name for draft in drafts.values()}
    for draft in drafts.values():
        for alias in draft.aliases:
            if alias in taken:
                diagnostics.report("name-taken", alias.span, name=alias, related=_related(taken[alias]))
            taken.setdefault(str(alias), alias)


def _related(name: Text) -> tuple[Related, ...]:
    return (Related(name.span, HERE),) if name.span.file else ()


def _attributes(vocabulary: Vocabulary, sources: list[dict[Text, AttributeFields]], diagnostics: Diagnostics) -> Iterable[Attribute]:
    taken: dict[tuple[Table, str], Text] = {}
    for source in sources:
        for name, fields in source.items():
            check_name(name, diagnostics)
            for alias in fields.aliases:
                check_name(alias, diagnostics)
            for table, kinds in _tables(vocabulary, name, fields, diagnostics).items():
                for word in (name, *fields.aliases):
                    _claim(taken, table, word, diagnostics)
                yield Attribute(
                    str(name),
                    table,
                    Type(fields.type),
                    tuple(sorted(kinds)),
                    tuple(map(str, fields.aliases)),
                    fields.min,
                    fields.max,
                    tuple(map(str, fields.values)),
                )


def _claim(taken: dict[tuple[Table, str], Text], table: Table, word: Text, diagnostics: Diagnostics) -> None:
    fixed = {*COLUMNS[table], *ADMITTED[table], *(name for name, _, _ in FIXED[table])}
    if word in fixed:
        diagnostics.report("attribute-fixed", word.span, name=word, table=table.value)
    elif (table, word) in taken:
        diagnostics.report("name-taken", word.span, name=word, related=_related(taken[table, word]))
    taken.setdefault((table, str(word)), word)


def _tables(vocabulary: Vocabulary, name: Text, fields: AttributeFields, diagnostics: Diagnostics) -> dict[Table, frozenset[str]]:
    """The tables that have an attribute, with the kinds, special cases included (none: all)."""
    tables = [Table(fields.table)] if fields.table is not None else list(vocabulary.kinds)
    if fields.of is None:
        return {tables[0]: frozenset()}
    found: dict[Table, frozenset[str]] = {}
    for word in fields.of:
        homes = [table for table in tables if word in vocabulary.canonical(table)]
        if not homes:
            known = [kind for table in tables for kind in vocabulary.canonical(table)]
            unknown(diagnostics, "unknown-word", word, known, word=word, table=_where(tables))
        if len(homes) > 1:
            diagnostics.report("attribute-table", word.span, word=word, name=name, tables=", ".join(homes))
        for table in homes[:1]:
            found[table] = found.get(table, frozenset()) | vocabulary.family(table, vocabulary.canonical(table)[word])
    return found


def _where(tables: list[Table]) -> str:
    return ", ".join(SECTIONS[table] for table in tables)


def check_name(name: Text, diagnostics: Diagnostics) -> None:
    """Can conditions write this name? They split at blanks and signs, and know some words themselves."""
    fits = starts_name(name[0]) and all(continues_name(character) for character in name[1:])
    if not fits or name in RESERVED or len(name) > 100:
        diagnostics.report("name-not-writable", name.span, name=name)
