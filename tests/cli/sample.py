"""A ruleset and facts small enough to know every verdict by heart, as files."""

from pathlib import Path

RULESET = """
ruleset: sample
version: "1.0"
title: {zh: 示例, en: Sample}
sources: {statute: {title: {zh: 章程, en: Statute}}}
vocabulary:
  organizations: {club: {title: {zh: 社团, en: Club}}}
  events: {meeting: {title: {zh: 会议, en: Meeting}}}
"""

REQUIREMENTS = """
requirements:
  - id: meet
    title: {zh: 每季度开会, en: Meet every quarter}
    kind: occurrence
    subject: club
    event: meeting
    every: quarter
    modality: should
    remedy: {zh: 补开会议, en: Hold the meeting}
  - id: meet_yearly
    title: {zh: 每年开会, en: Meet every year}
    kind: occurrence
    subject: club
    event: meeting
    every: year
    modality: must
    cite: [{source: statute, clause: "1"}]
  - id: trial
    title: {zh: 试行, en: On trial}
    kind: occurrence
    subject: club
    event: meeting
    every: month
    stage: shadow
    modality: should
"""

ORGANIZATIONS = "id,name,kind\na,甲社,club\nb,乙社,club\n"
EVENTS = "id,organization,kind,date\n1,a,meeting,2024-02-01\n2,a,meeting,2024-05-01\n3,a,meeting,2024-08-01\n4,a,meeting,2024-11-01\n"
WAIVERS = "id,organization,requirement,from_date,until_date,reason,approved_by\n"
"""A table without rows: there were no waivers, and nothing is missing."""


def write_sample(folder: Path, events: str = EVENTS) -> tuple[str, str]:
    """Write both; returns the paths of the ruleset and of the facts. Club `a` met in each quarter of 2024, club `b` never."""
    ruleset, facts = folder / "ruleset", folder / "facts"
    ruleset.mkdir(parents=True)
    facts.mkdir()
    (ruleset / "ruleset.yaml").write_text(RULESET, encoding="utf-8")
    (ruleset / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    (facts / "organizations.csv").write_text(ORGANIZATIONS, encoding="utf-8")
    (facts / "events.csv").write_text(events, encoding="utf-8")
    (facts / "waivers.csv").write_text(WAIVERS, encoding="utf-8")
    return str(ruleset), str(facts)
