"""The server: an application on a socket, until somebody ends it."""

import socket
from collections.abc import Callable

import uvicorn

from mofan_rules.diagnostics import QuestionError, make, same
from mofan_rules.service.application import application
from mofan_rules.service.hosts import leads_home
from mofan_rules.service.service import Service
from mofan_rules.service.settings import TOKEN, Settings

BACKLOG = 4096
"""Connections that may wait to be taken."""
GRACE = 10
"""Seconds that requests may still take when the service is to end."""
FILES = 65_536
"""Files and connections that the process may have open, as far as the system allows."""


def serve(settings: Settings, host: str, port: int, ready: Callable[[str], object]) -> None:
    """Answer requests until the process is told to end (SIGINT, SIGTERM); then finish those that have begun, and close the sessions.

    Parameters
    ----------
    port: 0 takes one that is free.
    ready: is told the address when requests are answered.

    Raises
    ------
    QuestionError: if nobody may listen there without a token, a folder is missing, or the address cannot be had.
    """
    for folder in (settings.rulesets, settings.facts, settings.journals):
        if folder is not None and not folder.is_dir():
            raise QuestionError([make("no-such-folder", None, path=str(folder))])
    listening = _listen(settings, host, port)
    _allow_files()
    service = Service.of(settings)
    config = uvicorn.Config(
        application(service), backlog=BACKLOG, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE, server_header=False, ws="none"
    )
    with listening:
        _Server(config, service, lambda: ready(_address(listening))).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that says when it is ready, and that ends the streams of changes when it is told to end."""

    def __init__(self, config: uvicorn.Config, service: Service, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._service = service
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._service.sessions is not None:
            self._service.sessions.end_streams()
        await super().shutdown(sockets)


def _listen(settings: Settings, host: str, port: int) -> socket.socket:
    try:
        if settings.token is None and not leads_home(host):
            raise QuestionError([make("token-needed", None, host=host, variable=TOKEN)])
        if not 0 <= port < 65_536:
            raise OSError("a port is a number from 0 to 65535")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        raise QuestionError([make("cannot-listen", None, address=f"{host}:{port}", reason=same(str(error)))]) from error


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _allow_files() -> None:
    """Each connection is a file: systems allow many, and give few to those who do not ask."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
