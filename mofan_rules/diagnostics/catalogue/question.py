"""Codes of what can be wrong with a question: arguments of `evaluate`, `explain` and of the command line."""

from mofan_rules.diagnostics.catalogue.entry import Code, error

QUESTION_CODES: dict[str, Code] = {
    "bad-date": error(
        ("日期写法不对", "not a date"),
        ("“{name}”的值“{value}”不是 1000 到 2999 年间的日期", "`{value}`, given for {name}, is no date in the years 1000 to 2999"),
        ("请写成 2025-01-31", "write it as 2025-01-31"),
    ),
    "bad-period": error(
        ("期间写法不对", "not a period"),
        ("“{value}”不是期间", "`{value}` is no period"),
        ("可写：{forms}", "forms that can be read: {forms}"),
    ),
    "bad-size": error(
        ("内存大小写法不对", "not an amount of memory"),
        ("“{value}”不是内存大小", "`{value}` is no amount of memory"),
        ("请写成 500MB、4GB", "write it as 500MB or 4GB"),
    ),
    "out-of-memory": error(
        ("内存不够", "not enough memory"),
        ("数据需要的内存超过了限制：{problem}", "the facts need more memory than they may take: {problem}"),
        ("请用 --memory-limit 给得多一些，如 --memory-limit 4GB", "allow more with --memory-limit, such as --memory-limit 4GB"),
    ),
    "unknown-executor": error(("没有这个执行器", "unknown executor"), ("没有叫“{name}”的执行器", "there is no executor `{name}`")),
    "unsupported-program": error(
        ("执行器算不了", "beyond the executor"),
        ("执行器“{executor}”算不了：{reason}", "the executor `{executor}` cannot compute this: {reason}"),
        ("执行器 interpreter 没有这个限制，只是较慢", "the executor `interpreter` has no such limit; it is only slower"),
    ),
    "unknown-format": error(("没有这种格式", "unknown format"), ("没有叫“{name}”的报告格式", "there is no report format `{name}`")),
    "no-such-requirement": error(("没有这项要求", "unknown requirement"), ("规则集里没有要求“{name}”", "the ruleset has no requirement `{name}`")),
    "unknown-organization": error(("没有这个组织", "unknown organization"), ("数据里没有组织“{name}”", "the facts have no organization `{name}`")),
    "no-verdict": error(
        ("没有这条结论", "no such verdict"),
        ("组织“{organization}”在所问期间没有要求“{requirement}”的结论", "`{organization}` has no verdict on `{requirement}` in that window"),
        ("现有的期间：{windows}", "the windows there are: {windows}"),
    ),
    "not-a-subject": error(
        ("没有这条结论", "no such verdict"),
        ("组织“{organization}”在所问期间没有要求“{requirement}”的结论", "`{organization}` has no verdict on `{requirement}` in the period asked"),
        ("这项要求可能不适用于该组织，或者所问期间不对", "the requirement may not be about such organizations, or the period is another"),
    ),
    "several-organizations": error(
        ("同名的组织不止一个", "several organizations"),
        ("叫“{name}”的组织不止一个：{ids}", "several organizations are called `{name}`: {ids}"),
        ("请写编号", "say which by its id"),
    ),
    "needs-file": error(
        ("要写到文件", "a file is needed"),
        ("格式“{name}”不能显示在终端上", "the format `{name}` cannot be shown on a terminal"),
        ("请用 -o 文件名", "add -o FILE"),
    ),
    "cannot-write": error(("写不了文件", "cannot write"), ("不能写“{path}”：{reason}", "cannot write `{path}`: {reason}")),
    "bad-number": error(("数不对", "not such a number"), ("“{name}”的值“{value}”应是 {least} 以上的整数", "{name} is a number from {least}, not `{value}`")),
    "bad-profile": error(("生成设定有误", "unusable profile"), ("{path}：{problem}", "{path}: {problem}")),
    "not-installed": error(
        ("没有安装", "not installed"),
        ("这里需要 {library}，但没有安装", "this needs {library}, which is not installed"),
        ("请运行：{command}", "run: {command}"),
    ),
}
