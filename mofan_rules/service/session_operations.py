"""The operations on sessions: facts that come one by one, and the changes that each brings."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from itertools import islice
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mofan_rules.diagnostics import make
from mofan_rules.service.answers import Changes, DerivedFacts, Explanation, Forecast, SessionState, Verdicts
from mofan_rules.service.live import Live, Sessions
from mofan_rules.service.models import Advance, Correction, Day, FactTables, Name, Period, SessionName, SessionRequest, State, Withdrawal
from mofan_rules.service.operations import JSON
from mofan_rules.service.problems import Refused, told
from mofan_rules.service.service import Service
from mofan_rules.service.work import as_bytes
from mofan_rules.sessions import Session
from mofan_rules.sessions.as_json import changes_data, derived_data, forecast_data, verdict_data
from mofan_rules.sessions.changes import Changes as Found
from mofan_rules.verdicts.table import Verdict

READ = told("no-such-session", "journal-in-use")
WRITE = told("no-such-session", "journal-in-use", "malformed-body", "body-too-large", "wrong-content-type")
MOST = 10_000
"""Verdicts in one answer at most."""


def session_operations(service: Service, sessions: Sessions) -> APIRouter:
    """Make a session, record, correct, withdraw, advance; read verdicts, explanations and what falls due; listen to changes."""
    router = APIRouter(tags=["sessions"])

    async def opened(name: Annotated[SessionName, Path()]) -> Live:
        return await sessions.get(name)

    Opened = Annotated[Live, Depends(opened)]

    def brought(found: Found) -> Response:
        service.metrics.recorded.inc(len(found.ids))
        service.metrics.changed.inc(len(found))
        return Response(as_bytes(changes_data(found)), media_type=JSON)

    @router.get("/sessions", responses=told())
    async def names() -> tuple[str, ...]:
        """The names of all sessions."""
        return tuple(sessions.names())

    @router.put(
        "/sessions/{name}",
        response_model=SessionState,
        responses={201: {"model": SessionState}, **told("other-session", "malformed-body", "body-too-large", "wrong-content-type")},
    )
    async def make_session(name: Annotated[SessionName, Path()], about: SessionRequest, response: Response) -> SessionState:
        """Make a session, with a journal of its own. Where there is one about the same, it is left as it is, on the as-of date where it stands."""
        live, made = await sessions.make(name, about)
        response.status_code = 201 if made else 200
        return await state_of(live)

    @router.get("/sessions/{name}", responses=READ)
    async def state(live: Opened) -> SessionState:
        """What a session is about, and how far it is."""
        return await state_of(live)

    async def state_of(live: Live) -> SessionState:
        recorded = await live.call(lambda session: session.recorded)
        return SessionState(name=live.name, recorded=recorded, **{**live.about.model_dump(), "facts": None})

    @router.post("/sessions/{name}/facts", response_model=Changes, responses=WRITE)
    async def record(live: Opened, facts: FactTables) -> Response:
        """Take facts: all of them, or none. They stand in the journal before this is answered. Give ids of your own: an exact repetition counts once."""
        given = [fact for table in facts.tables().values() for fact in table]
        return brought(await live.call(lambda session: session.record_many(given)))

    @router.post("/sessions/{name}/corrections", response_model=Changes, responses=WRITE)
    async def correct(live: Opened, correction: Correction) -> Response:
        """Take a fact in the place of another, which no longer counts."""
        return brought(await live.call(lambda session: session.correct(correction.id, correction.fact)))

    @router.post("/sessions/{name}/withdrawals", response_model=Changes, responses=WRITE)
    async def withdraw(live: Opened, withdrawal: Withdrawal) -> Response:
        """Let a fact count no longer."""
        return brought(await live.call(lambda session: session.withdraw(withdrawal.id, withdrawal.table)))

    @router.post("/sessions/{name}/advance", response_model=Changes, responses=WRITE)
    async def advance(live: Opened, to: Advance) -> Response:
        """Move the as-of date: the verdicts that change by the passing of time."""
        return brought(await live.call_and_keep(lambda session: session.advance(to.as_of)))

    @router.get("/sessions/{name}/verdicts", response_model=Verdicts, responses=READ)
    async def verdicts(
        live: Opened,
        organization: Annotated[Name | None, Query()] = None,
        requirement: Annotated[Name | None, Query()] = None,
        state: Annotated[State | None, Query()] = None,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 1000,
    ) -> Response:
        """Rows of the verdict table, in its order: all, or those of an organization, of a requirement, in a state."""
        wanted = {"subject": organization, "requirement": requirement, "state": state}
        return Response(await live.call(lambda session: _rows(session, wanted, offset, limit)), media_type=JSON)

    @router.get("/sessions/{name}/derived", response_model=DerivedFacts, responses=READ)
    async def derived(live: Opened) -> Response:
        """The facts that follow from the verdicts: reminders, talks, escalations."""

        def found(session: Session) -> bytes:
            return as_bytes({"as_of": session.as_of.isoformat(), "derived": [derived_data(fact) for fact in session.derived()]})

        return Response(await live.call(found), media_type=JSON)

    @router.get("/sessions/{name}/explain", response_model=Explanation, responses=READ)
    async def explain(
        live: Opened,
        organization: Annotated[Name, Query()],
        requirement: Annotated[Name, Query()],
        window: Annotated[Period | None, Query()] = None,
        key: Annotated[Name | None, Query()] = None,
    ) -> Response:
        """Why one verdict is what it is, down to the rows of facts."""

        def explained(session: Session) -> bytes:
            found = session.explain(organization, requirement, window, key)
            return as_bytes({"explanation": found.data(), "text": {"zh": found.text("zh"), "en": found.text("en")}})

        return Response(await live.call(explained), media_type=JSON)

    @router.get("/sessions/{name}/due", response_model=Forecast, responses=READ)
    async def due(live: Opened, until: Annotated[Day, Query()]) -> Response:
        """What is pending, the day on which that changes if nothing happens, and what it becomes."""
        limit = service.settings.limits.seconds

        def forecast(session: Session) -> bytes:
            ends = monotonic() + limit

            def in_time(day: date) -> None:
                if monotonic() > ends:  # nobody waits any more, and others wait for the session
                    raise Refused(make("took-too-long", None, seconds=f"{limit:g}"))

            return as_bytes(forecast_data(session.as_of, until, session.due(until, in_time)))

        return Response(await live.call(forecast), media_type=JSON)

    @router.get("/sessions/{name}/changes", response_class=EventSourceResponse, responses=READ)
    async def changes(live: Opened, last_event_id: Annotated[str | None, Header()] = None) -> AsyncIterator[ServerSentEvent]:
        """Server-sent events: `begin`, then `changes` as recording answers them. With `Last-Event-ID` it goes on behind that one; `lost` says that there was
        more than is kept, and that the verdicts are to be read again."""
        async for one in live.stream.listen(last_event_id):
            yield ServerSentEvent(event=one.event, id=one.id, data=one.data)

    return router


def _rows(session: Session, wanted: dict[str, Any], offset: int, limit: int) -> bytes:
    asked = {name: value for name, value in wanted.items() if value is not None}

    def chosen() -> Iterator[Verdict]:
        return (row for row in session.verdicts().rows() if all(getattr(row, name) == value for name, value in asked.items()))

    total = sum(1 for _ in chosen()) if asked else len(session.verdicts())
    rows = [verdict_data(row) for row in islice(chosen(), offset, offset + limit)]
    return as_bytes({"as_of": session.as_of.isoformat(), "total": total, "offset": offset, "verdicts": rows})
