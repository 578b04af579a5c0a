"""Codes of what is wrong with derivations."""

from mofan_rules.diagnostics.catalogue.entry import Code, error

DERIVATION_CODES: dict[str, Code] = {
    "derivation-id": error(
        ("推导重名", "derivation id taken"),
        ("已经有一条推导叫“{name}”", "there is a derivation `{name}` already"),
    ),
    "derivation-column": error(
        ("没有这个数据项", "unknown column"),
        ("这里没有叫“{word}”、变量可以取值的数据项", "there is no column `{word}` here that a variable can stand for"),
    ),
    "derivation-literal": error(
        ("值的类型不对", "literal of another type"),
        ("“{value}”不能写在“{column}”处，那里要 {wanted}", "`{value}` cannot stand for `{column}`, which is of type {wanted}"),
        ("变量以 $ 开头", "a variable begins with $"),
    ),
    "derivation-type": error(
        ("变量类型不一", "variable of two types"),
        ("变量“${name}”在别处是 {found}，这里是 {wanted}", "the variable `${name}` is of type {found} elsewhere and {wanted} here"),
    ),
    "derivation-unbound": error(
        ("变量没有来处", "variable without a value"),
        ("“if”里的条件都没有给出变量“${name}”的值", "no pattern under `if` gives the variable `${name}` a value"),
    ),
    "derivation-undated": error(
        ("推导没有日期", "derivation without a date"),
        ("“{name}”的条件里没有结论、活动或推导出的事实，定不出日期", "no pattern of `{name}` is a verdict, an event or a derived fact, so nothing dates it"),
    ),
    "derivation-absence": error(
        ("没有记录不等于没有", "absence of records"),
        (
            "“not”和 at_most 只能看结论和推导出的事实：记录不全时，没有记录不能当作没有",
            "`not` and `at_most` take verdicts and derived facts only: no row recorded is not the same as none",
        ),
        ("先写一项要求，再看它的结论", "write a requirement, and look at its verdict"),
    ),
    "derivation-where": error(
        ("这里只看记录本身", "only the row itself"),
        ("推导的 where 只能用这条记录自己的数据项", "`where` of a derivation sees the row's own columns only"),
    ),
    "derivation-of": error(
        ("计数的变量不对", "variable that cannot be counted"),
        ("“${name}”要出现在 count 的条件里，而不出现在外面", "`${name}` must stand in the patterns of the count and nowhere else"),
    ),
    "derivation-cycle": error(
        ("推导自相矛盾", "derivation rests on its own absence"),
        ("推导绕了一圈又依赖自己的不存在或数目：{path}", "a derived kind depends on its own absence or number: {path}"),
    ),
}
