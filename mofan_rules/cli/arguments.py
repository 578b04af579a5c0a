"""The arguments of each command, with their help in Chinese and English."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mofan_rules.cli.parser import Parser, formatter
from mofan_rules.diagnostics.bilingual import Bilingual, Language

FAIL_ON = ("never", "must", "should", "unknown")
"""From what on `check` exits with 1: never; a violated `must`; any violated; any violated or unknown. Shadow requirements never count."""


DIALECTS = ("duckdb", "postgres", "spark")
"""For which databases `compile` writes."""

TRACES = ("table", "csv", "json", "markdown")
"""How `trace` can be written."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked. Each command reads those that it declares below; dates and periods are still text."""

    command: str
    language: Language
    debug: bool = False
    ruleset: str = ""
    facts: str = ""
    mapping: str | None = None
    as_of: str | None = None
    period: str | None = None
    known_at: str | None = None
    executor: str = "duckdb"
    memory_limit: str | None = None
    executors: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    junit: str | None = None
    coverage: bool = False
    html: str | None = None
    threshold: str | None = None
    mutate: bool = False
    texts: tuple[str, ...] = ()
    inventory: str | None = None
    check: bool = False
    format: str = ""
    output: str | None = None
    fail_on: str = "never"
    organization: str = ""
    requirement: str = ""
    window: str | None = None
    key: str | None = None
    until: str = ""
    branches: int = 0
    clean: bool = False
    seed: int = 0
    dialect: str = ""
    schema: str = ""
    facts_schema: str = ""
    settle: float = 0.0
    rulesets: str = ""
    facts_folder: str | None = None
    journals: str | None = None
    synchronous: str = "NORMAL"
    host: str = ""
    port: int = 0
    max_body: float = 0.0
    timeout: float = 0.0
    requests: int = 0
    evaluations: int = 0
    sessions: int = 0


def parse(arguments: Sequence[str], language: Language) -> Arguments:
    """The arguments, checked for their form.

    Raises
    ------
    SystemExit: with 2 and a message for wrong arguments, with 0 after `--help` and `--version`.
    """
    found = vars(_parser(language).parse_args(arguments))
    several: dict[str, Any] = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    return Arguments(**(found | several | {"language": language}))


