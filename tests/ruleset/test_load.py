"""What a ruleset becomes: vocabulary, parameters, overrides, catalogue, strata."""

import copy
import pickle
from datetime import date
from fractions import Fraction

import pytest

from mofan_rules.diagnostics import RulesetError
from mofan_rules.ir.check import violations
from mofan_rules.ir.program import Judgement, Modality, Stage
from mofan_rules.ruleset import Ruleset, lint_texts, load_texts
from mofan_rules.ruleset.packages import MOST_WRONG
from mofan_rules.schema import Attribute, DatedValue, Kind, Table, Type, WaiverPolicy
from mofan_rules.values.dates import BEGINNING, END, Duration, DurationUnit

HEAD = 'ruleset: r\nversion: "1"\n'
WORDS = """\
vocabulary:
  organizations:
    branch: {title: {zh: 支部, en: Branch}, kinds: [joint, temporary], aliases: [cell]}
    division: {}
  events: {meeting: , lecture: }
  roles: {member: {aliases: [fellow]}}
  attributes:
    members: {of: branch, type: integer, min: 0}
"""


def load(main: str, *requirements: str, imports: dict[str, dict[str, str | bytes]] | None = None) -> Ruleset:
    rules = "requirements:\n" + "".join(f"  - {requirement}\n" for requirement in requirements)
    return load_texts({"ruleset.yaml": main, "rules.yaml": rules}, imports)


def rule(identifier: str, **fields: str) -> str:
    given = {"id": identifier, "kind": "occurrence", "subject": "branch", "event": "meeting", "every": "month"} | fields
    return "{" + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}"


def rollup(identifier: str, parts: str, **fields: str) -> str:
    given = {"id": identifier, "kind": "rollup", "subject": "branch", "of": parts} | fields
    return "{" + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}"


def codes(main: str, *requirements: str, imports: dict[str, dict[str, str | bytes]] | None = None) -> set[str]:
    rules = "requirements:\n" + "".join(f"  - {requirement}\n" for requirement in requirements)
    diagnostics = lint_texts({"ruleset.yaml": main, "rules.yaml": rules}, imports)
    return {diagnostic.code for diagnostic in diagnostics}


def judgement(ruleset: Ruleset, requirement: str) -> Judgement:
    return next(node for node in ruleset.program.judgements if node.header.requirement == requirement)


class TestVocabulary:
    def test_kinds_aliases_and_implicit_special_cases(self) -> None:
        vocabulary = load(HEAD + WORDS).vocabulary
        assert vocabulary.kinds[Table.ORGANIZATIONS] == {
            "branch": Kind("branch", None, ("cell",), "支部"),
            "joint": Kind("joint", "branch"),
            "temporary": Kind("temporary", "branch"),
            "division": Kind("division"),
        }
        assert vocabulary.canonical(Table.TENURES) == {"member": "member", "fellow": "member"}
        assert set(vocabulary.kinds[Table.RELATIONS]) == {"part_of", "continues"}

    def test_attributes_are_numbered_in_order_and_know_their_families(self) -> None:
        text = "    hours: {table: events, type: number, min: -1.5, max: 10}\n    text: {of: [branch, meeting], type: text, values: [a, b]}\n"
        vocabulary = load(HEAD + WORDS + text).vocabulary
        assert vocabulary.attributes == (
            Attribute("members", Table.ORGANIZATIONS, Type.INTEGER, ("branch", "joint", "temporary"), (), Fraction(0)),
            Attribute("hours", Table.EVENTS, Type.NUMBER, (), (), Fraction(-3, 2), Fraction(10)),
            Attribute("text", Table.ORGANIZATIONS, Type.TEXT, ("branch", "joint", "temporary"), (), None, None, ("a", "b")),
            Attribute("text", Table.EVENTS, Type.TEXT, ("meeting",), (), None, None, ("a", "b")),
        )

    def test_names_that_conditions_cannot_write(self) -> None:
        assert "name-not-writable" in codes(HEAD + WORDS.replace("min: 0", "min: 0, aliases: [number of members]"))

    def test_the_roster_is_a_role_by_any_name(self) -> None:
        words = WORDS
        assert load(HEAD + "roster: fellow\n" + words).vocabulary.roster == "member"

    def test_plain_types_only(self) -> None:
        """What leaves the reader is plain text, without places: other parts hand it to databases and other processes."""
        ruleset = load(HEAD + WORDS, rule("a", tags="[x]"))
        found = [*ruleset.vocabulary.kinds[Table.ORGANIZATIONS], *ruleset.vocabulary.waivers, *ruleset.catalogue.requirements()]
        found += [ruleset.name, ruleset.version, ruleset.time_zone, *ruleset.catalogue.entries[0].tags, ruleset.program.ruleset]
        found += [kind.name for kind in ruleset.vocabulary.kinds[Table.ORGANIZATIONS].values()]
        found += [name for node in ruleset.program.judgements for name in (node.header.requirement, *node.header.subjects)]
        assert {type(text) for text in found} == {str}
        assert pickle.loads(pickle.dumps(ruleset.program)) == ruleset.program
        assert copy.deepcopy(ruleset.program) == ruleset.program


