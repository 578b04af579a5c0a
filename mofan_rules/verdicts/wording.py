"""How people read what the verdict table writes in codes: states, modalities, windows, `measured` and `required`."""

import re
from datetime import date
from fractions import Fraction

from mofan_rules.diagnostics.bilingual import Bilingual, Language, same
from mofan_rules.values.dates import BEGINNING
from mofan_rules.values.periods import period_name
from mofan_rules.verdicts.state import State

STATES: dict[State, Bilingual] = {
    State.SATISFIED: Bilingual("达标", "satisfied"),
    State.VIOLATED: Bilingual("未达标", "violated"),
    State.PENDING: Bilingual("未到期", "pending"),
    State.UNKNOWN: Bilingual("无法判定", "unknown"),
    State.WAIVED: Bilingual("已豁免", "waived"),
    State.NOT_APPLICABLE: Bilingual("不适用", "not applicable"),
}
"""The states, in the order in which reports show them."""

MODALITIES: dict[str, Bilingual] = {"must": Bilingual("应当", "must"), "should": Bilingual("一般", "should")}

_NUMBER = r"-?\d+(?:\.\d+)?(?:/\d+)?"
_SHARE = re.compile(r"(\d+)(?:\.\.(\d+))?/(\d+)")
_COUNTED = re.compile(rf"({_NUMBER})\+")
_AT_LEAST = re.compile(rf"({_NUMBER})\.\.")
_AT_MOST = re.compile(rf"\.\.({_NUMBER})")
_BETWEEN = re.compile(rf"({_NUMBER})\.\.({_NUMBER})")
_QUARTERS = "一二三四"


def window_words(first: date | None, last: date | None) -> Bilingual:
    """A window as people name it: `2024年第三季度`, `2024 Q3`; a dash where a window has no dates."""
    if first is None or last is None:
        return same("—")
    if first == BEGINNING:
        return Bilingual(f"至 {last.isoformat()}", f"until {last.isoformat()}")
    name = period_name(first, last)
    if re.fullmatch(r"\d{4}", name):
        return Bilingual(f"{name}年", name)
    if found := re.fullmatch(r"(\d{4})Q(\d)", name):
        return Bilingual(f"{found[1]}年第{_QUARTERS[int(found[2]) - 1]}季度", f"{found[1]} Q{found[2]}")
    if found := re.fullmatch(r"(\d{4})H(\d)", name):
        return Bilingual(f"{found[1]}年{'上下'[int(found[2]) - 1]}半年", f"{found[1]} H{found[2]}")
    if found := re.fullmatch(r"(\d{4})-(\d\d)", name):
        return Bilingual(f"{found[1]}年{int(found[2])}月", name)
    if found := re.fullmatch(r"(\d{4})-W(\d\d)", name):
        return Bilingual(f"{found[1]}年第{int(found[2])}周", f"{found[1]} week {int(found[2])}")
    return Bilingual(f"{first.isoformat()} 至 {last.isoformat()}" if first != last else name, name.replace("..", " to "))


def measured_words(measured: str, share: bool) -> Bilingual:
    """The column `measured` in words. `share`: it is a share `s/n`, not a number that happens to be a fraction."""
    if share and (found := _SHARE.fullmatch(measured)):
        low, high, total = int(found[1]), int(found[2] or found[1]), int(found[3])
        if low == high:
            return same(f"{low}/{total}" + (f" ({_percent(low, total)})" if total else ""))
        return Bilingual(f"{total} 项中的 {low} 至 {high} 项", f"{low} to {high} of {total}")
    if found := _BETWEEN.fullmatch(measured):
        return Bilingual(f"{found[1]} 至 {found[2]}", f"between {found[1]} and {found[2]}")
    if found := _COUNTED.fullmatch(measured):
        return Bilingual(f"{found[1]} 以上", f"{found[1]} or more")
    if found := _AT_LEAST.fullmatch(measured):
        return Bilingual(f"至少 {found[1]}", f"at least {found[1]}")
    if found := _AT_MOST.fullmatch(measured):
        return Bilingual(f"至多 {found[1]}", f"at most {found[1]}")
    return same(measured) if measured else Bilingual("不详", "not known")


def required_words(required: str, share: bool) -> Bilingual:
    """The column `required` in words."""
    if share:
        required = re.sub(r"(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?/(\d+)", _as_percent, required)
    if found := re.fullmatch(r"(.+)\.\.(.+)", required):
        return Bilingual(f"{found[1]} 至 {found[2]}", f"{found[1]} to {found[2]}")
    if found := re.fullmatch(r"(.+)\.\.", required):
        return Bilingual(f"不少于 {found[1]}", f"at least {found[1]}")
    if found := re.fullmatch(r"\.\.(.+)", required):
        return Bilingual(f"不超过 {found[1]}", f"at most {found[1]}")
    if re.fullmatch(_NUMBER, required):
        return Bilingual(f"恰好 {required}", f"exactly {required}")
    return same(required) if required else Bilingual("规定的数", "the required number")


def state_words(state: str, language: Language) -> str:
    """A state as people read it."""
    return STATES[State(state)].of(language)


def _as_percent(found: re.Match[str]) -> str:
    low, high, total = found.groups()
    if high is None:
        return _percent(Fraction(low), int(total))
    return f"{_percent(Fraction(low), int(total))}..{_percent(Fraction(high), int(total))}"


def _percent(part: Fraction | int, total: int) -> str:
    """A share in percent; with one decimal, cut and not rounded, so that 94.96 % never reads as 95 %."""
    if total == 0:
        return f"{part}/0"
    thousandths = int(Fraction(part) * 1000 / total)
    whole, tenth = divmod(thousandths, 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"
