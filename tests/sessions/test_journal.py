"""The journal loses nothing, holds nothing twice, and says what is wrong with it.

`pytest tests/sessions/test_journal.py --kills 1000` kills more often than CI does.
"""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import IO

import pytest

import mofan_rules as mr
from mofan_rules.diagnostics import QuestionError
from mofan_rules.sessions.journal import Journal
from mofan_rules.sessions.written_ahead import torn
from tests.sessions.sample import facts, opened, ruleset

KILLS = 15
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "live.db"


def event(identifier: str, branch: str = "b1", kind: str = "assembly", date: str = "2024-05-01") -> mr.Event:
    return mr.Event(id=identifier, organization=branch, kind=kind, date=date)


def ids(path: Path) -> list[str]:
    """The ids of all entries, in order."""
    journal = Journal(path, "NORMAL", "case")
    found = [str(fact["id"]) for _, fact in journal.entries()]
    journal.close()
    return found


def test_what_was_recorded_is_there_again(path: Path) -> None:
    """Facts, corrections and withdrawals; ids that the session gave are not given again."""
    with opened(journal=path) as session:
        [first] = session.record(event("", "b1")).ids
        [given] = session.record(mr.Event(organization="b2", kind="assembly", date="2024-05-01")).ids
        session.correct("e1", event("e1b", date="2024-06-01"))
        session.withdraw(given)
        wanted = list(session.verdicts())
    with opened(journal=path) as session:
        assert list(session.verdicts()) == wanted
        assert list(mr.evaluate(ruleset(), session.facts(), session.as_of, executor="interpreter").verdicts) == wanted
        assert session.record(mr.Event(organization="b2", kind="assembly", date="2024-05-01")).ids[0] not in (first, given)
    assert len(set(ids(path))) == len(ids(path)) == 5


@pytest.mark.parametrize("synchronous", ["NORMAL", "FULL"])
def test_the_promise_is_what_sqlite_is_told(path: Path, synchronous: str) -> None:
    with mr.open_session(ruleset(), facts(), "2024-06-15", journal=path, synchronous=synchronous, executor="interpreter") as session:  # type: ignore[arg-type]
        journal = session._journal
        assert journal is not None
        assert journal._connection.execute("PRAGMA synchronous").fetchone() == ({"NORMAL": 1, "FULL": 2}[synchronous],)
        assert journal._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_second_session_is_refused(path: Path) -> None:
    """In the same process and in another one; when the first has ended it is free."""
    script = "import sys; from pathlib import Path; from mofan_rules.sessions.journal import Journal; Journal(Path(sys.argv[1]), 'NORMAL', 'case')"
    command = [sys.executable, "-c", script, str(path)]
    with opened(journal=path) as session:
        session.record(event("x"))
        with pytest.raises(QuestionError, match="journal-in-use"):
            opened(journal=path)
        other = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert "journal-in-use" in other.stderr
        session.record(event("y"))
    assert subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).returncode == 0
    assert ids(path) == ["x", "y"]


def test_what_is_no_journal_of_this_ruleset_is_refused(path: Path) -> None:
    path.write_text("this is a text and no database, whatever its name may say" * 50)
    with pytest.raises(QuestionError, match="no-journal"):
        opened(journal=path)
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE something (n)")
    other.close()
    with pytest.raises(QuestionError, match="no-journal"):
        opened(journal=path)
    path.unlink()
    Journal(path, "NORMAL", "another").close()
    with pytest.raises(QuestionError, match="other-journal"):
        opened(journal=path)
    with pytest.raises(QuestionError, match="cannot-write"):
        opened(journal=path.parent / "nowhere" / "live.db")


def filled(path: Path, number: int = 40) -> None:
    """A journal with some entries."""
    journal = Journal(path, "NORMAL", "case")
    for place in range(number):
        journal.append([(event("x").table, {"id": f"n{place}", "organization": "b1", "kind": "lecture", "date": "2024-05-01"})])
    journal.close()


def test_a_changed_entry_is_told_and_what_stands_before_it_is_saved(path: Path) -> None:
    """The saved part can be opened in the place of the journal."""
    filled(path)
    database = sqlite3.connect(path)
    database.execute("UPDATE entries SET fact = replace(fact, 'b1', 'b2') WHERE number = 31")
    database.commit()
    database.close()
    with pytest.raises(QuestionError, match="first 30 facts are intact"):
        opened(journal=path)
    saved = path.with_name("live.db.saved")
    assert ids(saved) == [f"n{place}" for place in range(30)]
    with opened(journal=saved) as session:
        session.record(event("more"))
    assert len(ids(saved)) == 31


@pytest.mark.parametrize("lost", ["DELETE FROM entries WHERE number = 7", "UPDATE entries SET number = 99 WHERE number = 7"])
def test_a_lost_entry_is_told(path: Path, lost: str) -> None:
    filled(path)
    database = sqlite3.connect(path)
    database.execute(lost)
    database.commit()
    database.close()
    with pytest.raises(QuestionError, match="first 6 facts are intact"):
        opened(journal=path)


