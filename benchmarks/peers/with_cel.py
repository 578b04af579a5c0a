"""cel-python: an expression for each requirement, asked for each branch."""

from pathlib import Path

import celpy

from benchmarks.peers.counting import MONTHS, Row, branches, rows
from benchmarks.peers.rolling import rolled_up

STATE = 'w.sure >= 1 ? "satisfied" : w.may >= 1 ? "unknown" : "violated"'
EXPRESSIONS = {requirement: f"branch.{requirement}.map(w, {STATE})" for requirement in MONTHS} | {
    "board": f'branch.board.map(w, !has(branch.has_board) ? "unknown" : branch.has_board ? ({STATE}) : "not_applicable")',
    "election": '!has(branch.due) ? "unknown" : branch.due >= 20241231 ? "satisfied" : "violated"',
}


def judge(facts: Path) -> list[Row]:
    environment = celpy.Environment()
    programs = {key: environment.program(environment.compile(text)) for key, text in EXPRESSIONS.items()}
    found: list[Row] = []
    for branch in branches(facts):
        context = {"branch": celpy.json_to_cel({key: value for key, value in branch.items() if value is not None})}
        answers = {key: program.evaluate(context) for key, program in programs.items()}
        states = {key: str(answer) if key == "election" else [str(state) for state in answer] for key, answer in answers.items()}
        found += rows(branch["id"], states)
    return rolled_up(facts, found)
