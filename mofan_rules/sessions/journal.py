"""The journal: one SQLite file in which each fact stands before it is acknowledged.

It is written ahead (WAL), and held by one process at a time. Each entry bears a digest of itself and of all before it, so that one that was torn, changed
or lost in between is told.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

from mofan_rules.diagnostics import QuestionError, make
from mofan_rules.schema import Table
from mofan_rules.sessions.written_ahead import torn

Synchronous = Literal["NORMAL", "FULL"]
Entry = tuple[Table, Mapping[str, str | None]]

FORMAT = "1"
CREATE = """
    CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE entries (number INTEGER PRIMARY KEY, fact_table TEXT NOT NULL, fact TEXT NOT NULL, digest BLOB NOT NULL);
"""


class Journal:
    """An open journal.

    Parameters
    ----------
    ruleset: the name of the ruleset; a journal of another one is refused.

    Raises
    ------
    QuestionError: if the file is no journal, is damaged, belongs to another ruleset, is in use, or cannot be written.
    """

    def __init__(self, path: Path, synchronous: Synchronous, ruleset: str) -> None:
        self.path = path
        try:
            damage = torn(path)
            self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise self._cannot_write(error) from error
        try:
            self._hold(synchronous)
            self._about(ruleset)
            self._number, self._digest = self._verified(damage)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise self._told(error) from error
        except BaseException:
            self._connection.close()
            raise

    def _hold(self, synchronous: Synchronous) -> None:
        """Take the file for this process alone: an exclusive lock, which the system gives back should the process die."""
        if synchronous not in ("NORMAL", "FULL"):
            raise ValueError(f"synchronous is NORMAL or FULL, not {synchronous!r}")
        execute = self._connection.execute
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("PRAGMA journal_mode = WAL")
        execute(f"PRAGMA synchronous = {synchronous}")
        execute("BEGIN EXCLUSIVE")
        execute("COMMIT")

    def _about(self, ruleset: str) -> None:
        execute = self._connection.execute
        names = {str(row[0]) for row in execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()}
        if not names:
            self._connection.executescript(f"BEGIN; {CREATE} COMMIT")
            self._connection.executemany("INSERT INTO about VALUES (?, ?)", [("format", FORMAT), ("ruleset", ruleset)])
            return
        if not {"about", "entries"} <= names:
            raise QuestionError([make("no-journal", None, path=str(self.path))])
        known = dict(execute("SELECT name, value FROM about").fetchall())
        if known.get("format") != FORMAT:
            raise QuestionError([make("no-journal", None, path=str(self.path))])
        if known.get("ruleset") != ruleset:
            raise QuestionError([make("other-journal", None, path=str(self.path), found=known.get("ruleset", ""), wanted=ruleset)])

    def _verified(self, damage: bool) -> tuple[int, bytes]:
        """The number and digest of the last entry.

        Raises
        ------
        QuestionError: if an entry is not what was written.
        """
        number, digest = 0, b""
        try:
            whole = [row[0] for row in self._connection.execute("PRAGMA quick_check(1)").fetchall()] == ["ok"]
            for found, table, fact, chained in self._connection.execute("SELECT * FROM entries ORDER BY number"):
                if found != number + 1 or chained != _chained(digest, table, fact) or table not in set(Table):
                    whole = False
                    break
                number, digest = found, chained
        except sqlite3.DatabaseError:
            whole = False
        if damage or not whole:
            raise self._damaged(number)
        return number, digest

    def _damaged(self, intact: int) -> QuestionError:
        """Save what is intact to a journal beside this one, and say so."""
        saved = self.path.with_name(self.path.name + ".saved")
        saved.unlink(missing_ok=True)
        rows = self._connection.execute("SELECT * FROM entries WHERE number <= ? ORDER BY number", [intact]).fetchmany(intact) if intact else []
        about = self._connection.execute("SELECT * FROM about").fetchall()
        copy = sqlite3.connect(saved, isolation_level=None)
        try:
            copy.executescript(f"BEGIN; {CREATE} COMMIT; BEGIN")
            copy.executemany("INSERT INTO about VALUES (?, ?)", about)
            copy.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
            copy.execute("COMMIT")
        finally:
            copy.close()
        return QuestionError([make("damaged-journal", None, path=str(self.path), intact=intact, saved=str(saved))])

    def __len__(self) -> int:
        return self._number

    def entries(self) -> Iterator[Entry]:
        """All entries, in order."""
        for table, fact in self._connection.execute("SELECT fact_table, fact FROM entries ORDER BY number"):
            yield Table(table), json.loads(fact)

    def append(self, entries: Sequence[Entry]) -> None:
        """Write entries, all or none.

        Raises
        ------
        QuestionError: if they cannot be written: then the journal is as it was.
        """
        number, digest = self._number, self._digest
        rows = []
        for table, fact in entries:
            written = json.dumps(fact, ensure_ascii=False)
            number, digest = number + 1, _chained(digest, table.value, written)
            rows.append((number, table.value, written, digest))
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except (sqlite3.Error, UnicodeEncodeError) as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise self._cannot_write(error) from error
        self._number, self._digest = number, digest

    def close(self) -> None:
        """Give the file back to others; what was written ahead is put into it."""
        self._connection.close()

    def _told(self, error: sqlite3.DatabaseError) -> QuestionError:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return QuestionError([make("journal-in-use", None, path=str(self.path))])
        if code is not None and code & 0xFF == sqlite3.SQLITE_NOTADB:
            return QuestionError([make("no-journal", None, path=str(self.path))])
        if code is not None and code & 0xFF == sqlite3.SQLITE_CORRUPT:
            return QuestionError([make("damaged-journal", None, path=str(self.path), intact=0, saved="-")])
        return self._cannot_write(error)

    def _cannot_write(self, error: Exception) -> QuestionError:
        return QuestionError([make("cannot-write", None, path=str(self.path), reason=str(error))])


def _chained(before: bytes, table: str, fact: str) -> bytes:
    return sha256(before + table.encode() + b"\0" + fact.encode()).digest()[:16]
