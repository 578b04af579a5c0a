"""Codes of fields of a requirement that do not go together."""

from mofan_rules.diagnostics.catalogue.entry import Code, error

TOGETHER_CODES: dict[str, Code] = {
    "previous-alone": error(
        ("previous 单独用", "previous stands alone"),
        ("previous 不与 of、where、along、per 同用", "`previous` goes with none of `of`, `where`, `along`, `per`"),
    ),
    "previous-needs-every": error(
        ("没有上一期", "no window before"),
        ("“{requirement}”没有按周期划分的窗口，不能用上一期的量", "`{requirement}` has no calendar windows, so that there is no window before"),
    ),
    "measure-name": error(
        ("名称已被使用", "name in use"),
        ("量“{name}”与“{requirement}”自身的计数重名，请换一个名称", "the measure `{name}` has the name of a count that `{requirement}` makes itself"),
    ),
    "measure-here": error(
        ("这里不能用量", "no measure here"),
        ("量“{name}”只能用在上下限和 condition 里，不能用在这里", "the measure `{name}` can stand in bounds and in `condition`, not here"),
    ),
    "founding-alone": error(
        ("founding 单独用", "founding stands alone"),
        ("founding 不与 where 同用", "`founding` does not go with `where`"),
    ),
    "each-alone": error(
        ("each 单独用", "each stands alone"),
        ("each 不与 every、throughout 同用", "`each` goes with neither `every` nor `throughout`"),
    ),
    "trigger-only": error(
        ("只能作起点", "trigger only"),
        ("founding 和 date 只能用在 trigger，不能用在 {field}", "`founding` and `date` are for `trigger`, not for `{field}`"),
    ),
    "match-in-chain": error(
        ("接续不用 match", "no match in a chain"),
        ("since: last 不与 match 同用", "`since: last` does not go with `match`"),
    ),
    "bounds-in-chain": error(
        ("接续不计次数", "no bounds in a chain"),
        ("since: last 不与 at_least、at_most 同用", "`since: last` goes with neither `at_least` nor `at_most`"),
    ),
    "not-counting-days": error(
        ("not_counting 只用于天数", "not_counting is for days"),
        ("“{requirement}”的 not_counting 要求 within 以天计", "`not_counting` in `{requirement}` needs a `within` in days"),
    ),
    "prorate-of-deadline": error(
        ("不能折算", "cannot prorate"),
        ("期限“{requirement}”没有可以折算的次数", "the deadline `{requirement}` has no number that could be prorated"),
    ),
    "prorate-of-state": error(
        ("不能折算", "cannot prorate"),
        ("“{requirement}”判断的是状态，没有可以折算的次数", "`{requirement}` judges a state: there is no number that could be prorated"),
    ),
    "grace-of-state": error(
        ("宽限要写时长", "grace of a state"),
        ("“{requirement}”判断的是状态，grace 要写时长（如 90天）", "`{requirement}` judges a state: its grace is a duration, such as `90 days`"),
    ),
    "grace-parameter": error(
        ("宽限的参数要只有一个时长", "the parameter of a grace is one duration"),
        (
            "宽限用的参数“{name}”要只有一个时长，不分日期，不分单位；要分，就给要求写几个版本，或者另写一条要求",
            "the parameter `{name}` is used as a grace, so it must be one duration for all days and organizations",
        ),
    ),
    "throughout-without-every": error(
        ("throughout 要有周期", "throughout needs every"),
        ("“{requirement}”的 throughout 要与 every 同用", "`throughout` in `{requirement}` needs `every`"),
    ),
    "given-of-a-day": error(
        ("前提说的是某一天", "a premise is about one day"),
        (
            "given 说的是所判的那一天，不与 throughout、each 或按周期统计的量同用",
            "`given` is about the day judged: it goes with neither `throughout` nor `each` nor a condition on what is counted over windows",
        ),
    ),
    "rollup-without": error(
        ("汇总不用这些字段", "not in a roll-up"),
        ("汇总不能写：{fields}", "a roll-up has none of: {fields}"),
    ),
    "share-and-count": error(
        ("比例与个数混用", "share and count"),
        ("“{requirement}”的上下限要么都是百分比，要么都是个数", "the bounds of `{requirement}` are either both shares or both counts"),
    ),
}