def test_bytes_that_were_changed_or_cut_off_are_told(path: Path) -> None:
    """Wherever a fact, or the structure of the file, is hit; a change that hits nothing (of a page not used) leaves the journal whole."""
    filled(path, 400)
    whole = path.read_bytes()
    wanted = ids(path)
    told = 0
    random = Random(5)
    for place in [*random.sample(range(100, len(whole)), 40), None]:
        damaged = whole[: len(whole) // 2] if place is None else whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        path.write_bytes(damaged)
        try:
            assert ids(path) == wanted
        except QuestionError as error:
            assert error.diagnostics[0].code in ("damaged-journal", "no-journal", "cannot-write")
            told += 1
        for left in path.parent.iterdir():
            if left != path:
                left.unlink()
    assert told > 20


def test_a_log_damaged_in_the_middle_is_told(path: Path) -> None:
    """SQLite would take what stands before and say nothing; of a log that was torn at its end, it is right to do so."""
    journal = Journal(path, "NORMAL", "case")
    for place in range(30):
        journal.append([(event("x").table, {"id": f"n{place}"})])
    log = path.with_name("live.db-wal")
    copies = path.parent / "copied"
    copies.mkdir()
    database, written = path.read_bytes(), log.read_bytes()
    journal.close()
    copy, copied = copies / "live.db", copies / "live.db-wal"

    def laid(content: bytes) -> None:
        copy.write_bytes(database)
        copied.write_bytes(content)

    middle = len(written) // 2
    laid(written[:middle] + bytes([written[middle] ^ 1]) + written[middle + 1 :])
    assert torn(copy)
    with pytest.raises(QuestionError, match="damaged-journal"):
        opened(journal=copy)
    for left in copies.iterdir():
        left.unlink()
    laid(written[:-100])
    assert not torn(copy)
    assert ids(copy) == [f"n{place}" for place in range(29)]


def test_a_full_disk_is_an_error_and_not_a_loss(path: Path) -> None:
    """Nothing has happened then; when there is room again, recording goes on."""
    with opened(journal=path) as session:
        session.record(event("first"))
        before = list(session.verdicts())
        journal = session._journal
        assert journal is not None
        pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
        journal._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(QuestionError, match="cannot-write"):
            session.record_many([event(f"much-{number}", "b2") for number in range(500)])
        assert list(session.verdicts()) == before
        journal._connection.execute("PRAGMA max_page_count = 1000000")
        session.record(event("second"))
    assert ids(path) == ["first", "second"]


def test_a_file_that_cannot_grow_is_an_error_and_not_a_loss(path: Path) -> None:
    """The system refuses to write: what was acknowledged before is there."""
    script = f"""
import resource, signal, sys
from tests.sessions.test_journal import *
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
session = opened(journal=Path({str(path)!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
number = 0
try:
    while number < 5000:
        session.record(event(f"n{{number}}", kind="lecture"))
        number += 1
except QuestionError as error:
    print(number, error.diagnostics[0].code)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    number, code = done.stdout.split()
    assert code == "cannot-write"
    assert 0 < int(number) < 5000
    assert ids(path) == [f"n{place}" for place in range(int(number))]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 200_000


class Dying:
    """The process of `dying.py`."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.sessions.dying"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, bufsize=1
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.tell: IO[str] = self.process.stdin
        self.said: Iterator[str] = (line.strip() for line in self.process.stdout)

    def killed(self, path: Path, number: int, random: Random) -> tuple[list[str], list[str]]:
        """Let a child record, kill it at a random moment, and say which facts it has written and which it has acknowledged."""
        self.tell.write(f"{path} {number}\n")
        child = int(next(self.said).split()[1])
        lines: list[str] = []
        after, waits = random.randrange(1, 60), random.choice(("w", "w", "a"))
        for line in self.said:
            lines.append(line)
            if len(lines) >= after and line.startswith(waits):
                os.kill(child, signal.SIGKILL)
                break
        lines += iter(self.said.__next__, "end")
        return [line[2:] for line in lines if line.startswith("w ")], [line[2:] for line in lines if line.startswith("a ")]

    def end(self) -> None:
        self.tell.close()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def test_a_killed_process_has_lost_nothing(tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    """Every acknowledged fact is there after a death at a random moment, none twice; of deaths between writing and acknowledging there are enough; and the
    verdicts are those of a batch run."""
    kills = request.config.getoption("--kills") or KILLS
    dying, random = Dying(), Random(11)
    between = 0
    path = tmp_path / "live.db"
    known: list[str] = []
    try:
        for number in range(kills):
            if number % 25 == 0:
                path, known = tmp_path / f"live-{number}.db", []
            written, acknowledged = dying.killed(path, number, random)
            between += len(written) > len(acknowledged)
            found = ids(path)
            assert len(set(found)) == len(found)
            assert found[: len(known)] == known, "what was there before stays"
            new = found[len(known) :]
            assert new[: len(acknowledged)] == acknowledged
            assert len(new) <= len(written) + 1, "at most one fact was written and not yet told"
            known = found
            if number % 25 == min(24, kills - 1):
                with opened(journal=path) as session:
                    batch = mr.evaluate(ruleset(), session.facts(), session.as_of, executor="interpreter").verdicts
                    assert list(session.verdicts()) == list(batch)
    finally:
        dying.end()
    if request.config.getoption("--kills"):
        with capsys.disabled():
            print(f"\n{kills} deaths, {between} of them between writing and acknowledging")
    assert between * 5 >= kills