class TestParameters:
    def test_types_and_spans(self) -> None:
        text = """\
parameters:
  term: [{from: 2018-07-12, value: 3年}, {until: 2018-07-11, value: 2 years}]
  days: 90天
  share: ８０％
  both: [{value: 1}, {value: 1.5}]
  none: [{value: 3, under: unit-7}, {value: none}]
  later: [{local: true}]
  day: 2024-03-31
  flag: true
  words: [{value: [a, b]}]
  text: 选举
  typed: [{type: days}]
"""
        parameters = {parameter.name: parameter for parameter in load(HEAD + text).parameters}
        assert {name: parameter.type for name, parameter in parameters.items()} == {
            "term": Type.MONTHS,
            "days": Type.DAYS,
            "share": Type.NUMBER,
            "both": Type.NUMBER,
            "none": Type.INTEGER,
            "later": Type.NUMBER,
            "day": Type.DATE,
            "flag": Type.BOOLEAN,
            "words": Type.ITEMS,
            "text": Type.TEXT,
            "typed": Type.DAYS,
        }
        assert parameters["term"].values == (
            DatedValue(Duration(36, DurationUnit.MONTHS), date(2018, 7, 12), END),
            DatedValue(Duration(24, DurationUnit.MONTHS), BEGINNING, date(2018, 7, 11)),
        )
        assert parameters["share"].values == (DatedValue(Fraction(4, 5)),)
        assert parameters["none"].values == (DatedValue(Fraction(3), under="unit-7"), DatedValue(None, unbounded=True))
        assert parameters["later"].values == (DatedValue(None),)
        assert parameters["words"].values == (DatedValue(("a", "b")),)

    def test_what_a_ruleset_says_comes_after_what_its_imports_say(self) -> None:
        base: dict[str, str | bytes] = {"ruleset.yaml": HEAD + "parameters: {limit: 3}\n"}
        ruleset = load(HEAD + "import: base\nparameters: {limit: [{value: 5, under: unit-7}, {value: 4}]}\n", imports={"base": base})
        assert ruleset.parameters[0].values == (DatedValue(Fraction(3)), DatedValue(Fraction(5), under="unit-7"), DatedValue(Fraction(4)))

    def test_a_percentage_may_come_from_a_parameter(self) -> None:
        main = HEAD + WORDS + "parameters: {share: 80%, number: 2}\n"
        ruleset = load(main, rule("a"), rollup("b", "a", at_least="share"), rollup("c", "a", at_least="number"), rollup("d", "a", at_least="0.5 + 30％"))
        assert [(tally.header.requirement, tally.share) for tally in ruleset.program.tallies] == [("b", True), ("c", False), ("d", True)]


BASE: dict[str, str | bytes] = {
    "ruleset.yaml": 'ruleset: base\nversion: "1"\n' + WORDS + "sources: {law: {title: The law}}\n",
    "rules.yaml": "requirements:\n"
    + f"  - {rule('a', modality='should', tags='[x]', cite='[{source: law}]')}\n"
    + f"  - {rule('b', at_least='2', event='lecture')}\n"
    + f"  - {rollup('all', '[a, b]')}\n",
}


class TestOverrides:
    def overridden(self, *lines: str) -> Ruleset:
        return load(HEAD + "import: base\noverride:\n" + "".join(f"  {line}\n" for line in lines), imports={"base": BASE})

    def test_fields_are_replaced_or_added(self) -> None:
        ruleset = self.overridden("a: {modality: must, stage: shadow, at_least: 3, weight: 2, reason: local, cite: [{source: law, clause: '3'}], tags: y}")
        header = judgement(ruleset, "a").header
        assert (header.modality, header.stage, header.weight) == (Modality.MUST, Stage.SHADOW, 2)
        entry = ruleset.catalogue.entry("a")
        assert [citation.clause for citation in entry.citations] == ["", "3"]
        assert entry.tags == ("x", "y")
        assert violations(ruleset.program) == []

    def test_the_base_stays_as_it_is(self) -> None:
        self.overridden("a: {modality: must}")
        assert judgement(load_texts(BASE), "a").header.modality is Modality.SHOULD

    def test_disabled_requirements_are_no_parts(self) -> None:
        ruleset = self.overridden("b: {disable: not here}")
        assert ruleset.disabled == {"b": "not here"}
        assert ruleset.catalogue.requirements() == ("a", "all")
        assert ruleset.program.tallies[0].parts == ("a",)
        assert violations(ruleset.program) == []

    def test_only_what_is_imported(self) -> None:
        imports = {"base": BASE}
        assert "unknown-requirement" in codes(HEAD + "import: base\noverride: {c: {modality: must}}\n", rule("c"), imports=imports)
        assert "override-field" in codes(HEAD + "import: base\noverride: {a: {within: 3 days}}\n", imports=imports)

    def test_all_versions_are_meant(self) -> None:
        base = dict(BASE)
        base["rules.yaml"] = f"requirements:\n  - {rule('a', effective='{until: 2019-12-31}')}\n  - {rule('a', effective='{from: 2020-01-01}')}\n"
        ruleset = load(HEAD + "import: base\noverride: {a: {weight: 5}}\n", imports={"base": base})
        assert [node.header.weight for node in ruleset.program.judgements] == [5, 5]


