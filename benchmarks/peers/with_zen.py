"""zen-engine: a decision graph with one node of expressions, asked for all branches at once."""

from pathlib import Path
from typing import Any

from zen import ZenEngine

from benchmarks.peers.counting import MONTHS, Row, branches, rows
from benchmarks.peers.rolling import rolled_up

STATE = '#.sure >= 1 ? "satisfied" : #.may >= 1 ? "unknown" : "violated"'
EXPRESSIONS = {requirement: f"map({requirement}, {STATE})" for requirement in MONTHS} | {
    "board": f'map(board, has_board == null ? "unknown" : has_board ? ({STATE}) : "not_applicable")',
    "election": 'due == null ? "unknown" : due >= 20241231 ? "satisfied" : "violated"',
}


def graph() -> dict[str, Any]:
    expressions = [{"id": key, "key": key, "value": value} for key, value in EXPRESSIONS.items()]
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "states", "type": "expressionNode", "name": "states", "content": {"expressions": expressions}},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "states", "type": "edge"},
            {"id": "e2", "sourceId": "states", "targetId": "out", "type": "edge"},
        ],
    }


def judge(facts: Path) -> list[Row]:
    engine = ZenEngine({"loader": {"type": "static", "content": {"meetings": graph()}}})
    asked = branches(facts)
    answers = engine.evaluate_batch([{"key": "meetings", "context": branch} for branch in asked])
    return rolled_up(facts, [row for branch, answer in zip(asked, answers, strict=True) for row in rows(branch["id"], answer["data"]["result"])])
