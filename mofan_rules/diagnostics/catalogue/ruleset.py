"""Codes of what can be wrong in a ruleset's files, beside its conditions."""

from mofan_rules.diagnostics.catalogue.derivations import DERIVATION_CODES
from mofan_rules.diagnostics.catalogue.entry import Code, error, warning
from mofan_rules.diagnostics.catalogue.together import TOGETHER_CODES

YAML_CODES: dict[str, Code] = {
    "yaml-too-large": error(
        ("文件太大", "file too large"),
        ("文件有 {size} 字节，最多读 {largest} 字节", "the file has {size} bytes; at most {largest} are read"),
    ),
    "yaml-encoding": error(
        ("无法识别的编码", "unknown encoding"),
        ("文件不是 UTF-8、UTF-16，也不是 GB18030 编码的文本", "the file is not text in UTF-8, UTF-16 or GB18030"),
        ("请用 UTF-8 编码保存", "save it as UTF-8"),
    ),
    "yaml-assumed-encoding": warning(
        ("不是 UTF-8 编码", "not UTF-8"),
        ("文件按 {encoding} 编码读取", "the file was read as {encoding}"),
        ("建议用 UTF-8 编码保存", "better save it as UTF-8"),
    ),
    "yaml-control-character": error(
        ("控制字符", "control character"),
        ("文件里有不允许的字符 {character}", "the character {character} is not allowed here"),
    ),
    "yaml-syntax": error(
        ("YAML 语法错误", "YAML syntax"),
        ("这里不合 YAML 的写法（{problem}）", "this is not valid YAML ({problem})"),
        ("检查缩进、冒号后的空格、引号和括号是否成对", "check the indentation, the blank after the colon, and that quotes and brackets are closed"),
    ),
    "yaml-tab": error(
        ("制表符", "tab character"),
        ("这一行有制表符（Tab），YAML 的缩进只能用空格", "this line has a tab; YAML is indented by blanks only"),
    ),
    "yaml-wide-colon": error(
        ("全角冒号", "full-width colon"),
        ("这一行缺少半角冒号加空格（“: ”）", "this line lacks a colon followed by a blank"),
        ("全角冒号“：”请改成半角冒号加空格“: ”", "write `: ` in place of the full-width colon"),
    ),
    "yaml-documents": error(
        ("多个文档", "several documents"),
        ("一个文件只能有一个 YAML 文档，“---”之后的内容没有读", "a file holds one YAML document; what follows this `---` was not read"),
    ),
    "yaml-too-deep": error(
        ("嵌套太深", "nested too deeply"),
        ("嵌套超过 {deepest} 层", "lists and mappings are nested more than {deepest} deep"),
    ),
    "yaml-alias": error(
        ("YAML 别名", "YAML alias"),
        ("这里不能用 YAML 别名（*）", "YAML aliases (`*`) are not allowed here"),
        ("文字以 * 开头时请加引号；重复的值请写成参数", "quote a text that begins with `*`; make a value that is used twice a parameter"),
    ),
    "yaml-tag": error(
        ("YAML 标签", "YAML tag"),
        ("这里不能用 YAML 标签 {tag}", "YAML tags ({tag}) are not allowed here"),
        ("文字以 ! 开头时请加引号", "quote a text that begins with `!`"),
    ),
    "yaml-key": error(
        ("键不是文字", "key is not a text"),
        ("这里的键应当是一个词", "a key must be a single word here"),
    ),
    "yaml-duplicate-key": error(
        ("重复的键", "key given twice"),
        ("键“{key}”写了两次，另一处在第 {line} 行", "the key `{key}` is given twice; the other one is on line {line}"),
    ),
}

