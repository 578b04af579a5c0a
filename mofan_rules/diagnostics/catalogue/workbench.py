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
}
