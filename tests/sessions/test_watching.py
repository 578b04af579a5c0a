"""Files that are watched: read only when they are still, read again if they changed meanwhile, and told when they cannot be read."""

import os
import threading
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

from mofan_rules import pipeline
from mofan_rules.diagnostics import FactsError, MofanError, QuestionError
from mofan_rules.evaluation import Evaluation
from mofan_rules.facts.load import places_of
from mofan_rules.sessions import alarms as module
from mofan_rules.sessions.alarms import alarms, check_installed
from mofan_rules.sessions.watching import Turn, look_at, watched
from tests.cli.sample import EVENTS, write_sample

MET = "9,b,meeting,2024-02-02\n"
"""Club `b` meets after all: its first quarter, its year and its February are satisfied."""


class Watched:
    """The sample, watched with alarms that are always there."""

    def __init__(self, folder: Path, as_of: Callable[[], str] = lambda: "2025-01-15") -> None:
        self.ruleset, self.facts = write_sample(folder)
        self.events = Path(self.facts, "events.csv")
        self.read = 0
        self.while_read: list[Callable[[], object]] = []
        self.paused: list[Callable[[], object]] = []
        self._as_of = as_of
        self.turns = watched(self.evaluate, self.look, repeat(None, 50), self.pause)

    def look(self) -> object:
        return look_at((Path(self.ruleset), *places_of(self.facts))), self._as_of()

    def evaluate(self) -> Evaluation:
        self.read += 1
        found = pipeline.evaluate(pipeline.load_ruleset(self.ruleset), pipeline.load_facts(self.facts), self._as_of(), "2024", executor="interpreter")
        if self.while_read:
            self.while_read.pop()()
        return found

    def pause(self) -> None:
        if self.paused:
            self.paused.pop()()

    def next(self) -> Turn:
        found = next(self.turns)
        assert isinstance(found, Turn)
        return found


def flips(turn: Turn) -> set[tuple[str, str | None, str | None]]:
    return {(one.verdict.requirement, one.before and one.before.state, one.after and one.after.state) for one in turn.flipped}


def test_what_flips_is_told(tmp_path: Path) -> None:
    """In the order of verdict tables; a false alarm reads nothing."""
    watch = Watched(tmp_path)
    assert watch.next().changes == ()
    watch.events.write_text(EVENTS + MET)
    turn = watch.next()
    assert flips(turn) == {("meet", "violated", "satisfied"), ("meet_yearly", "violated", "satisfied"), ("trial", "violated", "satisfied")}
    assert [one.verdict.requirement for one in turn.flipped] == ["meet", "meet_yearly", "trial"]
    assert next(watch.turns, None) is None  # the alarms that remain were false
    assert watch.read == 2


def test_what_changes_without_a_flip_is_no_flip(tmp_path: Path) -> None:
    """One meeting of the two that the year needs; and a row that is rejected is counted."""
    watch = Watched(tmp_path)
    path = Path(watch.ruleset, "requirements.yaml")
    path.write_text(path.read_text().replace("every: year", "every: year\n    at_least: 2"))
    watch.next()
    watch.events.write_text(EVENTS + MET + "10,c,meeting,2024-03-03\n")  # there is no club `c`
    turn = watch.next()
    yearly = [one for one in turn.changes if one.verdict.requirement == "meet_yearly"]
    assert [(one.before.measured, one.after.measured) for one in yearly if one.before and one.after] == [("0", "1")]
    assert flips(turn) == {("meet", "violated", "satisfied"), ("trial", "violated", "satisfied")}
    assert turn.rejected == 1


def test_nothing_is_read_before_it_is_still(tmp_path: Path) -> None:
    """Half a file is a file too: what is still being written is waited for."""
    watch = Watched(tmp_path)
    watch.next()
    watch.events.write_text("id,organization,kind,date\n")
    watch.paused = [lambda: watch.events.write_text(EVENTS + MET), lambda: watch.events.write_text(EVENTS[:60])]
    assert ("meet", "violated", "satisfied") in flips(watch.next())
    assert watch.read == 2


def test_what_changed_while_it_was_read_is_read_again(tmp_path: Path) -> None:
    watch = Watched(tmp_path)
    watch.while_read = [lambda: watch.events.write_text(EVENTS + MET)]
    assert watch.next().evaluation.verdicts.rows() is not None
    assert watch.read == 2
    watch.events.write_text("id,organization,kind,date\n")
    watch.while_read = [lambda: watch.events.write_text(EVENTS)]
    assert flips(watch.next()) == {("meet", "satisfied", "violated"), ("meet_yearly", "satisfied", "violated"), ("trial", "satisfied", "violated")}
    assert watch.read == 4


def test_a_file_that_goes_away_while_it_is_read_is_no_defect(tmp_path: Path) -> None:
    """Whatever it breaks; but what breaks although nothing has changed is told."""
    watch = Watched(tmp_path)
    watch.next()

    def vanish() -> None:
        watch.events.write_text(EVENTS + MET)
        raise RuntimeError("read in the middle")

    watch.events.write_text(EVENTS[:-1])
    watch.while_read = [vanish]
    assert ("meet", "violated", "satisfied") in flips(watch.next())

    def defect() -> None:
        raise RuntimeError("a defect")

    watch.events.write_text(EVENTS)
    watch.while_read = [defect]
    with pytest.raises(RuntimeError, match="a defect"):
        watch.next()


