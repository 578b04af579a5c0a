"""Codes of what can be wrong with cases and with the authors' tools."""

from mofan_rules.diagnostics.catalogue.entry import Code, error

WORKBENCH_CODES: dict[str, Code] = {
    "case-wants-nothing": error(
        ("没有写要什么结论", "no verdict wanted"),
        ("用例没有写想要的结论，永远不会不通过", "the case wants no verdict, so it can never fail"),
        ("在 want 下写明要求、组织、期间和结论", "name requirement, subject, window and state under `want`"),
    ),
    "case-wanted-twice": error(
        ("同一结论写了两次", "verdict wanted twice"),
        ("“{verdict}”写了两次", "`{verdict}` is wanted twice"),
    ),
    "case-todo-without-reason": error(
        ("没有写原因", "no reason"),
        ("todo 要写明为什么还做不到", "`todo` must say why the case cannot hold yet"),
    ),
    "case-unknown-subject": error(
        ("用例里没有这个组织", "no such organization in the case"),
        ("用例的数据里没有组织“{subject}”", "the facts of the case have no organization `{subject}`"),
    ),
    "bad-threshold": error(
        ("百分比写法不对", "not a threshold"),
        ("“{value}”不是 0 到 100 的百分比", "`{value}` is no percentage from 0 to 100"),
        ("写成 95，或 100,95,95（结论，条件，改动）", "write `95`, or `100,95,95` for states, conditions and changes"),
    ),
    "no-cases": error(
        ("没有用例", "no cases"),
        ("“{path}”里没有用例", "there are no cases in `{path}`"),
        ("把用例写在规则集旁边的 cases 文件夹里", "cases stand in the folder `cases` beside ruleset.yaml"),
    ),
    "no-such-case": error(
        ("没有这样的用例", "no such case"),
        ("没有名称、说明或要求里含有“{text}”的用例", "no case has `{text}` in its name, its note or its requirements"),
    ),
    "no-document": error(
        ("没有 document.yaml", "no document.yaml"),
        ("“{path}”里没有 document.yaml，不知道文件有哪些项", "there is no document.yaml in `{path}`: the rows of the document are not known"),
    ),
    "no-such-source": error(("没有这个来源", "no such source"), ("规则集没有来源“{source}”", "the ruleset has no source `{source}`")),
    "cannot-read": error(("读不了文件", "cannot read"), ("不能读“{path}”：{reason}", "cannot read `{path}`: {reason}")),
    "row-without-requirement": error(
        ("没有要求", "row without requirement"),
        ("文件的第 {row} 项没有要求", "no requirement answers row {row} of the document"),
        ("在要求的 cite 里写 row: {row}", "add `row: {row}` to the citation of a requirement"),
    ),
    "requirement-without-citation": error(
        ("没有依据", "requirement without citation"), ("要求“{requirement}”没有依据", "the requirement `{requirement}` cites nothing")
    ),
    "requirement-without-row": error(
        ("没有出处", "requirement without row"),
        ("要求“{requirement}”没有写出自文件的哪一项", "the requirement `{requirement}` does not say which row of the document it answers"),
        ("在 cite 里加 row", "add `row` to its citation"),
    ),
    "unknown-row": error(("文件没有这一项", "unknown row"), ("document.yaml 里没有第“{row}”项", "document.yaml has no row `{row}`")),
    "states-without-case": error(
        ("缺用例", "states without a case"),
        ("要求“{requirement}”没有用例的结论：{states}", "no case of `{requirement}` wants: {states}"),
    ),
    "number-not-marked": error(
        ("没有注明是否核实", "number not marked"),
        ("“{name}”的这个数没有注明是否核实", "it is not said whether this number of `{name}` has been verified"),
        ("在依据里写 verified: true 或 false，或者写 local: true", "say `verified: true` or `false` in the citation, or `local: true`"),
    ),
    "quote-not-found": error(("引文不在来源里", "quotation not found"), ("来源“{source}”里没有这句话：“{quote}”", "`{source}` does not say “{quote}”")),
    "locator-not-found": error(
        ("找不到位置", "locator not found"), ("第 {row} 项的“{locator}”不在文件里", "“{locator}”, given for row {row}, does not stand in the document")
    ),
    "row-not-carried": error(("缺一项", "row not carried"), ("清单里的第 {row} 项不在 document.yaml 里", "row {row} of the inventory is not in document.yaml")),
    "row-not-in-inventory": error(("多一项", "row not in the inventory"), ("清单里没有第 {row} 项", "the inventory has no row {row}")),
    "row-differs": error(("与清单不同", "row differs"), ("第 {row} 项的类别或位置与清单不同", "class or locator of row {row} are not those of the inventory")),
}
