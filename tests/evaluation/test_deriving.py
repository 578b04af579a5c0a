"""Derivations that are kept up to date: with the extra `live` and without it."""

import warnings
from datetime import date

import pytest

from mofan_rules.evaluation import deriving
from mofan_rules.evaluation.deriving import live_derivations
from mofan_rules.executors.rete import missing as looked_up
from mofan_rules.ir.derivations import Changed, Derivation, DerivedFact, Found, Head, OfVerdicts, Pattern, Variable
from mofan_rules.schema import Type
from mofan_rules.values.dates import BEGINNING, END

WHO = Variable("who", Type.ORGANIZATION)
MISSED = Pattern(OfVerdicts(frozenset({"r"}), frozenset({"violated"})), (("subject", WHO),))
RULES = (Derivation("d", Head("reminder", WHO), (MISSED,)),)
DAY = date(2024, 7, 1)
FOUND = Found(("a",), DAY, BEGINNING, END)
REMINDER = DerivedFact("reminder", "a", DAY)


def use() -> None:
    standing = live_derivations(RULES, DAY)
    try:
        assert standing.update([(MISSED, FOUND)]) == Changed((REMINDER,))
        assert standing.derived() == (REMINDER,)
        assert standing.become({}) == Changed((), (REMINDER,))
    finally:
        standing.close()


@pytest.mark.live
def test_with_the_extra() -> None:
    if looked_up.missing():
        pytest.skip("needs the extra `live`")
    use()


def test_without_the_extra_it_is_the_interpreter_and_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked_up, "ENGINE", "no_such_engine")
    looked_up.missing.cache_clear()
    deriving._say_once.cache_clear()
    try:
        with pytest.warns(RuntimeWarning, match="derivations run on the interpreter: the extra `live`"):
            use()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            use()
            live_derivations((), DAY).close()
    finally:
        looked_up.missing.cache_clear()
        deriving._say_once.cache_clear()


def test_a_library_that_cannot_be_loaded_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ImportError("undefined symbol: PyEval_CallObject")

    monkeypatch.setattr(looked_up, "import_module", broken)
    looked_up.missing.cache_clear()
    try:
        assert looked_up.missing() == "durable_rules was built wrongly for this Python: undefined symbol: PyEval_CallObject"
    finally:
        looked_up.missing.cache_clear()