class TestRequirements:
    main = HEAD + WORDS

    def test_versions(self) -> None:
        one, other = rule("a", effective="{until: 2019-12-31}"), rule("a", effective="{from: 2020-01-01}", at_least="2")
        ruleset = load(self.main, other, one)
        assert [node.header.last for node in ruleset.program.judgements] == [date(2019, 12, 31), END]
        assert ruleset.catalogue.entry("a", date(2019, 5, 1)).last == date(2019, 12, 31)
        assert "versions-meet" in codes(self.main, one, rule("a", effective="{from: 2019-12-31}"))

    def test_waiver_policies(self) -> None:
        ruleset = load(
            self.main, rule("a"), rule("b", modality="should"), rule("c", waivable="{clause: x}"), rule("d", waivable="false"), rule("e", waivable="yes")
        )
        assert ruleset.vocabulary.waivers == {
            "a": WaiverPolicy(must=True, waivable=False),
            "b": WaiverPolicy(must=False, waivable=False),
            "c": WaiverPolicy(must=True, waivable=True),
            "d": WaiverPolicy(must=True, waivable=False),
            "e": WaiverPolicy(must=True, waivable=True),
        }

    def test_drafts_are_checked_but_yield_nothing(self) -> None:
        ruleset = load(self.main, rule("a"), rule("b", stage="draft"), rollup("c", "[a, b]"))
        assert ruleset.catalogue.requirements() == ("a", "c")
        assert ruleset.program.tallies[0].parts == ("a",)
        assert "draft-requirement" in {warning.code for warning in ruleset.warnings}
        assert "unknown-name" in codes(self.main, rule("b", stage="draft", when="nothing = 1"))

    def test_strata(self) -> None:
        ruleset = load(self.main, rollup("a", "[b, m]"), rollup("b", "[c]"), rollup("c", "[m]"), rule("m"), rollup("z", "m"))
        assert [tally.header.requirement for tally in ruleset.program.tallies] == ["c", "z", "b", "a"]
        assert violations(ruleset.program) == []

    def test_a_rollup_by_tag_is_not_its_own_part(self) -> None:
        ruleset = load(self.main, rule("m", tags="x"), "{id: r, kind: rollup, subject: branch, tags: x}", rollup("s", "m", tags="x"))
        assert {tally.header.requirement: tally.parts for tally in ruleset.program.tallies} == {"r": ("m", "s"), "s": ("m",)}

    def test_all_problems_at_once_and_in_order(self) -> None:
        with pytest.raises(RulesetError) as raised:
            load(self.main + "time_zone: Nowhere/Land\n", rule("a", event="meting"), rule("b", when="membrs > 3"), "{id: c}")
        found = raised.value.diagnostics
        assert [diagnostic.code for diagnostic in found] == ["unknown-word", "unknown-name", "missing-key", "declared-nearly", "unknown-time-zone"]

    def test_a_broken_requirement_is_not_told_again_by_its_rollup(self) -> None:
        assert codes(self.main, "{id: a, kind: occurrence, subject: branch, event: meeting, evry: month}", rollup("b", "a")) == {"unknown-key"}

    def test_requirements_may_stand_in_the_main_file(self) -> None:
        ruleset = load_texts({"ruleset.yaml": self.main + f"requirements:\n  - {rule('a')}\n"})
        assert ruleset.catalogue.requirements() == ("a",)

    def test_loading_twice_gives_the_same(self) -> None:
        texts = [rule("a"), rule("b", event="[lecture, meeting]", when="members > 3"), rollup("c", "[a, b]")]
        assert load(self.main, *texts).program == load(self.main, *texts).program

    def test_a_file_in_which_everything_is_wrong(self) -> None:
        rules = "requirements:\n" + "  - {id: a}\n" * (MOST_WRONG + 50)
        found = [diagnostic.code for diagnostic in lint_texts({"ruleset.yaml": self.main, "rules.yaml": rules})]
        assert found == ["missing-key"] * MOST_WRONG + ["too-many-wrong"]
