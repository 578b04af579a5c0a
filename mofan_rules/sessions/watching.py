"""Files that are watched: whenever they have changed and come to rest, they are evaluated again, and what came out otherwise is told.

Files change while they are written, and a folder is whole again only when all of them are. So nothing is read before they have been still for a while, and
what was read while they changed is read again. What cannot be read at all is told, and the last verdicts stand until it can.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mofan_rules.diagnostics import MofanError
from mofan_rules.evaluation import Evaluation
from mofan_rules.facts.files import CSV, EXCEL, PARQUET
from mofan_rules.sessions.changes import Change
from mofan_rules.sessions.quiet import snapshots
from mofan_rules.verdicts.compare import compare
from mofan_rules.verdicts.rows_table import order

READ = (*CSV, *PARQUET, *EXCEL, ".yaml", ".yml")
"""The endings of the files of a folder that are read; a single file may have any."""

NOTHING = (None, "not_applicable")
"""States between which nothing flips: an organization of which nothing is asked has such rows or none."""

Look = Hashable
"""How the files are at one moment: two looks are alike if nothing has changed between them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an evaluation brought: the verdicts that differ from those before, in the order of verdict tables. The first has none."""

    evaluation: Evaluation
    changes: tuple[Change, ...] = ()

    @property
    def flipped(self) -> tuple[Change, ...]:
        """Those whose state differs."""
        return tuple(change for change in self.changes if _flips(change))

    @property
    def rejected(self) -> int:
        """How many rows of the facts are rejected now."""
        summary = self.evaluation.facts.summary
        return 0 if summary is None else summary.rejected


def look_at(places: Iterable[Path]) -> Look:
    """The files in folders, and single files, each with the time of its last change, its size and which file it is on the disk."""
    found: dict[str, tuple[int, int, int]] = {}
    for place in places:
        for path in _files(place):
            try:
                known = path.stat()
            except OSError:
                continue
            found[str(path)] = (known.st_mtime_ns, known.st_size, known.st_ino)
    return tuple(sorted(found.items()))


def _files(place: Path) -> list[Path]:
    try:
        if place.is_dir():
            return [path for path in place.iterdir() if path.suffix.lower() in READ and not path.name.startswith((".", "~"))]
    except OSError:
        return []
    return [place]


def watched(evaluate: Callable[[], Evaluation], look: Callable[[], Look], alarms: Iterable[object], pause: Callable[[], object]) -> Iterator[Turn | MofanError]:
    """An evaluation now, and another one each time that something has changed; or the error, while there can be none.

    An evaluation is closed when the next one is asked for.

    Parameters
    ----------
    look: how things are; it is looked at when an alarm comes, so that a false alarm costs nothing.
    alarms: something may have changed, whatever is given.
    pause: waits as long as files must be still before they are read.

    Raises
    ------
    MofanError: if the first evaluation is not possible.
    """
    known, first = _read(evaluate, look, look())
    while first is None:
        known, first = _read(evaluate, look, _rest(look, pause))
    if isinstance(first, MofanError):
        raise first
    last = first
    yield Turn(last)
    for _ in alarms:
        if look() == known:
            continue
        found: Evaluation | MofanError | None = None
        while found is None:
            known, found = _read(evaluate, look, _rest(look, pause))
        if isinstance(found, MofanError):
            yield found
            continue
        yield Turn(found, tuple(_changes(last, found)))
        last.facts.connection.close()
        last = found


def _rest(look: Callable[[], Look], pause: Callable[[], object]) -> Look:
    """How things are when they have been still for a while."""
    seen = look()
    while True:
        pause()
        again = look()
        if again == seen:
            return seen
        seen = again


def _read(evaluate: Callable[[], Evaluation], look: Callable[[], Look], seen: Look) -> tuple[Look, Evaluation | MofanError | None]:
    """An evaluation of things as they were seen; nothing if they have changed meanwhile."""
    try:
        found: Evaluation | MofanError = evaluate()
    except MofanError as error:
        found = error
    except Exception:
        if look() == seen:
            raise
        return seen, None  # a file that went away while it was read may break anything
    if look() == seen:
        return seen, found
    if isinstance(found, Evaluation):
        found.facts.connection.close()
    return seen, None


def _changes(before: Evaluation, after: Evaluation) -> Iterator[Change]:
    """What differs. A state of the as-of date is paired with that of another day."""
    old, new = before.ruleset.catalogue, after.ruleset.catalogue
    found = [Change(one.before, one.after, old if one.after is None else new) for one in compare(before.verdicts, after.verdicts)]
    if before.context.as_of != after.context.as_of:
        found = list(_paired(found, snapshots(before.ruleset.program) & snapshots(after.ruleset.program)))
    yield from sorted(found, key=lambda change: order(change.verdict))


def _paired(changes: Iterable[Change], moving: frozenset[str]) -> Iterator[Change]:
    gone: dict[tuple[str, str, str], Change] = {}
    come: dict[tuple[str, str, str], Change] = {}
    for change in changes:
        verdict = change.verdict
        if verdict.requirement in moving and (change.before is None or change.after is None):
            (come if change.before is None else gone)[verdict.requirement, verdict.subject, verdict.key] = change
        else:
            yield change
    for key in {**gone, **come}:
        was, now = gone.get(key), come.get(key)
        last = [change for change in (was, now) if change is not None][-1]
        one = Change(was.before if was else None, now.after if now else None, last.catalogue)
        if one.before is None or one.after is None or one.before.state != one.after.state:
            yield one


def _flips(change: Change) -> bool:
    before, after = (None if verdict is None else verdict.state for verdict in (change.before, change.after))
    return before != after and not (before in NOTHING and after in NOTHING)
