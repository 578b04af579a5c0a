"""What this installation consists of: versions, extras, and which network derivations run on."""

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("mofan-rules", "duckdb", "pydantic", "networkx", "nanoarrow")
"""What matters when two installations disagree."""

OF_EXTRAS = ("durable_rules", "pyspark", "fastapi", "watchfiles")
"""What each of the extras `live`, `spark`, `serve` and `watch` brings."""

HINT = 'pip install "mofan-rules[live]"'
HINT_313 = f"CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject {HINT} --no-cache-dir"
"""The C library names a function that Python 3.13 no longer has: without the flag it builds and cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What is installed.

    `versions` by library, `None` where one is not installed. `network` is what keeps derivations up to date: `rete` or `interpreter`; `reason` says why it is
    not `rete`, and `hint` what to do about it; both are empty where it is.
    """

    python: str
    system: str
    versions: dict[str, str | None]
    network: str
    reason: str = ""
    hint: str = ""


def installation() -> Installation:
    """Looks at what is installed, and has the network join two facts, so that one that is there but does not work is found out."""
    reason = network_fault()
    versions = {name: _version(name) for name in (*LIBRARIES, *OF_EXTRAS)}
    python = platform.python_version()
    if reason is None:
        return Installation(python, platform.platform(), versions, "rete")
    hint = HINT_313 if sys.version_info >= (3, 13) else HINT
    return Installation(python, platform.platform(), versions, "interpreter", reason, hint)


def network_fault() -> str | None:
    """Why the network is not used, or nothing if it works."""
    from mofan_rules.executors.rete.missing import missing

    if reason := missing():
        return reason
    from mofan_rules.executors.rete.network import Network, NetworkError, Side

    try:
        with Network([2]) as network:
            network.add(0, Side.LEFT, 1)
            network.add(0, Side.RIGHT, 1)
    except NetworkError as error:
        return str(error)
    return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