FILE_CODES: dict[str, Code] = {
    "folder-unreadable": error(
        ("文件夹打不开", "folder cannot be read"),
        ("读不到规则集文件夹“{path}”", "the ruleset's folder `{path}` cannot be read"),
    ),
    "no-ruleset-file": error(
        ("没有 ruleset.yaml", "no ruleset.yaml"),
        ("文件夹“{path}”里没有 ruleset.yaml", "there is no ruleset.yaml in `{path}`"),
    ),
    "too-many-files": error(
        ("文件太多", "too many files"),
        ("文件夹“{path}”里有 {count} 个 .yaml 文件，最多 {most} 个", "`{path}` has {count} .yaml files; at most {most} are read"),
    ),
    "file-unreadable": error(
        ("文件打不开", "file cannot be read"),
        ("这个文件打不开", "this file cannot be read"),
    ),
    "file-empty": error(
        ("文件是空的", "empty file"),
        ("这个文件是空的", "this file is empty"),
        ("至少要写 ruleset 和 version", "it needs at least `ruleset` and `version`"),
    ),
    "too-many-wrong": error(
        ("错误太多", "too much is wrong"),
        ("这个文件已有 {count} 项要求写得不对，后面的没有再检查", "{count} requirements of this file are wrong; the rest was not looked at"),
    ),
    "import-not-relative": error(
        ("引用路径不对", "import is no relative path"),
        ("“{path}”不能引用：只能写相对于本文件夹的路径", "`{path}` cannot be imported: write a path relative to this folder"),
    ),
    "import-not-found": error(
        ("引用的规则集不存在", "imported ruleset not found"),
        ("“{path}”里没有 ruleset.yaml", "there is no ruleset.yaml in `{path}`"),
    ),
    "import-cycle": error(
        ("循环引用", "imports in a circle"),
        ("规则集互相引用成了圈：{path}", "the imports run in a circle: {path}"),
    ),
}

SHAPE_CODES: dict[str, Code] = {
    "unknown-key": error(
        ("没有这个字段", "unknown key"),
        ("这里没有叫“{key}”的字段", "there is no key `{key}` here"),
    ),
    "missing-key": error(
        ("缺少字段", "key missing"),
        ("这里缺少字段“{key}”", "the key `{key}` is missing here"),
    ),
    "unknown-value": error(
        ("没有这个值", "unknown value"),
        ("“{value}”不是可用的值；可用：{allowed}", "`{value}` is not allowed here; allowed: {allowed}"),
    ),
    "unknown-kind": error(
        ("没有这种要求", "unknown kind"),
        ("没有“{kind}”这一种要求；可用：{allowed}", "there is no kind `{kind}`; there are: {allowed}"),
    ),
    "wrong-shape": error(
        ("写法不对", "wrong shape"),
        ("这里要写{wanted}", "this must be {wanted}"),
    ),
    "one-of": error(
        ("只写一个", "exactly one"),
        ("这几个字段要写一个，而且只写一个：{fields}", "exactly one of these keys must be given: {fields}"),
    ),
    "field-not-text": error(
        ("不是一个值", "not a single value"),
        ("这里要写一个值，不能是列表或“键: 值”", "this must be a single value, no list and no mapping"),
        ("含有冒号、逗号或括号的文字请加引号", "quote a text that contains colons, commas or brackets"),
    ),
    "field-empty": error(
        ("没有内容", "empty"),
        ("这里不能空着", "this must not be empty"),
    ),
    "field-languages": error(
        ("语言", "languages"),
        ("文字可以只写一种，或者写成 {{zh: …, en: …}}", "write one text, or `{{zh: …, en: …}}`"),
    ),
    "field-not-id": error(
        ("标识不对", "not an id"),
        (
            "“{value}”不能作标识：用字母、数字、点、下划线和连字符，以字母或数字开头",
            "`{value}` is no id: use ASCII letters, digits, `.`, `_`, `-`, beginning with a letter or digit",
        ),
    ),
    "field-not-date": error(
        ("不是日期", "not a date"),
        ("“{value}”不是日期；请写成 2024-03-31", "`{value}` is not a date; write it like 2024-03-31"),
    ),
    "field-not-whole": error(
        ("不是整数", "not a whole number"),
        ("“{value}”不是可用的整数", "`{value}` is not a whole number that fits here"),
    ),
    "field-not-number": error(
        ("不是数字", "not a number"),
        ("“{value}”不是数字", "`{value}` is not a number"),
    ),
    "field-not-flag": error(
        ("不是真假值", "neither true nor false"),
        ("“{value}”不是 true 或 false", "`{value}` is neither true nor false"),
    ),
    "field-not-period": error(
        ("不是周期", "not a period"),
        (
            "“{value}”不是周期；可写：周、月、季度、半年、年、2周、4个月（月数要能整除12）",
            "`{value}` is not a period; write week, month, quarter, half-year, year, `2 weeks`, `4 months` (months that divide 12)",
        ),
    ),
    "field-not-duration": error(
        ("不是时长", "not a duration"),
        ("“{value}”不是时长；请写成 30天、6个月、3年", "`{value}` is not a duration; write it like `30 days`, `6 months`, `3 years`"),
    ),
    "field-not-grace": error(
        ("宽限写法不对", "not a grace"),
        (
            "“{value}”不是宽限；请写成 30天、月日 03-31，或者一个参数的名称",
            "`{value}` is no grace; write a duration like `30 days`, a month and day like 03-31, or the name of a parameter",
        ),
    ),
    "field-not-depth": error(
        ("层数不对", "not a depth"),
        ("“{value}”不是层数；请写 1 以上的整数，或 all", "`{value}` is no depth; write a number from 1, or `all`"),
    ),
    "field-not-month": error(
        ("不是月份", "not a month"),
        ("月份要写 1 到 12", "a month is a number from 1 to 12"),
    ),
    "field-not-dated-fact": error(
        ("不是有日期的事实", "not a dated fact"),
        ("“{value}”不能作起点；可写 founding 或 {{event: …}} 等", "`{value}` is no dated fact; write `founding`, or `{{event: …}}` and the like"),
    ),
    "dates-out-of-order": error(
        ("起止颠倒", "dates out of order"),
        ("开始日期晚于结束日期", "the first day is after the last"),
    ),
}

