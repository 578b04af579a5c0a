"""One sentence a verdict, in Chinese and English: made here, at the border, from the row, its requirement's kind and the language.

`MESSAGES` has a sentence for each reason, and for a kind where that kind says it better. Executors know none of this.
"""

from mofan_rules.diagnostics.bilingual import Bilingual, Language
from mofan_rules.verdicts.catalogue import Entry
from mofan_rules.verdicts.table import Verdict
from mofan_rules.verdicts.wording import measured_words, required_words

ANY = ""
"""Stands for every kind that has no sentence of its own for a reason."""

MESSAGES: dict[str, dict[str, Bilingual]] = {
    "not_bound": {ANY: Bilingual("在此期间不适用于该组织", "does not bind the organization in this window")},
    "partial_window": {ANY: Bilingual("只在部分日子适用，按规则不评", "binds on a part of the window only, and such windows are left out")},
    "not_given": {ANY: Bilingual("前提不成立，不适用", "does not apply, as its premise does not hold")},
    "no_parts": {ANY: Bilingual("没有可汇总的项目", "there is nothing to add up")},
    "waived": {ANY: Bilingual("已按规定豁免", "waived")},
    "forgiven": {ANY: Bilingual("有过不达标的日子，但未超过宽限期", "there were failing days, but no more than the grace allows")},
    "met": {
        ANY: Bilingual("达标：要求{required}，实有 {measured}", "met: {required} required, {measured} found"),
        "attribute": Bilingual("条件成立", "the condition holds"),
        "evidence": Bilingual("有效材料齐备", "a document in force is there"),
        "deadline": Bilingual("按期完成：{measured}（期限 {required}）", "done in time: {measured}, due by {required}"),
        "rollup": Bilingual("达标：要求 {required}，实际 {measured}", "met: {required} required, {measured} reached"),
    },
    "too_few": {
        ANY: Bilingual("数量不足：要求{required}，实有 {measured}", "too few: {required} required, {measured} found"),
        "occurrence": Bilingual("次数不足：要求{required} 次，实有 {measured} 次", "too few times: {required} required, {measured} found"),
        "occupancy": Bilingual("人数不足：要求{required} 人，实有 {measured} 人", "too few holders: {required} required, {measured} found"),
        "rollup": Bilingual("汇总不达标：要求 {required}，实际 {measured}", "too little in sum: {required} required, {measured} reached"),
    },
    "too_many": {
        ANY: Bilingual("数量过多：要求{required}，实有 {measured}", "too many: {required} allowed, {measured} found"),
        "occurrence": Bilingual("次数过多：要求{required} 次，实有 {measured} 次", "too many times: {required} allowed, {measured} found"),
        "occupancy": Bilingual("人数过多：要求{required} 人，实有 {measured} 人", "too many holders: {required} allowed, {measured} found"),
        "rollup": Bilingual("汇总超限：要求 {required}，实际 {measured}", "too much in sum: {required} allowed, {measured} reached"),
    },
    "missing": {
        ANY: Bilingual("没有所要求的记录", "what is required is not on record"),
        "deadline": Bilingual("期限 {required} 已过，没有完成的记录", "due by {required}, and nothing on record that answers it"),
        "evidence": Bilingual("没有有效的材料", "no document in force"),
    },
    "late": {ANY: Bilingual("逾期完成：{measured}（期限 {required}）", "done late: {measured}, due by {required}")},
    "condition_false": {ANY: Bilingual("条件不成立", "the condition does not hold")},
    "holder_condition": {ANY: Bilingual("任职的人不符合条件", "a holder does not meet the condition")},
    "no_document": {ANY: Bilingual("没有有效的材料", "no document in force")},
    "document_incomplete": {ANY: Bilingual("材料内容或等次不符合要求", "the document lacks items or has not the grade")},
    "not_throughout": {ANY: Bilingual("期间内有不达标的日子，且超过宽限期", "failed on days of the window, for longer than any grace")},
    "extended": {ANY: Bilingual("已批准延期，最迟 {due}", "put off with approval, due by {due}")},
    "grace": {ANY: Bilingual("尚在宽限期内，最迟 {due}", "still within its grace, due by {due}")},
    "open": {
        ANY: Bilingual("期限未到，最迟 {due}", "still open, due by {due}"),
        "occurrence": Bilingual("至今 {measured} 次，要求{required} 次，最迟 {due}", "{measured} so far, {required} required, due by {due}"),
        "rollup": Bilingual("至今 {measured}，要求 {required}，最迟 {due}", "{measured} so far, {required} required, due by {due}"),
    },
    "start_unknown": {ANY: Bilingual("周期的起算日期不明", "it is not known on which day the windows begin")},
    "no_trigger": {ANY: Bilingual("没有起算的记录", "what starts the time limit is not on record")},
    "trigger_undated": {ANY: Bilingual("起算的日期或期限不明", "the date that starts the time limit, or the limit itself, is not known")},
    "trigger_undecided": {ANY: Bilingual("无法确定起算的记录是否成立", "it is not certain that what starts the time limit took place")},
    "binding_unknown": {ANY: Bilingual("无法确定这项要求是否适用", "it is not known whether the requirement binds the organization")},
    "waiver_unknown": {ANY: Bilingual("不达标，但无法确定是否已豁免", "not met, but a waiver may exist")},
    "undecided_days": {ANY: Bilingual("期间内有无法判定的日子", "some days of the window cannot be decided")},
    "parameter_missing": {ANY: Bilingual("规则所用的参数尚无取值", "a parameter of the rule has no value yet")},
    "undecided_rows": {ANY: Bilingual("有记录缺少判定所需的内容", "a record lacks what would decide it")},
    "rejected_rows": {ANY: Bilingual("有未被采纳的记录可能改变结论", "a rejected record may change the outcome")},
    "feed_incomplete": {ANY: Bilingual("数据报送不完整", "the records are not complete")},
    "value_missing": {ANY: Bilingual("判定所需的内容缺失", "a value that decides it is missing")},
    "undecided_parts": {ANY: Bilingual("所汇总的项目中有无法判定的", "some of what is added up cannot be decided")},
}
"""A sentence for each reason and kind; `{measured}`, `{required}` and `{due}` stand for the row's columns in words."""


def message(verdict: Verdict, entry: Entry, language: Language) -> str:
    """The sentence that tells a person why a verdict has its state. It names no organization and no window: reports show those beside it.

    Parameters
    ----------
    verdict: a row of the verdict table.
    entry: its requirement in the catalogue.
    """
    by_kind = MESSAGES[verdict.reason]
    counted = entry.kind == "deadline" and "-" not in verdict.required
    template = (None if counted else by_kind.get(entry.kind)) or by_kind[ANY]
    if not verdict.required and "{required}" in template.en:
        template = _WITHOUT_NUMBERS[verdict.state]
    share = entry.kind == "rollup"
    measured, required = measured_words(verdict.measured, share), required_words(verdict.required, share)
    due = verdict.due_on.isoformat() if verdict.due_on else "—"
    return Bilingual(
        template.zh.format(measured=measured.zh, required=required.zh, due=due),
        template.en.format(measured=measured.en, required=required.en, due=due),
    ).of(language)


_WITHOUT_NUMBERS = {
    "satisfied": Bilingual("达标", "met"),
    "violated": Bilingual("不达标", "not met"),
    "pending": Bilingual("期限未到，最迟 {due}", "still open, due by {due}"),
}
"""For verdicts of which no number can be shown as required."""
