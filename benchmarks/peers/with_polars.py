"""polars: groups joined to the whole grid of branches and windows."""

from datetime import date
from pathlib import Path

import polars as pl

MONTHS = {"assembly": 3, "board": 1, "group": 1, "lecture": 3, "day": 1, "review": 12}
GRID = pl.DataFrame(
    [(name, date(2024, month, 1)) for name, months in MONTHS.items() for month in range(1, 13, months)],
    schema={"requirement": pl.String, "window": pl.Date},
    orient="row",
)


def judge(facts: Path) -> pl.DataFrame:
    organizations = pl.read_parquet(facts / "organizations.parquet")
    branches = organizations.filter(pl.col("kind") == "branch")
    year = pl.lit(date(2024, 1, 1)).alias("window")
    due = pl.col("elected_on").dt.offset_by(pl.format("{}y", "term_years"))
    election = pl.when(due >= date(2024, 12, 31)).then(pl.lit("satisfied")).when(due.is_null()).then(pl.lit("unknown")).otherwise(pl.lit("violated"))
    verdicts = pl.concat(
        [
            counted(facts, branches),
            branches.select(pl.lit("election").alias("requirement"), pl.col("id").alias("organization"), year, election.alias("state")),
        ]
    )
    some = [(pl.col("state") == state).any() for state in ("violated", "unknown")]
    state = pl.when(some[0]).then(pl.lit("violated")).when(some[1]).then(pl.lit("unknown")).otherwise(pl.lit("satisfied"))
    whole = verdicts.group_by("organization").agg(state.alias("state"))
    wholes = whole.select(pl.lit("whole").alias("requirement"), "organization", year, "state")
    return pl.concat([verdicts, wholes, shares(organizations, branches, whole).select(pl.lit("share").alias("requirement"), "organization", year, "state")])


def counted(facts: Path, branches: pl.DataFrame) -> pl.DataFrame:
    months = pl.col("kind").replace_strict(MONTHS, default=None, return_dtype=pl.Int8)
    month = (pl.col("date").dt.month() - 1) // months * months + 1
    quorum = (pl.col("kind") != "assembly") | (pl.col("attended") * 2 >= pl.col("expected"))
    counts = (
        pl.scan_parquet(facts / "events.parquet")
        .filter(pl.col("kind").is_in(list(MONTHS)), pl.col("date").dt.year() == 2024)
        .group_by(pl.col("kind").alias("requirement"), pl.col("organization"), pl.date(2024, month, 1).alias("window"))
        .agg(quorum.sum().alias("sure"), quorum.is_null().sum().alias("may"))
        .collect()
    )
    board = pl.col("requirement") == "board"
    state = (
        pl.when(board & pl.col("has_board").is_null()).then(pl.lit("unknown")).when(board & ~pl.col("has_board")).then(pl.lit("not_applicable"))
        .when(pl.col("sure") >= 1).then(pl.lit("satisfied")).when(pl.col("may") >= 1).then(pl.lit("unknown")).otherwise(pl.lit("violated"))
    )  # fmt: skip
    grid = branches.select(pl.col("id").alias("organization"), "has_board").join(GRID, how="cross")
    joined = grid.join(counts, on=["requirement", "organization", "window"], how="left")
    return joined.select("requirement", "organization", "window", state.alias("state"))


def shares(organizations: pl.DataFrame, branches: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    parents = organizations.select("id", "parent")
    level, below = branches.select(pl.col("id").alias("branch"), pl.col("parent").alias("unit")), []
    while level.height:
        below.append(level)
        level = level.join(parents, left_on="unit", right_on="id").select("branch", pl.col("parent").alias("unit")).drop_nulls()
    satisfied, unknown = ((pl.col("state") == state).sum() for state in ("satisfied", "unknown"))
    state = (
        pl.when(satisfied * 100 >= pl.len() * 95).then(pl.lit("satisfied"))
        .when((satisfied + unknown) * 100 < pl.len() * 95).then(pl.lit("violated")).otherwise(pl.lit("unknown"))
    )  # fmt: skip
    grouped = pl.concat(below).join(whole, left_on="branch", right_on="organization").group_by("unit").agg(state.alias("state"))
    return grouped.rename({"unit": "organization"})
