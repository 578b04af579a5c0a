"""How dates were written: what was assumed in reading them, a sentence for each column."""

from collections.abc import Mapping

from mofan_rules.diagnostics import Bilingual

SENTENCES: dict[str, tuple[str, str]] = {
    "serial": ("五位数按 Excel 日期序号读（如 {example}）", "five-digit numbers were read as Excel day numbers (such as {example})"),
    "compact": ("八位数按年月日读（如 {example}）", "eight digits were read as year, month and day (such as {example})"),
    "time": ("时刻略去不计（如 {example}）", "times of day were dropped (such as {example})"),
    "chinese": ("按“年月日”读（如 {example}）", "dates were read as 年月日 (such as {example})"),
    "other": ("按年、月、日的次序读（如 {example}）", "dates were read in the order year, month, day (such as {example})"),
    "part": ("只知年份或月份（如 {example}），日子不明", "known by year or month only (such as {example}): the day is unknown"),
}


def date_styles(styles: Mapping[str, Mapping[str, str]]) -> list[Bilingual]:
    """A sentence for each way, other than `2024-03-05`, in which the dates of a column were written.

    Parameters
    ----------
    styles: of each column (`events.date`) the ways, each with an example.
    """
    return [
        Bilingual(f"{place}：{SENTENCES[style][0].format(example=example)}", f"{place}: {SENTENCES[style][1].format(example=example)}")
        for place, found in sorted(styles.items())
        for style, example in sorted(found.items())
    ]