WORD_CODES: dict[str, Code] = {
    "unknown-word": error(
        ("没有这个词", "unknown word"),
        ("词汇表（{table}）里没有“{word}”", "the vocabulary ({table}) has no `{word}`"),
    ),
    "unknown-column": error(
        ("没有这个数据项", "unknown column"),
        ("这里没有叫“{word}”的数据项（类型 {wanted}）", "there is no column `{word}` of type {wanted} here"),
    ),
    "column-type": error(
        ("数据项类型不对", "column of another type"),
        ("“{word}”的类型是 {found}，这里要 {wanted}", "`{word}` is of type {found}; {wanted} is wanted here"),
    ),
    "unknown-measure": error(
        ("没有这个量", "unknown measure"),
        ("没有叫“{measure}”、可以取上一期的量", "there is no measure `{measure}` of which the window before could be taken"),
    ),
    "unknown-requirement": error(
        ("没有这项要求", "unknown requirement"),
        ("没有标识为“{requirement}”的要求", "there is no requirement `{requirement}`"),
    ),
    "unknown-tag": error(
        ("没有这个标签", "unknown tag"),
        ("没有带标签“{tag}”的要求", "no requirement has the tag `{tag}`"),
    ),
    "unknown-source": error(
        ("没有这个出处", "unknown source"),
        ("sources 里没有“{source}”", "`sources` has no `{source}`"),
    ),
    "unknown-time-zone": error(
        ("没有这个时区", "unknown time zone"),
        ("没有叫“{name}”的时区；例如 Asia/Shanghai", "there is no time zone `{name}`; one is Asia/Shanghai"),
    ),
    "name-taken": error(
        ("名称重复", "name taken"),
        ("名称“{name}”已经有别的用处", "the name `{name}` already stands for something else"),
    ),
    "name-not-writable": error(
        ("名称不能用在条件里", "name cannot be written in conditions"),
        (
            "“{name}”不能作名称：不能有空格和符号，不能以数字开头，也不能是条件语言的词",
            "`{name}` cannot be a name: no blanks or signs, no digit at the beginning, no word of the language",
        ),
    ),
    "kind-two-parents": error(
        ("类别有两个上位类", "kind with two parents"),
        ("“{kind}”同时写在“{first}”和“{second}”之下", "`{kind}` is a special case of both `{first}` and `{second}`"),
    ),
    "kind-cycle": error(
        ("类别成圈", "kinds in a circle"),
        ("类别的上下位关系成了圈：{path}", "the kinds run in a circle: {path}"),
    ),
    "attribute-fixed": error(
        ("固定列", "fixed column"),
        ("“{name}”是表 {table} 的固定列，不用再声明", "`{name}` is a fixed column of {table}; it needs no declaration"),
    ),
    "attribute-table": error(
        ("属于哪张表", "which table"),
        ("“{word}”在几张表里都有（{tables}）；请给“{name}”加上 table", "`{word}` is a kind of several tables ({tables}); give `{name}` a `table`"),
    ),
    "attribute-range": error(
        ("范围只用于数字", "range of no number"),
        ("只有 integer 和 number 可以写 min、max", "only integers and numbers have `min` and `max`"),
    ),
    "attribute-range-empty": error(
        ("范围是空的", "empty range"),
        ("min 大于 max", "`min` is greater than `max`"),
    ),
    "attribute-values": error(
        ("可选值只用于文字", "values of no text"),
        ("只有 text 可以写 values", "only texts have `values`"),
    ),
    "parameter-empty": error(
        ("参数没有内容", "empty parameter"),
        ("参数“{name}”一个值也没有写", "the parameter `{name}` has no entry"),
        ("还不知道的值请写成 {{local: true}}", "write `{{local: true}}` for a value that is not known yet"),
    ),
    "parameter-value": error(
        ("参数的值不对", "not a value"),
        ("“{value}”不是可用的值", "`{value}` is no value of its type"),
        ("数字、80%、30天、2024-03-31、true；文字如果像数字请加引号", "a number, 80%, 30 days, 2024-03-31, true; quote a text that looks like a number"),
    ),
    "parameter-types": error(
        ("参数的类型不一", "values of different types"),
        ("参数“{name}”的值类型不一：{first}、{second}", "the values of `{name}` are of different types: {first}, {second}"),
    ),
    "versions-meet": error(
        ("标识重复", "id given twice"),
        ("标识“{requirement}”已经有一项要求，而且有效期有重叠", "there is already a requirement `{requirement}` that is effective on the same days"),
        ("换一个标识；同一要求的新旧版本要写不重叠的 effective", "choose another id; versions of one requirement need `effective` spans that do not meet"),
    ),
    "requirement-cycle": error(
        ("汇总成圈", "roll-ups in a circle"),
        ("汇总互相依赖成了圈：{path}", "the roll-ups depend on themselves: {path}"),
    ),
    "override-field": error(
        ("不能覆盖的字段", "nothing to override"),
        ("“{requirement}”是 {kind}，没有字段“{field}”", "`{requirement}` is of kind {kind}, which has no `{field}`"),
    ),
}

