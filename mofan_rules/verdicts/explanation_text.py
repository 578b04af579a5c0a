"""An explanation as text for a terminal, in Chinese or English; wide glyphs count as two columns."""

from collections.abc import Iterable, Iterator

from mofan_rules.diagnostics.bilingual import Bilingual, Language
from mofan_rules.diagnostics.diagnostic import clean
from mofan_rules.diagnostics.render import display_width
from mofan_rules.verdicts.catalogue import Entry
from mofan_rules.verdicts.explanation import Explanation, Fact, Needed, Node, NodeKind, Role, Unknown, UnknownKind
from mofan_rules.verdicts.messages import message
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.table import Verdict
from mofan_rules.verdicts.wording import STATES, window_words

ROLE_NAMES: dict[Role, Bilingual] = {
    Role.COUNTED: Bilingual("计入", "counted"),
    Role.UNDECIDED: Bilingual("未定", "undecided"),
    Role.REJECTED: Bilingual("拒收", "rejected"),
    Role.TRIGGER: Bilingual("起算", "trigger"),
    Role.WAIVER: Bilingual("豁免", "waiver"),
    Role.FEED: Bilingual("报送", "feed"),
}

MADE_UP = "~"
"""What the ids begin with that admission gives to rows without one."""

MOST_FACTS = 20
"""So many rows are listed beside a step; of more only their number is told."""

MOST_CHILDREN = 40
"""So many steps of one kind are shown below another."""

WIDEST_TITLE = 40
"""A title up to so wide leaves its value in the column; a longer one pushes it on."""

TOO_MUCH = Bilingual("（未定之处太多，未能逐一试算，所列可能有多余或遗漏）", "(too much is open to try everything out: this may name too much or too little)")


