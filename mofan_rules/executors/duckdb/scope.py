"""What the measures of one judgement are computed over: the cells, their windows, and the frame in which conditions on a row are evaluated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.cells import Lattice
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.holding import holds_column
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, Work
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.program import Calendar, Each, Windows
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.schema import Table
from mofan_rules.values.windows import Every

Project = Callable[[Frame], dict[str, str]]
"""What a measure wants of each candidate: names and SQL over the frame."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What the measures of one judgement are computed over.

    Parameters
    ----------
    cells: a table with cell, subject, window_first, window_last, due, day, trigger, trigger_id, after_day and the columns of `choices`.
    state: the cells are days on which a state is looked at; else windows.
    constants: columns of `c` (`c.x`) that are the same in all cells, with their value.
    ends: the column of the cells with the end of the window (an answer to a deadline may come until the extended `due_on`).
    """

    work: Work
    cells: str
    windows: Windows
    state: bool
    choices: dict[str, str] = field(default_factory=dict)
    lattice: Lattice | None = None
    ends: str = "window_last"
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def trigger_table(self) -> Table | None:
        return self.windows.trigger.table if isinstance(self.windows, Each) and self.windows.trigger else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The window of a measure in terms of a cell `c`, and the calendar it belongs to."""

    first: str
    last: str
    every: Every | None = None
    anchor: str | None = None
    own: bool = True
    """It is the window of the cell itself."""


def date_column(rows: Rows) -> str:
    """The column that dates the rows: that which they name, or the beginning of a row where the table has no such column."""
    beginning = BEGINNING_COLUMN[rows.table]
    return beginning if rows.date == "date" and beginning != "date" else rows.date


def owner_column(table: Table, owner: Own) -> str:
    """The column that says whose a row is."""
    return "source" if table is Table.RELATIONS and owner.column == "organization" else owner.column


def row_frame(judging: Judging) -> Frame:
    """Where the conditions on a row `r` for a cell `c` are evaluated; `s` is the subject's version, `t` the trigger."""
    work = judging.work
    frame = Frame(
        {Scope.SUBJECT: "s", Scope.ROW: "r", Scope.TRIGGER: "t"},
        {Scope.SUBJECT: "s.certain", Scope.ROW: "r.certain", Scope.TRIGGER: "t.certain"},
        work.parameters,
        judging.choices,
    )
    frame.holds = lambda asked, node: holds_column(work, judging.cells, asked, node)
    return frame


def calendar_of(windows: Windows) -> tuple[Every | None, str | None]:
    """The calendar of the windows, with its anchor as SQL over a cell."""
    match windows:
        case Calendar(every, None):
            return every, None
        case Calendar(every, str()):
            return every, "c.start"
        case Calendar(every, anchor):
            return every, sql.day(anchor)  # type: ignore[arg-type]
        case _:
            return None, None