ADVICE_CODES: dict[str, Code] = {
    "parameter-without-value": warning(
        ("参数还没有值", "parameter without a value"),
        ("参数“{name}”还没有值，用到它的判定将是未知", "the parameter `{name}` has no value yet: what uses it will be unknown"),
    ),
    "kind-nearly": warning(
        ("类别名称相近", "nearly a declared kind"),
        ("“{kind}”没有另行声明，但有名称相近的类别", "`{kind}` is not declared by itself, but a kind of nearly the same name is"),
    ),
    "declared-nearly": warning(
        ("声明的名称没有用到，用到的没有声明", "declared name not used, used name not declared"),
        ("“{name}”声明了却没有用到，而用到的“{word}”没有声明", "`{name}` is declared but not used, and `{word}` is used but not declared"),
    ),
    "must-without-cite": warning(
        ("没有依据", "no citation"),
        ("“{requirement}”是必须做到的，但没有写依据（cite）", "`{requirement}` is a must, but cites no clause"),
    ),
    "draft-requirement": warning(
        ("草案", "draft"),
        ("“{requirement}”是草案（draft），不作判定", "`{requirement}` is a draft and is not evaluated"),
    ),
    "no-title": warning(
        ("没有标题", "no title"),
        ("“{requirement}”没有标题（title）", "`{requirement}` has no title"),
    ),
    "unused": warning(
        ("没有用到", "not used"),
        ("“{name}”声明了，但没有用到", "`{name}` is declared but not used"),
    ),
}

RULESET_CODES: dict[str, Code] = {
    **YAML_CODES,
    **FILE_CODES,
    **SHAPE_CODES,
    **WORD_CODES,
    **TOGETHER_CODES,
    **DERIVATION_CODES,
    **ADVICE_CODES,
}
