"""clipspy: a fact for each window, a rule for each outcome, verdicts as facts."""

from pathlib import Path

from clips import Environment, Symbol

from benchmarks.peers.counting import Row, cells
from benchmarks.peers.rolling import rolled_up

RULES = """
(deftemplate cell (slot number) (slot bound) (slot sure) (slot may))
(deftemplate election (slot number) (slot due))
(deftemplate verdict (slot number) (slot state))
(defrule held (cell (number ?n) (bound yes) (sure ?s&:(>= ?s 1))) => (assert (verdict (number ?n) (state satisfied))))
(defrule missed (cell (number ?n) (bound yes) (sure 0) (may 0)) => (assert (verdict (number ?n) (state violated))))
(defrule not-told (cell (number ?n) (bound yes) (sure 0) (may ?m&:(>= ?m 1))) => (assert (verdict (number ?n) (state unknown))))
(defrule perhaps (cell (number ?n) (bound unknown)) => (assert (verdict (number ?n) (state unknown))))
(defrule not-bound (cell (number ?n) (bound no)) => (assert (verdict (number ?n) (state not_applicable))))
(defrule in-time (election (number ?n) (due ?d&:(>= ?d 20241231))) => (assert (verdict (number ?n) (state satisfied))))
(defrule late (election (number ?n) (due ?d&:(< 0 ?d 20241231))) => (assert (verdict (number ?n) (state violated))))
(defrule never-elected (election (number ?n) (due 0)) => (assert (verdict (number ?n) (state unknown))))
"""


def judge(facts: Path) -> list[Row]:
    environment = Environment()
    for construct in RULES.strip().splitlines():
        environment.build(construct)
    asked = list(cells(facts))
    cell, election, verdict = (environment.find_template(name) for name in ("cell", "election", "verdict"))
    for number, each in enumerate(asked):
        if "due" in each:
            election.assert_fact(number=number, due=each["due"])
        else:
            cell.assert_fact(number=number, bound=Symbol(each["bound"]), sure=each["sure"], may=each["may"])
    environment.run()
    judged = [(asked[fact["number"]], str(fact["state"])) for fact in verdict.facts()]
    return rolled_up(facts, [(each["requirement"], each["organization"], each["window"], state) for each, state in judged])
