"""Prints how the verdicts of the three communities' rulesets compare with the truth: `python -m tests.realdata`.

Of each community: rules expressed of rules written, rows equal of rows asked, rows violated where the truth is unknown; then rule by rule, and for each verdict
of the truth, the rows met of the rows asked.
"""

from collections import defaultdict

from tests.realdata import test_kubernetes, test_nodejs, test_openeuler
from tests.realdata.comparison import Community, compare

COMMUNITIES = (test_kubernetes.COMMUNITY, test_nodejs.COMMUNITY, test_openeuler.COMMUNITY)


def show(community: Community) -> None:
    """One community."""
    written = community.names()
    expressed = [line for line in written if all(name in community.rules for name in line)]
    score = compare(community)
    equal = score.equal.total()
    print(f"{community.ruleset.name}: {len(expressed)} of {len(written)} rules ({100 * len(expressed) / len(written):.1f}%)")
    print(f"  {equal} of {score.rows} rows equal ({100 * equal / score.rows:.2f}%), {len(score.guessed)} violated where the truth is unknown")
    rules: defaultdict[str, list[str]] = defaultdict(list)
    for (rule, verdict), count in sorted(score.asked.items()):
        rules[rule].append(f"{verdict} {score.equal[rule, verdict]}/{count}")
    for rule, parts in rules.items():
        print(f"  {rule}: {', '.join(parts)}")
    for place, (ours, truth) in score.wrong.items():
        print(f"  differs: {' '.join(place)}: {ours or 'no verdict'}, not {truth}")
    for rule, reason in community.left_out.items():
        print(f"  not expressed: {rule}: {reason}")


if __name__ == "__main__":
    for one in COMMUNITIES:
        if one.is_here:
            show(one)
