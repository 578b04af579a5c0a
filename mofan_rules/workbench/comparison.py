"""What a case wants against what an executor gave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mofan_rules.diagnostics import Bilingual
from mofan_rules.verdicts.catalogue import Catalogue
from mofan_rules.verdicts.messages import message
from mofan_rules.verdicts.table import Verdict
from mofan_rules.workbench.case import COMPARED, Case, Wanted, Window, name_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as wanted. `verdict` is the row that was given, `wanted` what the case says; one of them may be missing."""

    text: Bilingual
    verdict: Verdict | None = None
    wanted: Wanted | None = None


def window_of(verdict: Verdict) -> Window:
    """The first and last day of a verdict's window."""
    if verdict.window_from is None or verdict.window_until is None:
        return None
    return verdict.window_from, verdict.window_until


def verdict_name(verdict: Verdict) -> str:
    """A verdict in a line."""
    return name_of(verdict.requirement, verdict.subject, window_of(verdict), verdict.key)


def differences(case: Case, rows: Iterable[Verdict], catalogue: Catalogue) -> Iterator[Difference]:
    """Everything that is not as the case wants, in the order in which it wants it."""
    found = {(row.requirement, row.subject, window_of(row), row.key): row for row in rows if row.requirement in case.requirements}
    near = list(found.values())
    for wanted in case.want:
        verdict = found.pop(wanted.identity, None)
        if verdict is None:
            yield _absent(wanted, near)
            continue
        unlike = [*_columns(wanted, verdict), *_modality(wanted, verdict, catalogue), *_messages(wanted, verdict, catalogue)]
        if unlike:
            text = Bilingual("；".join(one.zh for one in unlike), "; ".join(one.en for one in unlike))
            yield Difference(Bilingual(f"{wanted.name()}：{text.zh}", f"{wanted.name()}: {text.en}"), verdict, wanted)
    if case.only:
        for verdict in found.values():
            name = verdict_name(verdict)
            yield Difference(Bilingual(f"{name}：多出的结论（{verdict.state}）", f"{name}: a verdict that is not wanted ({verdict.state})"), verdict)


def _absent(wanted: Wanted, near: list[Verdict]) -> Difference:
    """No such verdict: those of the same requirement and organization were perhaps meant."""
    others = [verdict_name(row) + f" {row.state}" for row in near if row.requirement == wanted.requirement and row.subject == wanted.subject]
    listed = ", ".join(others[:6])
    zh = f"{wanted.name()}：没有这条结论" + (f"；有的是：{listed}" if listed else "，该组织也没有这项要求的其他结论")
    en = f"{wanted.name()}: there is no such verdict" + (f"; there are: {listed}" if listed else ", nor another of this requirement for the organization")
    return Difference(Bilingual(zh, en), None, wanted)


def _columns(wanted: Wanted, verdict: Verdict) -> Iterator[Bilingual]:
    for column in COMPARED:
        if column not in wanted.values:
            continue
        value = getattr(verdict, column)
        got, want = "" if value is None else str(value), wanted.values[column]
        if got != want:
            yield Bilingual(f"{column} 是 {got or '（空）'}，想要 {want or '（空）'}", f"{column} is {got or '(empty)'}, wanted {want or '(empty)'}")


def _modality(wanted: Wanted, verdict: Verdict, catalogue: Catalogue) -> Iterator[Bilingual]:
    got = catalogue.entry(verdict.requirement, verdict.window_from).modality
    if wanted.modality not in ("", got):
        yield Bilingual(f"modality 是 {got}，想要 {wanted.modality}", f"modality is {got}, wanted {wanted.modality}")


def _messages(wanted: Wanted, verdict: Verdict, catalogue: Catalogue) -> Iterator[Bilingual]:
    if not wanted.messages:
        return
    entry = catalogue.entry(verdict.requirement, verdict.window_from)
    zh, en = message(verdict, entry, "zh"), message(verdict, entry, "en")
    for language, want in wanted.messages.items():
        got = [en] if language == "en" else [zh] if language == "zh" else [zh, en]
        if want not in got:
            yield Bilingual(f"说的是“{got[0]}”，想要“{want}”", f"the message is “{got[-1]}”, wanted “{want}”")
