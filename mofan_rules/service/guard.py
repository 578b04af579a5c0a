"""What stands before every request: who may ask, how much at a time, how large a body, how long it may take; and the counting of it all."""

import asyncio
import hmac
from time import perf_counter

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mofan_rules.diagnostics import Diagnostic, make
from mofan_rules.service.hosts import host_of, is_loopback
from mofan_rules.service.metrics import Metrics
from mofan_rules.service.problems import answer
from mofan_rules.service.settings import Settings

OPEN = ("/health", "/openapi.json", "/docs")
OPEN_FOLDER = "/static-offline-docs/"
"""What needs no token: whether it answers, and how it is to be asked."""

STREAM = b"text/event-stream"
"""Answers of this type last as long as somebody listens."""


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._limits = settings.limits
        self._token = None if settings.token is None else settings.token.encode()
        self._metrics = metrics
        self._now = 0
        metrics.watch("mofan_requests_in_progress", "requests that are being answered, listeners among them", lambda: self._now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, receive, send, self._limits.body)
        self._now += 1
        try:
            await self._answered(request)
        finally:
            self._now -= 1
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.requests.labels(scope["method"] if route != "none" else "any", route, request.status).inc()
            if not request.lasting:
                self._metrics.seconds.labels(route).observe(perf_counter() - request.begun)

    async def _answered(self, request: "_Request") -> None:
        if (refused := self._refusal(request)) is not None:
            await request.refuse(refused)
            return
        try:
            async with asyncio.timeout(self._limits.seconds) as timeout:
                request.timeout = timeout
                await self._app(request.scope, request.receive, request.send)
        except TimeoutError:
            if not timeout.expired() or request.status:
                raise  # not ours, or too late to say so: the connection is cut
            code = "took-too-long" if request.complete else "too-slow"
            await request.refuse(make(code, None, seconds=f"{self._limits.seconds:g}"))

    def _refusal(self, request: "_Request") -> Diagnostic | None:
        """Why a request is not even looked at."""
        headers = Headers(scope=request.scope)
        if self._now > self._limits.requests:
            return make("too-busy", None)
        if self._token is None:
            if not is_loopback(host_of(headers.get("host", ""))):
                return make("wrong-host", None, host=headers.get("host", ""))
        elif not _is_open(request.scope["path"]) and not self._bears_token(headers):
            return make("not-authorized", None)
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._limits.body:
            return make("body-too-large", None, most=self._limits.body)
        return None

    def _bears_token(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        assert self._token is not None
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), self._token)


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_FOLDER)


class _Request:
    """A request on its way: how much of its body has come, and whether an answer has begun."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        self.scope = scope
        self.begun = perf_counter()
        headers = Headers(scope=scope)
        self.complete = "transfer-encoding" not in headers and headers.get("content-length", "0") == "0"
        self.lasting = False
        self.status = ""
        self.timeout: asyncio.Timeout | None = None
        self._receive = receive
        self._send = send
        self._left = most
        self._most = most

    async def receive(self) -> Message:
        """What comes, up to the limit."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise HTTPException(413, str(self._most))
            self.complete = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """What goes. For a stream the time no longer counts."""
        if message["type"] == "http.response.start":
            self.status = str(message["status"])
            if dict(message["headers"]).get(b"content-type", b"").startswith(STREAM) and self.timeout is not None:
                self.lasting = True
                self.timeout.reschedule(None)
        await self._send(message)

    async def refuse(self, diagnostic: Diagnostic) -> None:
        """Answer with what is wrong."""
        await answer([diagnostic])(self.scope, self._receive, self.send)
