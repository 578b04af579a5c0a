"""What the processes do that evaluate for the service: a question in, the bytes of its answer out. Each keeps the rulesets that it has loaded."""

import json
import tempfile
from pathlib import Path
from typing import Any

from mofan_rules import pipeline
from mofan_rules.diagnostics import QuestionError, make
from mofan_rules.evaluation.question import read_context
from mofan_rules.facts import Facts
from mofan_rules.reports.json import write
from mofan_rules.ruleset import Ruleset
from mofan_rules.service.folders import facts_in, ruleset_in
from mofan_rules.service.models import DueRequest, EvaluateRequest, ExplainRequest, Subject
from mofan_rules.service.settings import Settings
from mofan_rules.sessions.as_json import forecast_data
from mofan_rules.sessions.forecast import forecast, read_until
from mofan_rules.sessions.recorded import facts_of
from mofan_rules.sessions.watching import Look, look_at

_loaded: dict[Path, tuple[Look, Ruleset]] = {}


def evaluate(settings: Settings, asked: EvaluateRequest) -> bytes:
    """The report of an evaluation, as `mofan check --format json` writes it."""
    facts = read_facts(settings, asked)
    evaluation = pipeline.evaluate(read_ruleset(settings, asked), facts, asked.as_of, asked.period, asked.known_at, asked.executor)
    with tempfile.TemporaryDirectory(prefix="mofan-") as folder:
        path = Path(folder, "report.json")
        write(evaluation.report(), path)
        return path.read_bytes()


def explain(settings: Settings, asked: ExplainRequest) -> bytes:
    """An explanation, as data and in words."""
    facts = read_facts(settings, asked)
    explained = pipeline.explain(
        read_ruleset(settings, asked), facts, asked.organization, asked.requirement, asked.as_of, asked.period, asked.known_at, asked.window, asked.key
    )
    return as_bytes({"explanation": explained.data(), "text": {"zh": explained.text("zh"), "en": explained.text("en")}})


def due(settings: Settings, asked: DueRequest) -> bytes:
    """A forecast."""
    context = read_context(asked.as_of, asked.period)
    until = read_until(asked.until, context.as_of)
    ruleset = read_ruleset(settings, asked)
    admitted = pipeline.admit(ruleset, read_facts(settings, asked), asked.known_at)
    return as_bytes(forecast_data(context.as_of, until, forecast(ruleset.program, admitted, context, until, asked.executor)))


def read_ruleset(settings: Settings, subject: Subject) -> Ruleset:
    """The ruleset that a request names, loaded again only if its files have changed.

    Raises
    ------
    QuestionError: if there is none of that name.
    RulesetError: if it has errors.
    """
    path = ruleset_in(settings.rulesets, subject.ruleset)
    known = _loaded.get(path)
    if known is not None and known[0] == look_at(_folders(known[1])):
        return known[1]
    ruleset = pipeline.load_ruleset(path)
    _loaded[path] = look_at(_folders(ruleset)), ruleset
    return ruleset


def _folders(ruleset: Ruleset) -> list[Path]:
    return sorted({Path(name).parent for name in ruleset.texts})


def read_facts(settings: Settings, subject: Subject) -> Facts:
    """The facts that come with a request, or those that it names.

    Raises
    ------
    QuestionError: if it does both, or there are none of that name.
    FactsError: if they cannot be read.
    """
    if subject.facts_from is None:
        return Facts() if subject.facts is None else facts_of(subject.facts.tables(), subject.facts.complete)
    if subject.facts is not None:
        raise QuestionError([make("facts-given-twice", None)])
    return pipeline.load_facts(facts_in(settings.facts, subject.facts_from))


def as_bytes(answer: dict[str, Any]) -> bytes:
    """JSON."""
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
