"""The peers: which file is whose, what each needs, and what it leaves to Python beside it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SMALL, LARGE = 1_000, 10_000
"""So many branches have the two sets of facts."""

JSON_RULES_ENGINE = "json-rules-engine@7.3.1"
COUNTING, ROLLING = "counting.py", "rolling.py"


@dataclass(frozen=True, slots=True)
class Peer:
    """One way of doing the job. `judge(facts, **arguments)` of its `module` takes the folder of the facts and returns the verdicts.

    `files` beside its module are what its user writes too; `needs` are the modules that must be there; `at_most` the most branches that it is asked for;
    `requirements` those that it judges, if not all.
    """

    name: str
    module: str
    cannot: str
    files: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    at_most: int = LARGE
    requirements: tuple[str, ...] | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)

    def judge(self, facts: Path) -> Any:
        """The verdicts, as the peer itself holds them."""
        return import_module(f"benchmarks.peers.{self.module}").judge(facts, **self.arguments)

    def written(self) -> list[Path]:
        """The files that its user writes."""
        return [HERE / f"{self.module}.py", *(HERE / file for file in self.files)]

    def missing(self) -> str | None:
        """Why it cannot be asked here."""
        absent = [name for name in self.needs if not (shutil.which(name) if name == "node" else find_spec(name))]
        if absent:
            return f"not installed: {', '.join(absent)}"
        if "node" in self.needs and not (Path(os.environ.get("NODE_PATH", "")) / "json-rules-engine").is_dir():
            return "not installed: json-rules-engine (npm)"
        return None


BESIDE = "Windows of time, the quorum, due dates (handed over as numbers) and roll-ups are Python beside it"
NOT_TOLD = "unknown is one more outcome to write in each rule"

PEERS = (
    Peer("this library, duckdb", "library", "Nothing of this job.", ("rulesets/whole/ruleset.yaml",)),
    Peer(
        "this library, interpreter", "library", "Nothing of this job.", ("rulesets/whole/ruleset.yaml",), at_most=SMALL, arguments={"executor": "interpreter"}
    ),
    Peer(
        "this library, rete",
        "library",
        "Judges counts without conditions and at most 50,000 facts: three of the nine requirements here, and refuses the others by name.",
        ("rulesets/counts/ruleset.yaml",),
        ("durable",),
        SMALL,
        ("group", "lecture", "review"),
        {"ruleset": "counts", "executor": "rete"},
    ),
    Peer("DuckDB, SQL by hand", "duckdb_sql", "All can be said, each time anew; no row is checked, and unknown is a column of one's own."),
    Peer("polars", "with_polars", "The same.", needs=("polars",)),
    Peer("pandas", "with_pandas", "The same.", needs=("pandas",)),
    Peer("plain Python", "plain_python", "The same.", (COUNTING, ROLLING)),
    Peer(
        "durable_rules",
        "with_durable_rules",
        f"{BESIDE}; {NOT_TOLD}, dates and missing cells are numbers. Of events posted 500 at a time a fifth got no verdict;"
        " after some 125,000 it refused new ones as observed already.",
        (COUNTING, ROLLING),
        ("durable",),
        SMALL,
    ),
    Peer("zen-engine", "with_zen", f"{BESIDE}; {NOT_TOLD}.", (COUNTING, ROLLING), ("zen",)),
    Peer("clipspy", "with_clips", f"{BESIDE} (CLIPS rules could count and roll up too; not tried); {NOT_TOLD}.", (COUNTING, ROLLING), ("clips",)),
    Peer(
        "rule-engine", "with_rule_engine", f"{BESIDE}; a rule is true or false, so that there is one for each outcome.", (COUNTING, ROLLING), ("rule_engine",)
    ),
    Peer(
        "cel-python",
        "with_cel",
        f"{BESIDE}; {NOT_TOLD}, and missing cells must be left out, since comparing a boolean with null is an error.",
        (COUNTING, ROLLING),
        ("celpy",),
        SMALL,
    ),
    Peer(
        "json-rules-engine",
        "with_json_rules_engine",
        f"{BESIDE}; a rule for each window and outcome, in a process of its own that takes JSON.",
        ("with_json_rules_engine.mjs", COUNTING, ROLLING),
        ("node",),
        LARGE,
    ),
)


def fetch_json_rules_engine(folder: Path) -> str | None:
    """Install json-rules-engine into a folder and put it on `NODE_PATH`; why not, if that fails."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", JSON_RULES_ENGINE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        return "npm reached no registry within three minutes"
    if done.returncode != 0:
        said = [line.removeprefix("npm error ") for line in done.stderr.splitlines() if line.startswith("npm error ")]
        return f"npm could not install it: {'; '.join(said[:3]) or done.returncode}"
    os.environ["NODE_PATH"] = str(folder / "node_modules")
    return None
