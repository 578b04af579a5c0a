"""Why one verdict is what it is: asked by id or by name, told as text or as data."""

from datetime import date
from typing import TYPE_CHECKING, Any

from mofan_rules.diagnostics import Language, QuestionError, closest, make
from mofan_rules.evaluation.question import Period, read_window
from mofan_rules.executors.interpreter import Executor as Interpreter
from mofan_rules.values.periods import period_name
from mofan_rules.verdicts.explanation import Explanation, NoSuchVerdict
from mofan_rules.verdicts.explanation_json import explanation_data
from mofan_rules.verdicts.explanation_text import explanation_text
from mofan_rules.verdicts.table import Verdict

if TYPE_CHECKING:
    from mofan_rules.facts import AdmittedFacts
    from mofan_rules.ir.program import Context
    from mofan_rules.ruleset import Ruleset
    from mofan_rules.verdicts.catalogue import Entry

MOST_WINDOWS = 12
"""So many windows are named where the one that was asked for is none."""


class Explained:
    """The explanation of one verdict. Printing it prints the text; `tree` is the derivation, down to the rows of facts."""

    def __init__(self, tree: Explanation, entry: "Entry", language: Language) -> None:
        self.tree = tree
        self._entry = entry
        self._language = language

    @property
    def verdict(self) -> Verdict:
        """The row that is explained."""
        return self.tree.verdict

    def text(self, language: Language | None = None) -> str:
        """The whole explanation for people, in the language asked for or another."""
        return explanation_text(self.tree, self._entry, language or self._language)

    def data(self) -> dict[str, Any]:
        """The same as plain data, in both languages, for JSON."""
        return explanation_data(self.tree)

    def __str__(self) -> str:
        return self.text()


def explain(
    ruleset: "Ruleset",
    facts: "AdmittedFacts",
    context: "Context",
    subject: str,
    requirement: str,
    window: Period | date | None = None,
    key: str | None = None,
    language: Language = "zh",
) -> Explained:
    """Explain one verdict.

    Parameters
    ----------
    subject: the organization's id, or its name if only one has it.
    requirement: the requirement's id.
    window: a day in the window, its name (`2024Q3`) or its first and last day; without one, the latest verdict that is violated, else unknown, else pending.
    key: tells verdicts of one window apart.

    Raises
    ------
    QuestionError: if there is no such organization, requirement or verdict.
    """
    span = (window, window) if isinstance(window, date) else read_window(window) if window is not None else None
    organization = _organization(facts, subject)
    try:
        tree = Interpreter().explain(ruleset.program, facts, context, requirement, organization, span, key)
    except NoSuchVerdict as error:
        raise _told(ruleset, error, organization, requirement) from error
    law_day = tree.effective_from
    return Explained(tree, ruleset.catalogue.entry(requirement, law_day), language)


def _organization(facts: "AdmittedFacts", wanted: str) -> str:
    """The id of the organization that is meant.

    Raises
    ------
    QuestionError: if none or several have that name.
    """
    cursor = facts.connection.cursor()
    if cursor.execute("SELECT 1 FROM facts.ids WHERE id = ?", [wanted]).fetchall():
        return wanted
    named = "SELECT DISTINCT s.id FROM facts.organizations o JOIN facts.subjects s ON s.number = o.organization WHERE o.certain AND o.name = ? ORDER BY s.id"
    found = [str(row[0]) for row in cursor.execute(named, [wanted]).fetchall()]
    if len(found) == 1:
        return found[0]
    if found:
        raise QuestionError([make("several-organizations", None, name=wanted, ids=", ".join(found[:MOST_WINDOWS]))])
    known = cursor.execute("SELECT id FROM facts.subjects UNION SELECT name FROM facts.organizations WHERE certain AND name IS NOT NULL ORDER BY 1").fetchall()
    raise QuestionError([make("unknown-organization", None, suggestions=closest(wanted, (str(row[0]) for row in known)), name=wanted)])


def _told(ruleset: "Ruleset", error: NoSuchVerdict, organization: str, requirement: str) -> QuestionError:
    known = ruleset.catalogue.requirements()
    if requirement not in known:
        return QuestionError([make("no-such-requirement", None, suggestions=closest(requirement, known), name=requirement)])
    windows = ", ".join(dict.fromkeys(_named(verdict) for verdict in error.found[-MOST_WINDOWS:]))
    code = "no-verdict" if windows else "not-a-subject"
    return QuestionError([make(code, None, organization=organization, requirement=requirement, windows=windows)])


def _named(verdict: Verdict) -> str:
    if verdict.window_from is None or verdict.window_until is None:
        return "—"
    return period_name(verdict.window_from, verdict.window_until)
