"""Why a verdict has its state and none that comes before it in the order of states."""

from datetime import date

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.ir.program import Judgement, Tally
from mofan_rules.verdicts.explanation import Node, NodeKind
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.wording import STATES

PASSED: dict[State, Bilingual] = {
    State.NOT_APPLICABLE: Bilingual("要求适用于该期间", "the requirement binds in the window"),
    State.SATISFIED: Bilingual("条件未确定成立", "the test is not surely true"),
    State.WAIVED: Bilingual("没有确定有效的豁免", "no waiver surely covers the window"),
    State.VIOLATED: Bilingual("条件未确定不成立，或豁免情况不明", "the test is not surely false, or a waiver may exist"),
    State.PENDING: Bilingual("期限已过", "the due day has passed"),
}
"""Why a state does not apply, in the order in which they are asked (`docs/meaning.md` section 5)."""

STILL_OPEN = Bilingual("期限未到，以后还可能变", "the window is open, and what may still come can change it")
EXTENDED = Bilingual("延期不是豁免，只推迟期限", "an extension does not waive, it moves the due day")


def state_node(node: Judgement | Tally, judged: Judged, as_of: date) -> Node:
    """The state with its reason, and for each state that was passed over why it does not apply."""
    passed = list(PASSED)
    children: list[Node] = []
    if (doubt := _binding_doubt(judged)) is not None:
        # of what may not apply at all nothing else is asked
        children.append(Node(NodeKind.STATE, STATES[State.NOT_APPLICABLE], doubt))
    elif judged.window.problem is None:
        for state in passed[: passed.index(judged.state)] if judged.state in passed else passed:
            children.append(Node(NodeKind.STATE, STATES[state], _why_not(state, judged, as_of)))
    name = STATES[judged.state]
    return Node(NodeKind.STATE, Bilingual(f"结论：{name.zh}", f"state: {name.en}"), Bilingual(judged.reason, judged.reason), (), tuple(children))


def _binding_doubt(judged: Judged) -> Bilingual | None:
    if judged.state is not State.UNKNOWN:
        return None
    if judged.reason == "binding_unknown":
        return Bilingual("也可能适用：是否适用未定", "it may bind: that is not certain")
    if judged.outcome is not None and judged.outcome.given is None:
        return Bilingual("也可能适用：前提是否成立未定", "it may apply: whether its premise holds is not certain")
    return None


def _why_not(state: State, judged: Judged, as_of: date) -> Bilingual:
    is_open = judged.due_on is not None and judged.due_on >= as_of and judged.state is State.PENDING
    if state in (State.SATISFIED, State.VIOLATED) and is_open:
        return STILL_OPEN
    if state is State.WAIVED and judged.extended:
        return EXTENDED
    return PASSED[state]
