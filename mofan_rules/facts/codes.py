"""Why a row of facts is not admitted: the one table of rejection codes.

A code says whether its row still *decides* something: if so, what the row could have said stays unknown (SEMANTICS section 1.8), and
the row goes to executors as one that is not certain.
"""

from dataclasses import dataclass

from mofan_rules.diagnostics import Bilingual


@dataclass(frozen=True, slots=True)
class RejectionCode:
    """A reason to reject a row. `message` may name `{column}` and `{value}`."""

    decides: bool
    message: Bilingual


def _unknown(zh: str, en: str) -> RejectionCode:
    return RejectionCode(True, Bilingual(zh, en))


def _nothing(zh: str, en: str) -> RejectionCode:
    return RejectionCode(False, Bilingual(zh, en))


REJECTIONS: dict[str, RejectionCode] = {
    "duplicate": _nothing("与另一行完全相同，只计一次", "an exact repetition of another row; counted once"),
    "ignored": _nothing("按 facts.yaml 的规定不予采用", "left out as facts.yaml says"),
    "dangling_reference": _nothing("“{column}”写的“{value}”没有登记", "{column}: there is no {value!r}"),
    "unknown_requirement": _nothing("规则集里没有要求“{value}”", "the ruleset has no requirement {value!r}"),
    "not_waivable": _nothing("要求“{value}”不许免除", "the requirement {value!r} cannot be waived"),
    "malformed_row": _unknown("这一行的格数与表头不符", "the row does not have as many cells as the header"),
    "missing_value": _unknown("缺“{column}”", "{column} is empty"),
    "no_approval": _unknown("免除缺批准人", "a waiver of a duty needs approved_by"),
    "no_reason": _unknown("免除缺理由", "a waiver needs a recorded reason"),
    "bad_date": _unknown("“{column}”的“{value}”不是日期", "{column}: {value!r} is not a date"),
    "date_out_of_range": _unknown("“{column}”的“{value}”不在 1000 年至 2999 年之间", "{column}: {value!r} is not between the years 1000 and 2999"),
    "bad_period": _unknown("“{column}”的“{value}”不是年、季度、月、周或日期段", "{column}: {value!r} is not a year, quarter, month, week or span of days"),
    "belongs_to_in_future": _unknown("“{column}”的“{value}”晚于活动日期", "{column}: {value!r} begins after the date of the event"),
    "reversed_interval": _unknown("“{column}”的“{value}”早于开始日期", "{column}: {value!r} lies before the beginning"),
    "bad_boolean": _unknown("“{column}”的“{value}”不是“是”或“否”", "{column}: {value!r} is neither yes nor no"),
    "bad_integer": _unknown("“{column}”的“{value}”不是整数", "{column}: {value!r} is not a whole number"),
    "bad_number": _unknown("“{column}”的“{value}”不是（至多六位小数的）数", "{column}: {value!r} is not a number (of at most six decimals)"),
    "out_of_range": _unknown("“{column}”的“{value}”超出允许范围", "{column}: {value!r} is outside what is allowed"),
    "bad_value": _unknown("“{column}”的“{value}”不在可取的值之中", "{column}: {value!r} is not one of the values allowed"),
    "bad_text": _unknown("“{column}”的文字过长", "{column}: the text is too long"),
    "unknown_kind": _unknown("“{column}”的“{value}”没有在规则集里定义", "{column}: the ruleset does not know {value!r}"),
    "dangling_attribute": _unknown("“{column}”写的“{value}”没有登记", "{column}: there is no {value!r}"),
    "rejected_reference": _unknown("“{column}”写的“{value}”只在被拒绝的行里登记", "{column}: {value!r} is registered in rejected rows only"),
    "unrecorded_correction": _unknown("更正了“{value}”，却没有登记日期", "supersedes {value!r} without recorded_on"),
    "recorded_unclear": _unknown("登记日期“{value}”不完整，不知当时是否已登记", "recorded_on {value!r} does not say whether the row was known then"),
    "supersedes_cycle": _unknown("更正关系成环（“{value}”）", "corrections form a cycle ({value!r})"),
    "possibly_superseded": _unknown("可能已被一行不能采用的记录更正", "possibly superseded by a row that was rejected"),
    "contradictory_id": _unknown("编号“{value}”有内容不同的几行", "{value!r} has several rows of different content"),
    "overlapping_versions": _unknown("“{value}”的几个版本日期重叠", "versions of {value!r} overlap"),
    "two_parents": _unknown("“{value}”同一天有两个上级", "{value!r} has two parents on one day"),
    "part_of_cycle": _unknown("“{value}”的上级关系成环", "{value!r} is part of itself, in a cycle"),
    "contradictory_continuation": _unknown("“{value}”的延续关系有分叉或成环", "continuations of {value!r} fork or form a cycle"),
}
"""All codes. A row bears the first that applies; those that decide nothing come first."""


def reason(code: str, column: str | None, value: str | None) -> Bilingual:
    """The sentence for a rejected row; a long value is cut."""
    message = REJECTIONS[code].message
    shown = (value or "")[:60] + ("…" if value and len(value) > 60 else "")
    return Bilingual(message.zh.format(column=column or "", value=shown), message.en.format(column=column or "", value=shown))
