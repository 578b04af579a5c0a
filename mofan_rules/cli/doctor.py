"""`mofan doctor`: what is installed, which network derivations run on, and why."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.diagnostics import Bilingual

if TYPE_CHECKING:
    from mofan_rules.evaluation.installed import Installation


def run(arguments: Arguments) -> ExitCode:
    """Look and tell; what is missing is optional, and so no failure."""
    from mofan_rules.evaluation.installed import installation

    found = installation()
    if arguments.format == "json":
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(line.of(arguments.language) for line in _lines(found)))
    return ExitCode.FINE


def _lines(found: "Installation") -> list[Bilingual]:
    absent = Bilingual("没有安装", "not installed")
    lines = [Bilingual(f"Python {found.python}，{found.system}", f"Python {found.python}, {found.system}")]
    lines += [Bilingual(f"{name} {number or absent.zh}", f"{name} {number or absent.en}") for name, number in found.versions.items()]
    if found.network == "rete":
        return [
            *lines,
            Bilingual("推导用的网络：durable_rules（rete），试过一次连接，正常", "network of derivations: durable_rules (rete); one join was tried and fired"),
        ]
    zh = f"推导用的网络：没有，由解释器推导，结果相同。原因：{found.reason}。要用网络：{found.hint}"
    en = f"network of derivations: none, the interpreter derives, with the same result. why: {found.reason}. for the network: {found.hint}"
    return [*lines, Bilingual(zh, en)]
