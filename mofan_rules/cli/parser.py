"""argparse with Chinese beside English, and with *did you mean* for what is not one of the choices."""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from mofan_rules.diagnostics.bilingual import Language

HEADINGS = {"positional arguments": "参数", "options": "选项"}

SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"argument (.+): expected one argument", r"参数 \1 后面缺少值"),
    (r"argument (.+): invalid choice: '?([^']*)'? \(choose from (.+)\)", r"参数 \1 不能是“\2”（可选：\3）"),
    (r"argument (.+): invalid int value: '(.+)'", r"参数 \1 应是整数，而不是“\2”"),
    (r"argument (.+): invalid number from 0.01 to 3600 value: '(.+)'", r"参数 \1 应是 0.01 到 3600 的数，而不是“\2”"),
    (r"argument (.+): invalid positive number value: '(.+)'", r"参数 \1 应是 1 以上的整数，而不是“\2”"),
    (r"argument (.+): ignored explicit argument '(.+)'", r"参数 \1 不带值：“\2”"),
)
"""argparse's own sentences and ours in Chinese."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks one language and takes no abbreviations."""

    def __init__(self, prog: str, language: Language = "en", description: str = "", **options: Any) -> None:
        options.setdefault("formatter_class", formatter(language))
        super().__init__(prog=prog, description=description, allow_abbrev=False, add_help=False, **options)
        self._language = language
        self.add_argument("-h", "--help", action="help", help="显示帮助" if language == "zh" else "show this help")
        if language == "zh":
            for group in (self._positionals, self._optionals):
                group.title = HEADINGS.get(str(group.title), group.title)

    def error(self, message: str) -> NoReturn:
        """Print the usage and one sentence, and exit with 2."""
        self.print_usage(sys.stderr)
        if found := re.fullmatch(r"argument .+: invalid choice: '?([^']*)'? \(choose from (.+)\)", message):
            message += self._among(found[1], re.findall(r"[\w-]+", found[2]))
        if message.startswith("unrecognized arguments: "):
            message += self._nearest(message.split()[2])
        print(f"{self.prog}: {self._translated(message)}", file=sys.stderr)
        raise SystemExit(2)

    def _nearest(self, word: str) -> str:
        if not word.startswith("-"):
            return ""
        options = [name for action in self._actions for name in action.option_strings]
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                options += [name for parser in action.choices.values() for other in parser._actions for name in other.option_strings]
        return self._among(word.partition("=")[0], options)

    def _among(self, word: str, names: Sequence[str]) -> str:
        from mofan_rules.diagnostics.suggest import closest

        near = closest(word, names)
        if not near:
            return ""
        return f"。是不是：{'、'.join(near)}？" if self._language == "zh" else f"; did you mean {', '.join(near)}?"

    def _translated(self, message: str) -> str:
        if self._language != "zh":
            return message
        body, mark, hint = message.partition("。是不是")
        for pattern, sentence in SENTENCES:
            if re.fullmatch(pattern, body):
                return re.sub(pattern, sentence, body) + mark + hint
        return message


def formatter(language: Language) -> type[argparse.HelpFormatter]:
    """The formatter of usage and help in a language."""
    return _Chinese if language == "zh" else _English


class _English(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=110)


class _Chinese(_English):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)
