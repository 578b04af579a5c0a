"""Codes of what can be wrong in a condition or another expression."""

from mofan_rules.diagnostics.catalogue.entry import Code, error, warning

CONDITION_CODES: dict[str, Code] = {
    # ---- characters and words
    "unexpected-character": error(
        ("不认识的符号", "A character that the language does not have"),
        ("这里不能写“{found}”", "`{found}` cannot stand here"),
    ),
    "unclosed-text": error(
        ("文字没有结束引号", "A text without its closing quote"),
        ("文字缺少结束引号：{found}", "this text has no closing quote: {found}"),
        ('文字写在一对引号里，例如 "党支部" 或 “党支部”', 'a text stands between two quotes, such as "branch"'),
    ),
    "foreign-operator": error(
        ("不是本语言的运算符", "An operator of another language"),
        ("这里不用“{found}”", "`{found}` is not written here"),
        ("应写作：{instead}", "write: {instead}"),
    ),
    "word-for-operator": error(
        ("用词语代替了运算符", "A word in place of an operator"),
        ("比较用符号，不用词语“{found}”", "comparisons are written with signs, not with the word `{found}`"),
        ("应写作：{instead}", "write: {instead}"),
    ),
    "invalid-number": error(
        ("数写得不对", "A number that is not written right"),
        ("“{found}”不是数", "`{found}` is not a number"),
        ("数不写千位分隔符，最多 18 位整数和 6 位小数", "a number has no thousands separators, at most 18 digits and 6 decimal places"),
    ),
    "invalid-date": error(
        ("没有这一天", "A day that does not exist"),
        ("“{found}”不是日历上的一天", "`{found}` is no day of the calendar"),
        ("日期写到日，从 1000 年到 2999 年，例如 2024-03-05", "a date is a full day between the years 1000 and 2999, such as 2024-03-05"),
    ),
    "ambiguous-date": error(
        ("是日期还是算式不清楚", "A date or a calculation"),
        ("“{found}”可能是日期，也可能是算式", "`{found}` may be a date or a calculation"),
        ("日期写作 {instead}；算式在运算符两边加空格", "write a date as {instead}; put blanks around the operators of a calculation"),
    ),
    "invalid-duration": error(
        ("时长写得不对", "A duration that is not written right"),
        ("“{found}”不是时长", "`{found}` is not a duration"),
        (
            '例如 3年、6个月、30天、2周，或 duration("P3Y")、duration("P30D")',
            'such as 30 days, 6 months, 3 years, 2 weeks, or duration("P3Y"), duration("P30D")',
        ),
    ),
    "mixed-duration": error(
        ("月和天混在一个时长里", "Months and days in one duration"),
        ("时长“{found}”把月和天混在一起", "the duration `{found}` mixes months and days"),
        ("时长只能用年和月，或者只用周和天", "a duration is either in years and months or in weeks and days"),
    ),
    "month-or-months": error(
        ("是几月还是几个月不清楚", "A month or a number of months"),
        ("“{found}”可能是月份，也可能是时长", "`{found}` may be a month of the year or a duration"),
        ("时长写作 {instead}；月份写作 月(日期) = {number}", "write a duration as {instead}, a month of the year as month(date) = {number}"),
    ),
    "year-or-years": error(
        ("是年份还是年数不清楚", "A year or a number of years"),
        ("“{found}”像年份，不像时长", "`{found}` looks like a year, not like a duration"),
        ("年份写作 年(日期) = {number}", "write a year as year(date) = {number}"),
    ),
    "number-in-words": error(
        ("数用文字写", "A number in words"),
        ("数要用数字写，不写“{found}”", "numbers are written in digits, not as `{found}`"),
        ("例如 2 / 3、50%、6个月、2", "such as 2 / 3, 50%, 6 months, 2"),
    ),
    "leading-equals": error(
        ("开头多了等号", "An equals sign at the beginning"),
        ("表达式开头不写“=”", "an expression does not begin with `=`"),
    ),
    "unknown-name": error(
        ("没有这个名称", "A name that does not exist"),
        ("没有叫“{name}”的数据项", "there is nothing called `{name}`"),
    ),
    "ambiguous-run": error(
        ("连写的词可以有几种拆法", "Words without blanks that can be read in two ways"),
        ("“{found}”可以拆成“{first}”，也可以拆成“{second}”", "`{found}` can be read as `{first}` or as `{second}`"),
        ("在词之间加空格", "put blanks between the words"),
    ),
    # ---- structure
    "empty-expression": error(
        ("没有内容", "Nothing is written"),
        ("这里应有一个表达式", "an expression is expected here"),
    ),
    "expected-value": error(
        ("缺少一个值", "A value is missing"),
        ("这里应有一个值，却是{found}", "a value is expected here, not {found}"),
    ),
    "unexpected-token": error(
        ("多出来的内容", "Something that does not fit"),
        ("表达式到这里应该结束，或者接一个运算符，却是{found}", "the expression should end here or go on with an operator, not with {found}"),
    ),
    "expected-token": error(
        ("缺少一个符号", "A sign is missing"),
        ("这里应写“{expected}”，却是{found}", "`{expected}` is expected here, not {found}"),
    ),
    "unclosed-bracket": error(
        ("括号没有配对", "A bracket that is not closed"),
        ("这个“{open}”没有配对的“{close}”", "this `{open}` has no matching `{close}`"),
    ),
    "unopened-bracket": error(
        ("多了一个右括号", "A closing bracket too many"),
        ("这个“{close}”没有配对的“{open}”", "this `{close}` has no matching `{open}`"),
    ),
    "mixed-and-or": error(
        ("“且”和“或”混用而没有括号", "`and` and `or` without brackets"),
        ("“且”和“或”放在一起时要用括号分清先后", "`and` and `or` side by side need brackets"),
        ("例如：甲 且 (乙 或 丙)", "such as: a and (b or c)"),
    ),
    "chained-comparison": error(
        ("连续比较", "A chain of comparisons"),
        ("一个比较只能有两边", "a comparison has two sides"),
        ("写作：x 介于 7 到 50，或 x > 7 且 x < 50", "write: x between 7 and 50, or x > 7 and x < 50"),
    ),
    "too-deep": error(
        ("嵌套太深", "Nested too deeply"),
        ("表达式嵌套超过 {limit} 层", "the expression is nested more than {limit} levels deep"),
        ("把一部分写成指标或参数，再用名称引用", "make parts of it measures or parameters, and use their names"),
    ),
    "too-long": error(
        ("表达式太长", "Too long"),
        ("表达式有 {length} 个字符，最多 {limit} 个", "the expression has {length} characters, {limit} are the most"),
    ),
    # ---- functions
    "unknown-function": error(
        ("没有这个函数", "A function that does not exist"),
        ("没有叫“{name}”的函数", "there is no function called `{name}`"),
    ),
    "argument-count": error(
        ("参数个数不对", "The wrong number of arguments"),
        ("“{name}”要{expected}个参数，这里有 {found} 个", "`{name}` takes {expected} arguments, not {found}"),
    ),
    "argument-type": error(
        ("参数类型不对", "An argument of the wrong type"),
        ("“{name}”的第 {number} 个参数应是{expected}，却是{found}", "argument {number} of `{name}` must be {expected}, not {found}"),
    ),
    "argument-whole": error(
        ("参数应是整数", "An argument that is not a whole number"),
        ("“{name}”的参数应是整数", "the argument of `{name}` must be a whole number"),
        ("用 向下取整(…) 或 向上取整(…)", "use floor(…) or ceiling(…)"),
    ),
    "argument-literal": error(
        ("参数应是文字常量", "An argument that is not a literal"),
        ("“{name}”只能接写定的文字，例如 {example}", "`{name}` takes a literal only, such as {example}"),
    ),
    "missing-of-cell": error(
        ("缺失只能问数据项", "`missing` of something that is no cell"),
        ("只有数据项或指标可以缺失，算出来的值和参数不可以", "only a cell or a measure can be missing, not a calculated value or a parameter"),
    ),
    "unknown-role": error(
        ("没有这个职务", "A role that does not exist"),
        ("没有叫“{name}”的职务", "there is no role called `{name}`"),
    ),
    "unknown-relation": error(
        ("没有这个关系", "A relation that does not exist"),
        ("没有叫“{name}”的关系", "there is no relation called `{name}`"),
    ),
    "holds-arguments": error(
        ("“任职”的写法不对", "`holds` is not written right"),
        ("“任职”写作 任职(职务) 或 任职(职务, 在: 关系)", "`holds` is written holds(role) or holds(role, in: relation)"),
    ),
    # ---- types
    "type-mismatch": error(
        ("两边类型不同", "Two sides of different types"),
        ("{left}不能和{right}比较", "{left} cannot be compared with {right}"),
    ),
    "text-order": error(
        ("文字不分大小", "Texts have no order"),
        ("{type}之间没有大小先后，只能用 = 和 !=", "{type} has no order: only = and != compare it"),
    ),
    "not-comparable": error(
        ("不能比较", "A value that cannot be compared"),
        ("{type}不能这样比较", "{type} cannot be compared like this"),
        ('清单用 包含(清单, "内容")，条件用 且、或、非', 'use contains(items, "text") for items, and, or, not for conditions'),
    ),
    "months-and-days": error(
        ("月数和天数不能比较", "Months and days cannot be compared"),
        ("用月计的时长和用天计的时长不能比较：一个月有 28 到 31 天", "a duration in months and one in days cannot be compared: a month has 28 to 31 days"),
    ),
    "days-are-numbers": error(
        ("日期之差是数", "A difference of dates is a number"),
        ("日期相隔的天数、月数是数，不和时长比较", "the days or months between two dates are a number, which is not compared with a duration"),
        ("写作：… {operator} {number}，不写单位", "write: … {operator} {number}, without a unit"),
    ),
    "arithmetic-type": error(
        ("不能这样计算", "A calculation that does not exist"),
        ("{left}和{right}不能用“{operator}”计算", "`{operator}` does not work on {left} and {right}"),
    ),
    "number-to-date": error(
        ("日期加减的是时长", "A date takes a duration"),
        ("日期只能加减时长，不能加减数", "only a duration can be added to or subtracted from a date, not a number"),
        ("写作 30天 或 天(…)", "write 30 days or days(…)"),
    ),
    "negation-type": error(
        ("不能取负", "Something that has no negative"),
        ("{type}前面不能写负号", "{type} cannot be negated"),
    ),
    "condition-expected": error(
        ("这里应是条件", "A condition is expected"),
        ("“{operator}”连接的应是条件，却是{found}", "`{operator}` joins conditions, not {found}"),
    ),
    "value-or": error(
        ("值之间不用“或”", "Values are not joined by `or`"),
        ("“{operator}”连接的应是条件，不是单个的值", "`{operator}` joins conditions, not single values"),
        ('写作：x 属于 ("甲", "乙")', 'write: x in ("a", "b")'),
    ),
    "if-values": error(
        ("“如果”只用于取值", "`if` is for values"),
        ("“如果 … 则 … 否则 …”用来取值，不用来连接条件", "`if … then … else …` chooses a value, it does not join conditions"),
        ("条件用 且、或、非 连接", "join conditions with and, or, not"),
    ),
    "branch-types": error(
        ("两种结果类型不同", "Two branches of different types"),
        ("“则”后面是{left}，“否则”后面是{right}", "`then` gives {left}, `else` gives {right}"),
    ),
    "null-alone": error(
        ("“空”不是值", "`null` is no value"),
        ("“空”只能写在 = 空、!= 空 里，或作为区间敞开的一端", "`null` stands only in = null, != null, or as the open end of a range"),
        ("要问有没有填写，用 缺失(…)", "use missing(…) to ask whether something is filled in"),
    ),
    "range-alone": error(
        ("区间和清单只用在“属于”后面", "A range or list stands only behind `in`"),
        ("区间和清单只能写在“属于”后面", "a range or a list stands only behind `in`"),
    ),
    "wrong-type": error(
        ("类型不对", "The wrong type"),
        ("这里应是{expected}，却是{found}", "{expected} is expected here, not {found}"),
    ),
    "not-a-kind": error(
        ("没有这个类型", "A kind that does not exist"),
        ("没有叫“{name}”的类型", "there is no kind called `{name}`"),
    ),
    "not-a-value": warning(
        ("不在允许的取值里", "A text that the attribute never holds"),
        ("“{attribute}”不会是“{value}”", "`{attribute}` is never `{value}`"),
        ("允许的取值：{allowed}", "what it may be: {allowed}"),
    ),
    "empty-range": warning(
        ("区间里没有值", "A range that holds nothing"),
        ("这个区间的下限大于上限，什么都不属于它", "the lower end of this range is above its upper end: nothing lies in it"),
    ),
    "division-by-zero": warning(
        ("除以零", "Division by zero"),
        ("除以零的结果总是不明", "a division by zero is always unknown"),
    ),
}
