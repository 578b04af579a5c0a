"""What is wrong, as answers: diagnostics as everywhere in the library, with a status of HTTP, and with the place in the request where there is one."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from mofan_rules.diagnostics import Bilingual, Diagnostic, MofanError, Severity, Span, closest, make, same, to_json
from mofan_rules.diagnostics.diagnostic import clean
from mofan_rules.service.answers import Problems

STATUSES: dict[str, int] = {
    "malformed-body": 400,
    "not-authorized": 401,
    "wrong-host": 403,
    "no-such-page": 404,
    "no-such-session": 404,
    "wrong-method": 405,
    "too-slow": 408,
    "other-session": 409,
    "journal-in-use": 409,
    "body-too-large": 413,
    "wrong-content-type": 415,
    "defect": 500,
    "damaged-journal": 500,
    "other-journal": 500,
    "no-journal": 500,
    "cannot-write": 503,
    "session-closed": 503,
    "too-busy": 503,
    "too-many-sessions": 503,
    "took-too-long": 504,
}
"""The status of each code that has one of its own."""

OTHERWISE = 422
"""The status of all other codes: the request has the right form, and its content cannot be used."""

MOST = 100
"""Diagnostics in an answer at most."""

WANTED: tuple[tuple[str, Bilingual], ...] = (
    ("date", Bilingual("1000 到 2999 年间的日期，如 2025-01-31", "a date in the years 1000 to 2999 such as 2025-01-31")),
    ("less_than", Bilingual("1000 到 2999 年间的日期或规定范围内的数", "a date in the years 1000 to 2999, or a number in its range")),
    ("greater_than", Bilingual("1000 到 2999 年间的日期或规定范围内的数", "a date in the years 1000 to 2999, or a number in its range")),
    ("string_pattern", Bilingual("字母、数字、- 和 _", "letters, digits, `-` and `_`")),
    ("string_too", Bilingual("长短合适的文字", "a text that is neither empty nor too long")),
    ("string", Bilingual("文字", "a text")),
    ("int", Bilingual("整数", "a whole number")),
    ("bool", Bilingual("true 或 false", "true or false")),
    ("tuple", Bilingual("列表", "a list")),
    ("list", Bilingual("列表", "a list")),
    ("dict", Bilingual("若干“键: 值”", "an object")),
    ("mapping", Bilingual("若干“键: 值”", "an object")),
    ("model", Bilingual("若干“键: 值”", "an object")),
)
"""What a value should be, by the beginning of the name of the error."""


class Refused(Exception):
    """A request that is not answered, for reasons of the service itself."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


def answer(diagnostics: Sequence[Diagnostic], places: Sequence[str | None] = (), root: Path | None = None) -> JSONResponse:
    """The answer that tells diagnostics; the first has the status.

    Parameters
    ----------
    places: where in the request each is, as far as that is known.
    root: the folder of rulesets: files in it are named from there.
    """
    shown = [_data(one, places[number] if number < len(places) else None, root) for number, one in enumerate(diagnostics[:MOST])]
    errors = [one for one in diagnostics if one.severity is Severity.ERROR] or diagnostics
    status = next((STATUSES[one.code] for one in errors if one.code in STATUSES), OTHERWISE)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}.get(status)
    return JSONResponse({"diagnostics": shown}, status, headers)


def _data(diagnostic: Diagnostic, at: str | None, root: Path | None) -> dict[str, Any]:
    found = {**to_json(diagnostic), "at": at}
    file = found["file"]
    if isinstance(file, str) and root is not None and Path(file).is_relative_to(root):
        found["file"] = str(Path(file).relative_to(root))
    return found


def told(*codes: str) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI document: the statuses that an operation may answer with beside what it is for."""
    always = ("not-authorized", "wrong-host", "defect", "too-busy", "took-too-long", "too-slow")
    statuses = sorted({OTHERWISE, *(STATUSES[code] for code in (*always, *codes))})
    return {status: {"model": Problems} for status in statuses}


def handle(app: FastAPI, root: Path) -> None:
    """Let an application answer every error in this form."""

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refused)
        return answer([error.diagnostic])

    async def wrong(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, MofanError)
        return answer(list(getattr(error, "diagnostics", ())) or [make("defect", None)], (), root)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        found = list(_found(error, request))
        return answer([one for one, _ in found], [at for _, at in found])

    async def other(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        response = answer([_of_status(error, request)])
        response.headers.update(error.headers or {})
        return response

    async def defect(request: Request, error: Exception) -> JSONResponse:
        return answer([make("defect", None)])

    for kind, handler in ((Refused, refused), (MofanError, wrong), (RequestValidationError, invalid), (HTTPException, other), (Exception, defect)):
        app.add_exception_handler(kind, handler)


def _of_status(error: HTTPException, request: Request) -> Diagnostic:
    path = request.url.path
    match error.status_code:
        case 404:
            return make("no-such-page", None, path=path)
        case 405:
            return make("wrong-method", None, path=path, method=request.method)
        case 413:
            return make("body-too-large", None, most=error.detail)
        case _:
            return make("malformed-body", None, problem=same("it cannot be read"))


def _found(error: RequestValidationError, request: Request) -> Iterable[tuple[Diagnostic, str]]:
    for detail in error.errors():
        kind = str(detail["type"])
        at = ".".join(clean(str(step)) for step in detail["loc"])
        if kind == "json_invalid":
            yield make("malformed-body", _place(str(error.body), int(detail["loc"][-1])), problem=same(str(detail["ctx"]["error"]))), "body"
        elif kind == "missing":
            yield make("missing-field", None, at=at), at
        elif kind == "extra_forbidden":
            yield make("unknown-field", None, at=at), at
        elif isinstance(error.body, bytes) and detail["loc"] == ("body",):
            yield make("wrong-content-type", None), at
        else:
            yield make("wrong-field", None, at=at, wanted=_wanted(kind, detail), suggestions=_near(detail)), at


def _place(text: str, position: int) -> Span:
    """Where in the body it is no JSON."""
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return Span("body", line, column, line, column)


def _wanted(kind: str, detail: Mapping[str, Any]) -> Bilingual:
    if "expected" in detail.get("ctx", {}):
        return same(str(detail["ctx"]["expected"]))
    if "expected_tags" in detail.get("ctx", {}):
        return same(str(detail["ctx"]["expected_tags"]))
    return next((words for beginning, words in WANTED if kind.startswith(beginning)), same(clean(str(detail["msg"]))))


def _near(detail: Mapping[str, Any]) -> tuple[str, ...]:
    """What was probably meant by a word that is none of those that can be."""
    expected = str(detail.get("ctx", {}).get("expected", ""))
    given = detail.get("input")
    return closest(given, expected.replace("'", "").replace(" or ", ", ").split(", ")) if isinstance(given, str) and "'" in expected else ()
