"""Codes of what can be wrong with facts that are recorded one by one, and with journals."""

from mofan_rules.diagnostics.catalogue.entry import Code, error

SESSION_CODES: dict[str, Code] = {
    "unknown-fact-column": error(
        ("没有这一栏", "unknown column"),
        (
            "表“{table}”没有“{column}”这一栏，规则集也没有声明",
            "the table {table} has no column `{column}`, and the ruleset declares no such attribute",
        ),
    ),
    "no-such-fact": error(("没有这条数据", "no such fact"), ("没有编号为“{id}”的数据", "there is no fact with the id `{id}`")),
    "several-facts": error(
        ("不止一条数据", "several facts"),
        ("编号“{id}”在几个表里都有：{tables}", "facts of several tables have the id `{id}`: {tables}"),
        ("请指明是哪个表", "say which table is meant"),
    ),
    "until-not-after": error(
        ("预报的末日不在判定日之后", "forecast of the past"),
        ("预报到 {until}，不在判定日 {as_of} 之后", "a forecast until {until} does not lie after the as-of date {as_of}"),
    ),
    "no-files-to-watch": error(
        ("没有文件可盯", "no files to watch"),
        ("数据在数据库服务器上，改动时不会有通知", "these facts are in a database on a server, which tells nobody when they change"),
        ("请定时运行 mofan check", "run mofan check at times"),
    ),
    "session-closed": error(("会话已结束", "session closed"), ("会话已经结束", "the session has been closed")),
    "no-journal": error(("不是日志", "not a journal"), ("“{path}”不是会话的日志", "`{path}` is no journal of a session")),
    "other-journal": error(
        ("另一规则集的日志", "journal of another ruleset"),
        ("“{path}”是规则集“{found}”的日志，不是“{wanted}”的", "`{path}` is a journal of the ruleset `{found}`, not of `{wanted}`"),
    ),
    "journal-in-use": error(
        ("日志正在使用", "journal in use"),
        ("另一个程序正在使用日志“{path}”", "another process holds the journal `{path}`"),
        ("一个日志同时只能由一个会话使用", "only one session can use a journal at a time"),
    ),
    "damaged-journal": error(
        ("日志已损坏", "damaged journal"),
        ("日志“{path}”已损坏：前 {intact} 条完好", "the journal `{path}` is damaged: its first {intact} facts are intact"),
        ("完好的部分另存为 {saved}，可以改用它", "they were saved to {saved}, which can be opened in its place"),
    ),
}
