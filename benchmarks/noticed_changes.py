"""How many changes of a ruleset do its cases notice: of one number, comparison, window or modality of a requirement, of one number, comparison, state,
relation or day of a derivation? All of them are tried, none is sampled.

    python -m benchmarks.noticed_changes rulesets/mofan --share 0/2 -o first.txt
    python -m benchmarks.noticed_changes rulesets/mofan --share 1/2 -o second.txt

Each process takes its share of the requirements and derivations (a parameter goes with the first requirement that reads it), admits the facts of a case
when a change first needs it, and writes a line for each change: `+` noticed, `-` not. The cases must hold (`mofan test`); they are not run as they are.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import process_time
from zlib import crc32

from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.ruleset import Ruleset, load_ruleset
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.mutation import Bench, Mutant, mutants, rows_of
from mofan_rules.workbench.narrowing import own_derivations, own_requirements
from mofan_rules.workbench.running import admitted
from mofan_rules.workbench.testing import cases_of


class FactsWhenNeeded(Mapping[str, Facts]):
    """The facts of cases, each admitted when it is first asked for."""

    def __init__(self, ruleset: Ruleset, cases: list[Case]) -> None:
        self._vocabulary = ruleset.vocabulary
        self._cases = {case.name: case for case in cases}
        self._found: dict[str, Facts] = {}

    def __getitem__(self, name: str) -> Facts:
        if name not in self._found:
            self._found[name] = rows_of(admitted(self._cases[name], self._vocabulary))
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)


def belongs(mutant: Mutant, share: int, shares: int) -> bool:
    """Is the change one of this share?"""
    first = mutant.about if mutant.about in mutant.touched or not mutant.touched else min(mutant.touched)
    return crc32(first.encode()) % shares == share


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ruleset", type=Path)
    parser.add_argument("--share", default="0/1")
    parser.add_argument("--about", default="", help="only requirements and parameters with this in their name")
    parser.add_argument("-o", dest="out", type=Path)
    arguments = parser.parse_args()
    share, shares = (int(part) for part in arguments.share.split("/"))
    ruleset = load_ruleset(arguments.ruleset)
    cases = cases_of(arguments.ruleset, ruleset)
    bench = Bench(ruleset, cases, FactsWhenNeeded(ruleset, cases))
    counts: Counter[bool] = Counter()
    derived: Counter[bool] = Counter()
    file = sys.stdout if arguments.out is None else arguments.out.open("w", encoding="utf-8")
    for mutant in mutants(ruleset, own_requirements(ruleset, arguments.ruleset), own_derivations(ruleset, arguments.ruleset)):
        if not belongs(mutant, share, shares) or arguments.about not in mutant.about:
            continue
        noticed = bench.notices(mutant)
        counts[noticed] += 1
        derived[noticed] += not mutant.touched
        change = mutant.change
        print("+" if noticed else "-", mutant.about, change.what, f"{change.field}: {change.before} → {change.after}", file=file, flush=True)
    of_derivations = f"{derived.total()} of derivations, {derived[True]} noticed"
    print(f"{counts.total()} changes, {counts[True]} noticed ({of_derivations}); {process_time():.0f} processor seconds", file=file, flush=True)


if __name__ == "__main__":
    main()
