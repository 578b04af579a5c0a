"""A ruleset with cases, small enough to know every verdict by heart."""

from pathlib import Path

RULESET = """
ruleset: sample
version: "1.0"
title: {zh: 示例, en: Sample}
sources: {statute: {title: {zh: 章程, en: Statute}}}
vocabulary:
  organizations: {club: {}, league: {}}
  events: {meeting: {}}
  attributes:
    open: {of: club, type: boolean}
    members: {of: club, type: integer, min: 0}
parameters:
  most: [{value: 3, local: true}]
"""

REQUIREMENTS = """
requirements:
  - id: meet
    title: {zh: 每季度开会, en: Meet every quarter}
    kind: occurrence
    subject: club
    when: members >= 5
    event: meeting
    where: attended * 2 >= expected
    every: quarter
    at_least: 1
    at_most: most
    modality: should
  - id: all_meet
    kind: rollup
    subject: league
    of: [meet]
    over: part_of
    every: quarter
    modality: should
"""

HELD = """
note: a meeting with half of the members counts
as_of: 2024-07-01
period: 2024Q1
facts:
  organizations: [{id: a, kind: club, members: 6}]
  events: [{id: e1, organization: a, kind: meeting, date: 2024-02-01, expected: 6, attended: 3}]
complete: all
want:
  - {requirement: meet, subject: a, window: 2024Q1, state: satisfied, reason: met, measured: 1}
"""

EMPTY = """
note: a meeting with fewer does not
as_of: 2024-07-01
period: 2024Q1
facts:
  organizations: [{id: l, kind: league}, {id: a, kind: club, members: 6, parent: l}]
  events: [{id: e1, organization: a, kind: meeting, date: 2024-02-01, expected: 6, attended: 2}]
complete: all
want:
  - {requirement: meet, subject: a, window: 2024-01-01..2024-03-31, state: violated, reason: too_few}
  - {requirement: all_meet, subject: l, window: 2024Q1, state: violated}
"""


def write_sample(folder: Path, **cases: str) -> Path:
    """Write the ruleset with some cases, by name; returns its folder."""
    ruleset = folder / "sample"
    (ruleset / "cases").mkdir(parents=True)
    (ruleset / "ruleset.yaml").write_text(RULESET, encoding="utf-8")
    (ruleset / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    for name, text in cases.items():
        (ruleset / "cases" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return ruleset