def _parser(language: Language) -> Parser:
    def say(zh: str, en: str) -> str:
        return Bilingual(zh, en).of(language)

    def common(added: argparse.ArgumentParser) -> None:
        languages = say("输出语言（默认随系统）", "language (default: by locale)")
        added.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, dest="language", help=languages)
        added.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=say("内部出错时显示详情", "show the traceback of an internal error"))

    parser = Parser("mofan", language, say("按规则集判定组织的合规情况，并说明理由。", "Who meets which obligation, when, and why."))
    parser.add_argument("--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help=say("显示版本", "show the version"))
    common(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar=say("命令", "COMMAND"), title=say("命令", "commands"))

    def command(name: str, zh: str, en: str) -> "_Options":
        added = commands.add_parser(name, help=say(zh, en), description=say(zh, en), language=language, formatter_class=formatter(language))
        common(added)
        return _Options(added, say)

    for declare in (_check, _explain, _derive, _lint, _format, _test, _trace, _compile, _schema, _facts, _generate, _due, _watch, _serve, _doctor):
        declare(command)
    return parser


Declare = Callable[[str, str, str], "_Options"]


def _check(command: Declare) -> None:
    options = command("check", "判定：谁达标，谁没有", "judge facts by a ruleset")
    options.ruleset().facts().question()
    options.add(
        "--memory-limit",
        "SIZE",
        "最多用多少内存，如 4GB（默认 1400MB）；超出的放临时文件",
        "memory to take, such as 4GB (default: 1400MB); the rest goes to files",
    )
    options.add("--format", "FORMAT", "显示或文件的格式", "how to write the result", default="", choices=_formats())
    options.add("-o", "FILE", "写到文件；格式随扩展名", "write to a file; its ending tells the format", dest="output")
    options.add(
        "--fail-on",
        "LEVEL",
        "何时以 1 退出：never 从不；must 有“应当”未达标；should 有任何未达标；unknown 有未达标或无法判定",
        "when to exit with 1: never, a violated must, anything violated (should), anything violated or unknown",
        default="never",
        choices=FAIL_ON,
    )


def _explain(command: Declare) -> None:
    options = command("explain", "说明一条结论的理由", "explain one verdict")
    options.ruleset().facts()
    options.add("--organization", "ID", "组织编号", "id of the organization", required=True)
    options.add("--requirement", "ID", "要求编号", "id of the requirement", required=True)
    options.add("--window", "WINDOW", "期间，如 2024Q3", "the window, such as 2024Q3")
    options.add("--key", "KEY", "同一期间有几条结论时指明一条", "tells verdicts of one window apart")
    options.question(executor=False)
    options.add("--format", "FORMAT", "text 或 json", "text or json", default="text", choices=("text", "json"))


def _derive(command: Declare) -> None:
    options = command("derive", "由结论推导：该提醒谁、约谈谁、由谁督办", "what follows from the verdicts: reminders, talks, escalations")
    options.ruleset().facts().question()
    options.add("--format", "FORMAT", "text 或 json", "text or json", default="text", choices=("text", "json"))


def _lint(command: Declare) -> None:
    options = command("lint", "检查规则集的写法", "check what a ruleset says")
    options.ruleset()
    options.add("--format", "FORMAT", "text 或 json", "text or json", default="text", choices=("text", "json"))


def _format(command: Declare) -> None:
    options = command("format", "统一条件的写法，其余一字不动", "write conditions in one form, and touch nothing else")
    options.ruleset()
    options.flag("--check", "只看，不改；有要改的就以 1 退出", "change nothing; exit with 1 if anything would be changed")


def _test(command: Declare) -> None:
    options = command("test", "运行规则集的用例", "run the cases of a ruleset")
    options.ruleset()
    options.add("--executor", "NAME", "只用这个执行器（可重复；默认全部）", "use only this executor (may be repeated; default: all)", **_several("executors"))
    options.add(
        "--filter",
        "TEXT",
        "只运行名称、说明或要求编号里有这段文字的用例（可重复）",
        "only cases with this text in their name, note or requirements (may be repeated)",
        **_several("filters"),
    )
    options.add("--junit", "FILE", "另写一份 JUnit XML", "write JUnit XML too")
    options.flag("--coverage", "列出用例没有到过的结论和条件取值", "list the states and the values of conditions that no case reaches")
    options.add("--html", "FILE", "把到达情况写成网页", "write what the cases reach as a page")
    options.add(
        "--threshold",
        "PERCENT",
        "不足这个百分比时以 1 退出；可写 100,95,95（结论，条件，改动）",
        "exit with 1 if less is reached; 100,95,95 for states, conditions and changes",
    )
    options.flag(
        "--mutate",
        "逐一改动一个数、一处比较、一个周期、一个程度词，或者推导里的一种结论、一种关系，看用例能不能发现",
        "change one number, comparison, window or modality, or a state or relation of a derivation, at a time, and see whether a case notices",
    )


def _trace(command: Declare) -> None:
    options = command("trace", "从文件的各项追到要求、依据、用例和结论", "follow each row of the document to requirements, citations, cases and verdicts")
    options.ruleset()
    options.add(
        "--source",
        "FILE",
        "文件的文本，用来核对引文和位置；其他来源写 名称=FILE（可重复）",
        "the text of the document, to compare quotations with; NAME=FILE for another source (may be repeated)",
        **_several("texts"),
    )
    options.add("--inventory", "FILE", "核对用的清单（制表符分隔，有 id、locator、class 列）", "an inventory to compare with (columns id, locator, class)")
    options.add("--facts", "FACTS", "数据：数出各条要求的结论", "facts: count the verdicts of each requirement", default="")
    options.add("--mapping", "FILE", "facts.yaml（默认取数据旁边的那个）", "a facts.yaml (default: the one beside the facts)")
    options.question(executor=False)
    options.add("--format", "FORMAT", "table、csv、json 或 markdown", "table, csv, json or markdown", default="table", choices=TRACES)
    options.add("-o", "FILE", "写到文件；格式随扩展名", "write to a file; its ending tells the format", dest="output")


def _compile(command: Declare) -> None:
    options = command("compile", "把规则集译成 SQL 视图，供数据库安装", "print the ruleset as SQL views, to be installed in a database")
    options.ruleset()
    options.add("--dialect", "NAME", "duckdb、postgres 或 spark", "duckdb, postgres or spark", required=True, choices=DIALECTS)
    options.add("--as-of", "DATE", "填入所问的日子（默认留空，由数据库填写）", "the day the question is asked about (default: left to the database)")
    options.add("--period", "PERIOD", "期间（默认该日的当年）", "the period (default: the year of that day)")
    options.add("--schema", "NAME", "视图所在的模式（默认 mofan）", "the schema of the views (default: mofan)", default="mofan")
    options.add("--facts-schema", "NAME", "数据表所在的模式（默认 facts）", "the schema of the fact tables (default: facts)", default="facts")
    options.add("-o", "FILE", "写到文件", "write to a file", dest="output")


def _several(name: str) -> dict[str, Any]:
    """What argparse is told of an option that may be given more than once."""
    return {"dest": name, "action": "append", "default": []}


def _schema(command: Declare) -> None:
    options = command("schema", "输出规则集文件的 JSON Schema（供编辑器补全）", "print the JSON Schema of ruleset files, for editors")
    options.add("-o", "FILE", "写到文件", "write to a file", dest="output")


def _facts(command: Declare) -> None:
    options = command("facts", "看读入了哪些数据、拒收了哪些、为什么", "show what was read, what was refused and why")
    options.facts()
    options.add("--ruleset", "RULESET", "按这个规则集的词汇读取", "read them with the vocabulary of a ruleset", default="")
    options.add("--known-at", "DATE", "只看这一天之前记录的", "only what was recorded by that day")
    options.add("--format", "FORMAT", "text 或 json", "text or json", default="text", choices=("text", "json"))


def _generate(command: Declare) -> None:
    options = command("generate", "生成可复现的模拟数据", "generate a reproducible population")
    options.add("--branches", "N", "支部（基本组织）个数", "how many branches", required=True, type=int)
    options.add("-o", "DIR", "写到这个文件夹", "the folder to write", dest="output", required=True)
    options.add("--seed", "N", "随机种子（默认 0）", "seed (default 0)", default=0, type=int)
    options.add(
        "--ruleset",
        "RULESET",
        "规则集，其中要有 population.yaml（默认 rulesets/mofan）",
        "a ruleset with a population.yaml (default: rulesets/mofan)",
        default="rulesets/mofan",
    )
    options.add("--format", "FORMAT", "csv 或 parquet", "csv or parquet", default="csv", choices=("csv", "parquet"))
    options.flag("--clean", "没有差错的数据：各项义务都履行，没有坏行", "facts without anything that goes wrong: every duty is met, no row is bad")


def _due(command: Declare) -> None:
    options = command("due", "预报：如无新的记录，哪些事项何时到期", "what falls due until a day, if nothing happens")
    options.ruleset().facts()
    options.add("--until", "DATE", "预报到哪一天", "the last day of the forecast", required=True)
    options.question()
    options.add("--format", "FORMAT", "table、json 或 ics（日历）", "table, json or ics (a calendar)", default="", choices=("table", "json", "ics"))
    options.add("-o", "FILE", "写到文件；格式随扩展名", "write to a file; its ending tells the format", dest="output")


def _watch(command: Declare) -> None:
    options = command("watch", "盯着文件：一有改动就重新判定，说出哪些结论变了", "judge again whenever files change, and say which verdicts flipped")
    options.ruleset().facts(files_only=True).question()
    options.add(
        "--settle",
        "SECONDS",
        "文件静止多少秒后再读（默认 0.5）",
        "how long files must be still before they are read (default: 0.5)",
        default=0.5,
        type=_amount,
    )
    options.add("--format", "FORMAT", "text 或 json（每次一行）", "text or json (a line each time)", default="text", choices=("text", "json"))


def _serve(command: Declare) -> None:
    options = command("serve", "以 HTTP 提供给其他程序：判定、说明、记录、预报", "offer it all to other applications over HTTP")
    options.add("rulesets", "RULESETS", "规则集所在的文件夹；请求只能用其中的规则集", "the folder of the rulesets that requests may name")
    options.add("--facts", "FOLDER", "请求可以指名的数据所在的文件夹", "a folder of facts that requests may name", dest="facts_folder")
    options.add("--journals", "FOLDER", "会话的日志所在的文件夹（不写就没有会话）", "a folder for the journals of sessions (default: no sessions)")
    options.add(
        "--synchronous",
        "LEVEL",
        "NORMAL 或 FULL（断电也不丢，较慢）",
        "NORMAL, or FULL, which survives a loss of power",
        default="NORMAL",
        choices=("NORMAL", "FULL"),
    )
    options.add(
        "--host",
        "HOST",
        "监听的地址（默认 127.0.0.1；其他地址须有令牌 MOFAN_TOKEN）",
        "where to listen (default: 127.0.0.1; elsewhere only with a token in MOFAN_TOKEN)",
        default="127.0.0.1",
    )
    options.add("--port", "PORT", "端口（默认 8000；0 为任一空闲端口）", "the port (default: 8000; 0 takes a free one)", default=8000, type=int)
    options.add("--max-body", "MIB", "请求正文最大多少 MiB（默认 16）", "the largest body of a request in MiB (default: 16)", default=16.0, type=_amount)
    options.add("--timeout", "SECONDS", "一个请求最多多少秒（默认 60）", "how long a request may take (default: 60)", default=60.0, type=_amount)
    options.add("--requests", "N", "同时处理的请求数上限（默认 2000）", "requests answered at a time (default: 2000)", default=2000, type=_positive)
    options.add(
        "--evaluations", "N", "同时判定的进程数（默认为处理器个数）", "processes that evaluate (default: as many as processors)", default=0, type=_positive
    )
    options.add("--sessions", "N", "同时打开的会话数上限（默认 16）", "sessions open at a time (default: 16)", default=16, type=_positive)


def _positive(text: str) -> int:
    """A number from 1.

    Raises
    ------
    ValueError: if it is none.
    """
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


_positive.__name__ = "positive number"  # as argparse calls it


def _amount(text: str) -> float:
    """Seconds or MiB, from a hundredth to an hour's worth of seconds.

    Raises
    ------
    ValueError: if it is no such number.
    """
    number = float(text)
    if not 0.01 <= number <= 3600:
        raise ValueError(text)
    return number


_amount.__name__ = "number from 0.01 to 3600"  # as argparse calls it


def _doctor(command: Declare) -> None:
    options = command("doctor", "看装了什么、推导用哪个网络、为什么", "show what is installed, which network derivations run on, and why")
    options.add("--format", "FORMAT", "text 或 json", "text or json", default="text", choices=("text", "json"))


class _Options:
    """Adds options to one command; those that several commands share have a method."""

    def __init__(self, parser: argparse.ArgumentParser, say: Callable[[str, str], str]) -> None:
        self._parser = parser
        self._say = say

    def add(self, name: str, metavar: str, zh: str, en: str, **options: Any) -> None:
        self._parser.add_argument(name, metavar=metavar, help=self._say(zh, en), **options)

    def flag(self, name: str, zh: str, en: str) -> None:
        self._parser.add_argument(name, action="store_true", help=self._say(zh, en))

    def ruleset(self) -> "_Options":
        self.add("ruleset", "RULESET", "规则集文件夹", "the folder of the ruleset")
        return self

    def facts(self, files_only: bool = False) -> "_Options":
        if files_only:
            self.add("facts", "FACTS", "数据：文件夹、Excel 工作簿或 SQLite 文件", "a folder, a workbook or an SQLite file")
        else:
            self.add(
                "facts",
                "FACTS",
                "数据：文件夹、Excel 工作簿、SQLite 文件或 postgresql:// 地址",
                "a folder, a workbook, an SQLite file or a postgresql:// address",
            )
        self.add("--mapping", "FILE", "facts.yaml（默认取数据旁边的那个）", "a facts.yaml (default: the one beside the facts)")
        return self

    def question(self, executor: bool = True) -> None:
        self.add("--as-of", "DATE", "截至哪一天（默认今天）", "the day the question is asked about (default: today)")
        self.add("--period", "PERIOD", "期间：2024、2024Q3、2024-05、2024H1、a..b（默认当年）", "2024, 2024Q3, 2024-05, 2024H1, a..b (default: its year)")
        self.add("--known-at", "DATE", "只用这一天之前记录的数据", "only what was recorded by that day")
        if executor:
            self.add("--executor", "NAME", "执行器（默认 duckdb）", "the executor (default: duckdb)", default="duckdb")


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from mofan_rules.evaluation.version import version

        print(f"mofan {version()}")
        parser.exit()


def _formats() -> tuple[str, ...]:
    from mofan_rules.reports import FORMATS

    return tuple(FORMATS)