def test_what_cannot_be_read_is_told_and_the_last_verdicts_stand(tmp_path: Path) -> None:
    """Flips are those since the last verdicts there were."""
    watch = Watched(tmp_path)
    watch.next()
    gone = tmp_path / "gone"
    Path(watch.facts).rename(gone)
    assert isinstance(next(watch.turns), FactsError)
    (gone / "events.csv").write_text(EVENTS + MET)
    gone.rename(watch.facts)
    assert ("meet", "violated", "satisfied") in flips(watch.next())
    Path(watch.ruleset, "requirements.yaml").write_text("requirements: [")
    assert isinstance(next(watch.turns), MofanError)


def test_the_first_evaluation_must_be_possible(tmp_path: Path) -> None:
    watch = Watched(tmp_path)
    Path(watch.ruleset, "ruleset.yaml").unlink()
    with pytest.raises(MofanError):
        watch.next()


def test_another_ruleset_flips_too(tmp_path: Path) -> None:
    """A requirement that is gone is told in its own words."""
    watch = Watched(tmp_path)
    watch.next()
    path = Path(watch.ruleset, "requirements.yaml")
    path.write_text(path.read_text().split("  - id: meet_yearly")[0])
    turn = watch.next()
    assert flips(turn) == {("meet_yearly", "satisfied", None), ("meet_yearly", "violated", None), ("trial", "satisfied", None), ("trial", "violated", None)}
    assert all(one.why("en") for one in turn.flipped)


def test_a_day_that_passes_is_a_change(tmp_path: Path) -> None:
    """A state is the same obligation on each day: only what flips is told of it."""
    day = ["2024-12-31"]
    watch = Watched(tmp_path, lambda: day[0])
    path = Path(watch.ruleset, "requirements.yaml")
    path.write_text(path.read_text() + "  - {id: young, kind: attribute, subject: club, condition: 'window.last < 2025-01-01', modality: must}\n")
    watch.next()
    day[0] = "2025-01-01"
    turn = watch.next()
    found = flips(turn)
    assert ("young", "satisfied", "violated") in found
    assert not {one for one in found if one[0] == "young"} - {("young", "satisfied", "violated")}
    assert ("meet", "pending", "violated") in found
    day[0] = "2025-01-02"
    assert not watch.next().flipped


def test_the_places_of_facts(tmp_path: Path) -> None:
    """Whether they are there or not."""
    book, elsewhere = tmp_path / "facts.xlsx", tmp_path / "maps" / "map.yaml"
    assert places_of(tmp_path) == (tmp_path,)
    assert places_of(book) == (book, tmp_path / "facts.xlsx-wal", tmp_path / "facts.yaml", tmp_path / "facts.yml")
    assert places_of(tmp_path, elsewhere) == (elsewhere, tmp_path)
    assert places_of(elsewhere) == (elsewhere,)
    elsewhere.parent.mkdir()
    elsewhere.write_text("source: ../data\n")
    (tmp_path / "data").mkdir()
    assert places_of(elsewhere) == (elsewhere, elsewhere.parent / "../data")
    assert places_of("postgresql://somewhere/db") == ()


def test_a_look_sees_what_is_read_and_nothing_else(tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    events.write_text("id\n")
    before = look_at([tmp_path])
    for left in (".events.csv.swp", "~$facts.xlsx", "notes.md"):
        (tmp_path / left).write_text("x")
    assert look_at([tmp_path]) == before
    stat = events.stat()
    (tmp_path / "new.tmp").write_text("id\n")
    os.utime(tmp_path / "new.tmp", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (tmp_path / "new.tmp").replace(events)  # of the same size and time, and still another file
    assert look_at([tmp_path]) != before


def first(found: Iterator[None], act: Callable[[], object]) -> None:
    """Act, and wait for an alarm."""
    act()
    next(found)


def test_alarms_come_from_the_system_and_anyway(tmp_path: Path) -> None:
    """Also when a folder has gone, and when another one is in its place."""
    folder = tmp_path / "facts"
    folder.mkdir()
    found = alarms(lambda: [folder], anyway=0.05)
    first(found, lambda: (folder / "events.csv").write_text("id\n"))
    first(found, lambda: folder.rename(tmp_path / "gone"))
    first(found, folder.mkdir)
    first(found, lambda: (folder / "events.csv").write_text("id\n"))
    nothing = alarms(lambda: [tmp_path / "no" / "where"], anyway=0.01)
    next(nothing)
    next(nothing)


def test_an_alarm_need_not_be_waited_for(tmp_path: Path) -> None:
    """The system tells at once: without it, the alarm would come in an hour."""
    found = alarms(lambda: [tmp_path], anyway=3600)
    came = threading.Event()
    threading.Thread(target=lambda: (next(found), came.set()), daemon=True).start()
    for number in range(120):
        (tmp_path / f"events{number}.csv").write_text("id\n")
        if came.wait(0.5):
            break
    assert came.is_set()


def test_without_the_library_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(QuestionError) as told:
        check_installed()
    [diagnostic] = told.value.diagnostics
    assert diagnostic.hint is not None
    assert 'pip install "mofan-rules[watch]"' in diagnostic.hint.en
