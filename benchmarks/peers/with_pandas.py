"""pandas: groups put on the whole index of branches and windows."""

from pathlib import Path

import numpy as np
import pandas as pd

MONTHS = {"assembly": 3, "board": 1, "group": 1, "lecture": 3, "day": 1, "review": 12}
YEAR = pd.Timestamp(2024, 1, 1)
COLUMNS = ["requirement", "organization", "window", "state"]


def judge(facts: Path) -> pd.DataFrame:
    organizations = pd.read_parquet(facts / "organizations.parquet").set_index("id")
    branches = organizations[organizations["kind"] == "branch"]
    verdicts = pd.concat([counted(facts, branches), elections(branches)], ignore_index=True)
    flags = pd.DataFrame({state: verdicts["state"] == state for state in ("violated", "unknown")}).groupby(verdicts["organization"]).any()
    whole = pd.Series(np.select([flags["violated"], flags["unknown"]], ["violated", "unknown"], "satisfied"), index=flags.index)
    wholes = pd.DataFrame({"requirement": "whole", "organization": whole.index, "window": YEAR, "state": whole.to_numpy()})
    return pd.concat([verdicts, wholes, shares(organizations, branches, whole)], ignore_index=True)[COLUMNS]


def counted(facts: Path, branches: pd.DataFrame) -> pd.DataFrame:
    events = pd.read_parquet(facts / "events.parquet", columns=["organization", "kind", "date", "expected", "attended"])
    day = pd.to_datetime(events["date"])
    events = events[events["kind"].isin(MONTHS) & (day.dt.year == 2024)]
    months = events["kind"].map(MONTHS)
    ruled = events["kind"] == "assembly"
    keys = [events["kind"], events["organization"], (day[events.index].dt.month - 1) // months * months + 1]
    tallied = pd.DataFrame({"sure": ~ruled | (events["attended"] * 2 >= events["expected"]), "may": ruled & events["attended"].isna()}).groupby(keys).sum()
    windows = [(name, month) for name, length in MONTHS.items() for month in range(1, 13, length)]
    grid = pd.DataFrame(windows, columns=["requirement", "month"]).merge(branches["has_board"].rename_axis("organization").reset_index(), how="cross")
    places = pd.MultiIndex.from_frame(grid[["requirement", "organization", "month"]])
    counts = tallied.reindex(places, fill_value=0).reset_index(drop=True)
    board, has_board = grid["requirement"] == "board", grid["has_board"]
    conditions = [board & has_board.isna(), board & has_board.eq(False), counts["sure"] >= 1, counts["may"] >= 1]
    grid["state"] = np.select(conditions, ["unknown", "not_applicable", "satisfied", "unknown"], "violated")
    grid["window"] = pd.to_datetime(pd.DataFrame({"year": 2024, "month": grid["month"], "day": 1}))
    return grid[COLUMNS]


def elections(branches: pd.DataFrame) -> pd.DataFrame:
    elected = pd.to_datetime(branches["elected_on"])
    due = elected.copy()
    for years, group in elected.groupby(branches["term_years"]):
        due[group.index] = group + pd.DateOffset(years=int(years))
    state = np.select([due.isna(), due >= pd.Timestamp(2024, 12, 31)], ["unknown", "satisfied"], "violated")
    return pd.DataFrame({"requirement": "election", "organization": branches.index, "window": YEAR, "state": state})


def shares(organizations: pd.DataFrame, branches: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    level, below = branches["parent"], []
    while len(level):
        below.append(level)
        level = level.map(organizations["parent"]).dropna()
    units = pd.concat(below)
    state = whole[units.index]
    counts = pd.DataFrame({"s": (state == "satisfied").to_numpy(), "u": (state == "unknown").to_numpy(), "n": 1}).groupby(units.to_numpy()).sum()
    found = np.select([counts["s"] * 100 >= counts["n"] * 95, (counts["s"] + counts["u"]) * 100 < counts["n"] * 95], ["satisfied", "violated"], "unknown")
    return pd.DataFrame({"requirement": "share", "organization": counts.index, "window": YEAR, "state": found})
