"""A grace by the name of a parameter: the value is read when the ruleset is loaded, and what imports says is said last."""

from pathlib import Path

from mofan_rules.ruleset import lint, load_ruleset
from mofan_rules.values.dates import Duration, DurationUnit

BASE = """
ruleset: base
version: "1"
vocabulary: {organizations: {branch: {}}, roles: {secretary: {}}}
parameters: {wait: [{value: 90天, local: true}]}
requirements:
  - {id: r, title: T, modality: should, kind: occupancy, subject: branch, role: secretary, grace: wait}
"""


def grace(folder: Path) -> object:
    (judgement,) = load_ruleset(folder).program.judgements
    return judgement.header.grace


def test_the_value_of_the_parameter_is_the_grace(tmp_path: Path) -> None:
    for name in ("base", "stricter"):
        (tmp_path / name).mkdir()
    (tmp_path / "base" / "ruleset.yaml").write_text(BASE, encoding="utf-8")
    assert grace(tmp_path / "base") == Duration(90, DurationUnit.DAYS)
    assert [found.code for found in lint(tmp_path / "base")] == []
    own = 'ruleset: stricter\nversion: "1"\nimport: [../base]\nparameters: {wait: [{value: 60天, local: true}]}\n'
    (tmp_path / "stricter" / "ruleset.yaml").write_text(own, encoding="utf-8")
    assert grace(tmp_path / "stricter") == Duration(60, DurationUnit.DAYS)