def explanation_text(explanation: Explanation, entry: Entry | None = None, language: Language = "zh", others: bool = True) -> str:
    """The whole explanation.

    Parameters
    ----------
    entry: the requirement in the catalogue, for its title, citations and remedy; without it these are left out.
    language: of all that the library says itself.
    others: list the other verdicts that could have been meant.
    """
    blocks = [
        _heading(explanation, entry, language),
        _section(Bilingual("推导", "Derivation"), _tree(explanation.root.children, language), language),
        _section(Bilingual("知道以下各项，即可判定", "These facts would decide it"), _unknowns(explanation, language), language),
        _section(Bilingual("还需要什么", "What is needed"), [_needed(needed, language) for needed in explanation.needed], language),
        _section(Bilingual("建议", "Remedy"), _remedy(explanation, entry, language), language),
        _section(Bilingual("其他结论", "Other verdicts"), _others(explanation, language) if others else [], language),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _heading(explanation: Explanation, entry: Entry | None, language: Language) -> str:
    verdict = explanation.verdict
    title = entry.title.of(language) if entry is not None else ""
    window = window_words(verdict.window_from, verdict.window_until).of(language)
    key = f" [{clean(verdict.key)}]" if verdict.key else ""
    lines = [
        " ".join(part for part in (verdict.requirement, title) if part),
        f"{clean(verdict.subject)} · {window}{key} · {STATES[State(verdict.state)].of(language)}",
    ]
    if entry is not None:
        lines.append(message(verdict, entry, language))
        lines += [_cited(entry, number, language) for number in range(len(entry.citations))]
    if verdict.accountable != verdict.subject:
        lines.append(Bilingual(f"负责：{clean(verdict.accountable)}", f"accountable: {clean(verdict.accountable)}").of(language))
    return "\n".join(lines)


def _cited(entry: Entry, number: int, language: Language) -> str:
    citation = entry.citations[number]
    quote = f"：“{citation.quote}”" if citation.quote else ""
    clause = f" {citation.clause}" if citation.clause else ""
    return f"{Bilingual('依据', 'Source').of(language)} {citation.title.of(language)}{clause}{quote}"


def _section(title: Bilingual, lines: Iterable[str], language: Language) -> str:
    found = list(lines)
    return "\n".join([title.of(language), *("  " + line for line in found)]) if found else ""


# the tree


def _tree(nodes: Iterable[Node], language: Language, depth: int = 0) -> Iterator[str]:
    listed = list(nodes)
    width = min(max((display_width(_title(node, language)) for node in listed), default=0), WIDEST_TITLE)
    for node in listed[:MOST_CHILDREN]:
        title = _title(node, language)
        gap = " " * max(1, width - display_width(title) + 2)
        facts = _facts(node.facts, language)
        yield "  " * depth + (title + gap + clean(node.value.of(language)) + (f"  {facts}" if facts else "")).rstrip()
        yield from _tree(_shown(node), language, depth + 1)
    if len(listed) > MOST_CHILDREN:
        more = len(listed) - MOST_CHILDREN
        yield "  " * depth + Bilingual(f"……另有 {more} 项", f"... and {more} more").of(language)


def _title(node: Node, language: Language) -> str:
    return clean(node.title.of(language))


def _shown(node: Node) -> tuple[Node, ...]:
    """The children that say more than the node itself: the days of a binding only where they differ."""
    same = node.kind is NodeKind.BINDING and len({child.value for child in node.children}) == 1
    return tuple(child for child in node.children if not (same and child.kind is NodeKind.DAYS))


def _facts(facts: tuple[Fact, ...], language: Language) -> str:
    groups: dict[Role, list[str]] = {}
    for fact in facts:
        groups.setdefault(fact.role, []).append(_id(fact, language))
    return "  ".join(f"{ROLE_NAMES[role].of(language)} {_listed(ids, language)}" for role, ids in groups.items())


def _id(fact: Fact, language: Language) -> str:
    """The id of a row; one that was made up at admission tells nobody anything."""
    return Bilingual("（无编号）", "(no id)").of(language) if fact.id.startswith(MADE_UP) or not fact.id else clean(fact.id)


def _listed(ids: list[str], language: Language) -> str:
    shown = ", ".join(ids[:MOST_FACTS])
    return shown if len(ids) <= MOST_FACTS else shown + Bilingual(f" 等 {len(ids)} 条", f" and {len(ids) - MOST_FACTS} more").of(language)


# what would change it


def _unknowns(explanation: Explanation, language: Language) -> Iterator[str]:
    for unknown in explanation.deciding:
        yield _unknown(unknown).of(language)
    if explanation.verdict.state == State.UNKNOWN and not explanation.complete:
        yield Bilingual(
            "（未定之处太多，未能逐一试算，所列可能有多余或遗漏）", "(too much is open to try everything out: this may name too much or too little)"
        ).of(language)


def _unknown(unknown: Unknown) -> Bilingual:
    table, id_, name, owner = (clean(text) for text in (unknown.table, unknown.id, unknown.name, unknown.organization))
    match unknown.kind:
        case UnknownKind.CELL:
            return Bilingual(f"单元格 {table}/{id_}/{name}", f"cell {table}/{id_}/{name}")
        case UnknownKind.ROW if not id_ and name:
            return Bilingual(f"缺少的记录 {table}/{name}（{owner}）", f"a row of {table}/{name} for {owner}")
        case UnknownKind.ROW:
            return Bilingual(f"被拒收的记录 {table}/{id_ or '（无编号）'}", f"rejected row {table}/{id_ or '(no id)'}")
        case UnknownKind.FEED:
            span = f"{unknown.first}..{unknown.last}"
            path = "/".join(part for part in (table, name or "*", owner or "*", span) if part)
            return Bilingual(f"报送是否完整 {path}", f"completeness of {path}")
        case UnknownKind.PARAMETER:
            return Bilingual(f"参数 {name} 的取值", f"the value of parameter {name}")


def _needed(needed: Needed, language: Language) -> str:
    by = needed.by.isoformat() if needed.by else ""
    when = Bilingual(
        f"，{'本应不晚于' if needed.missed else '不晚于'} {by}" if by else "", f", {'should have been by' if needed.missed else 'by'} {by}" if by else ""
    )
    if needed.more:
        return Bilingual(f"{needed.what.zh}：还差 {needed.more}{when.zh}", f"{needed.what.en}: {needed.more} more{when.en}").of(language)
    if needed.fewer:
        return Bilingual(f"{needed.what.zh}：多出 {needed.fewer}{when.zh}", f"{needed.what.en}: {needed.fewer} too many{when.en}").of(language)
    return Bilingual(f"{needed.what.zh}{when.zh}", f"{needed.what.en}{when.en}").of(language)


def _remedy(explanation: Explanation, entry: Entry | None, language: Language) -> Iterator[str]:
    if entry is not None and entry.remedy is not None and explanation.verdict.state in (State.VIOLATED, State.PENDING):
        yield entry.remedy.of(language)


def _others(explanation: Explanation, language: Language) -> Iterator[str]:
    rows = [(_window_and_key(verdict, language), STATES[State(verdict.state)].of(language)) for verdict in explanation.others[:MOST_CHILDREN]]
    width = max((display_width(window) for window, _ in rows), default=0)
    for window, state in rows:
        yield window + " " * (width - display_width(window) + 2) + state


def _window_and_key(verdict: Verdict, language: Language) -> str:
    key = f" [{clean(verdict.key)}]" if verdict.key else ""
    return window_words(verdict.window_from, verdict.window_until).of(language) + key
