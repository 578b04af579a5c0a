"""`mofan serve`: the library over HTTP, for other applications."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.diagnostics import Bilingual, QuestionError, make

NEEDED = ("fastapi", "fastapi_offline", "prometheus_client", "uvicorn")


def run(arguments: Arguments) -> ExitCode:
    """Answer requests until somebody ends it."""
    for library in NEEDED:
        if find_spec(library) is None:
            raise QuestionError([make("not-installed", None, library=library, command='pip install "mofan-rules[serve]"')])
    from mofan_rules.service.run import serve
    from mofan_rules.service.settings import TOKEN, Limits, Settings

    limits = Limits(
        body=round(arguments.max_body * 2**20),
        seconds=arguments.timeout,
        requests=arguments.requests,
        evaluations=arguments.evaluations or Limits().evaluations,
        sessions=arguments.sessions,
    )
    settings = Settings(
        rulesets=Path(arguments.rulesets).absolute(),
        facts=None if arguments.facts_folder is None else Path(arguments.facts_folder).absolute(),
        journals=None if arguments.journals is None else Path(arguments.journals).absolute(),
        token=os.environ.get(TOKEN, "").strip() or None,
        synchronous="FULL" if arguments.synchronous == "FULL" else "NORMAL",
        limits=limits,
    )

    def ready(address: str) -> None:
        zh = f"{address} 已就绪，说明在 {address}/docs" + ("" if settings.journals else "；没有 --journals，不提供会话")
        en = f"{address} is ready, {address}/docs tells how to ask" + ("" if settings.journals else "; no sessions without --journals")
        print(Bilingual(zh, en).of(arguments.language), file=sys.stderr, flush=True)

    serve(settings, arguments.host, arguments.port, ready)
    return ExitCode.FINE
