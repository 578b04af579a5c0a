"""The service over real sockets: many connections at a time, what is no HTTP, what breaks off, and a process that is killed.

`pytest tests/service --connections 1000 --kills 50` opens and kills more than CI does, which has two processors and other things to do.
"""

import asyncio
import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

import mofan_rules as mr
from mofan_rules.sessions.as_json import verdict_data
from mofan_rules.sessions.journal import Journal
from mofan_rules.sessions.recorded import Columns, Recorded
from tests.service.serving import ABOUT, Served, codes, fine, served

KILLS = 2


def event(identifier: str, number: int = 0) -> dict[str, Any]:
    """A meeting of one of the two clubs, on some day of 2024."""
    return {"id": identifier, "organization": "ab"[number % 2], "kind": "meeting", "date": f"2024-{number // 2 % 12 + 1:02}-{number % 28 + 1:02}"}


def batch(service: Served, name: str) -> list[dict[str, Any]]:
    """The verdicts of a batch run on what stands in the journal of a session of a service that has ended."""
    ruleset = mr.load_ruleset(service.folder / "ruleset")
    recorded = Recorded(Columns(ruleset.program.vocabulary))
    journal = Journal(service.journals / f"{name}.db", "NORMAL", "sample")
    for table, row in journal.entries():
        recorded.add(table, row)
    journal.close()
    facts = recorded.facts(mr.load_facts(service.folder / "facts"))
    return [verdict_data(row) for row in mr.evaluate(ruleset, facts, ABOUT["as_of"], executor="interpreter").verdicts.rows()]


def ids(service: Served, name: str) -> list[str]:
    """The ids in the journal of a session of a service that has ended."""
    journal = Journal(service.journals / f"{name}.db", "NORMAL", "sample")
    found = [str(row["id"]) for _, row in journal.entries()]
    journal.close()
    return found


def posted(body: object, path: str = "/sessions/many/facts") -> bytes:
    """A request, as bytes."""
    text = json.dumps(body).encode()
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text


async def answered(reader: asyncio.StreamReader) -> tuple[int, Any]:
    """The status and the JSON of an answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    return int(head.split()[1]), json.loads(await reader.readexactly(length))


async def heard(reader: asyncio.StreamReader) -> set[str]:
    """The ids of the facts that a listener is told of, until the stream ends."""
    found: set[str] = set()
    while line := await reader.readline():
        if line.startswith(b"data: "):
            found |= set(json.loads(line[6:]).get("ids", ()))
    return found


def test_many_connections_at_a_time(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """All are open before the first one asks; each records a fact, all are answered, none is lost, and every listener hears of each that changed a verdict."""
    number = request.config.getoption("--connections")
    with served(tmp_path) as service:
        service.session("many")

        async def run() -> tuple[list[tuple[int, Any]], list[set[str]], list[dict[str, Any]]]:
            listeners = [await asyncio.open_connection("127.0.0.1", service.port) for _ in range(5)]
            for _, writer in listeners:
                writer.write(b"GET /sessions/many/changes HTTP/1.1\r\nHost: localhost\r\n\r\n")
            for reader, _ in listeners:
                await reader.readuntil(b"event: begin\n")
            hearing = [asyncio.ensure_future(heard(reader)) for reader, _ in listeners]
            connections = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", service.port) for _ in range(number)))
            for place, (_, writer) in enumerate(connections):
                writer.write(posted({"events": [event(f"n{place}", place)]}))
            answers = await asyncio.gather(*(answered(reader) for reader, _ in connections))
            async with httpx.AsyncClient(base_url=service.address) as client:
                found = (await client.get("/sessions/many/verdicts", params={"limit": 10_000})).json()["verdicts"]
            for _, writer in connections:
                writer.close()
                await writer.wait_closed()
            service.process.send_signal(signal.SIGTERM)
            told = [await asyncio.wait_for(one, 60) for one in hearing]  # they end when the service does
            for _, writer in listeners:
                writer.close()
                await writer.wait_closed()
            return answers, told, found

        answers, told, found = asyncio.run(run())
        assert service.process.wait(timeout=60) == -signal.SIGTERM
        assert {status for status, _ in answers} == {200}
        recorded = sorted(identifier for _, answer in answers for identifier in answer["ids"])
        assert recorded == sorted(ids(service, "many")) == sorted(f"n{place}" for place in range(number))
        changed = {identifier for _, answer in answers if answer["changes"] for identifier in answer["ids"]}
        assert len(changed) == 12 + 8  # the first meeting of club `b` in each month, and of club `a` in those in which it had not met
        assert told == [changed] * 5
        assert found == batch(service, "many")


MALFORMED = {
    "nothing": b"",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "a header without an end": b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000,
    "a length that is none": b"POST /evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n{}",
    "two lengths": b"POST /evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 30\r\n\r\n{}",
    "a chunk that is none": b"POST /evaluate HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "a body that breaks off": b"POST /evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
    "a path that is none": b"GET /sessions/%ff%00/verdicts HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_request_harms_nobody(service: Served, sent: bytes) -> None:
    """The connection ends, or is answered with a client's error; everybody else is answered as before."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65536)
        except ConnectionError:
            answer = b""
    assert not answer or answer.split()[1][:1] == b"4", answer
    assert service.get("/health")["status"] == "ok"


DEEP = b"[" * 100_000
BODIES = {
    "no JSON": (b"ruleset=x", "malformed-body"),
    "empty": (b"", "missing-field"),
    "no UTF-8": (b'{"ruleset": "\xff\xfe"}', "malformed-body"),
    "too deep": (DEEP, "malformed-body"),
    "a number of 5,000 digits": (b'{"ruleset": ' + b"9" * 5000 + b"}", "malformed-body"),
    "half a character": (b'{"ruleset": "\\ud800", "as_of": "2024-12-31"}', "wrong-field"),
    "half a character as a key": (b'{"ruleset": "ruleset", "as_of": "2024-12-31", "\\ud800": 1}', "wrong-field"),
    "not a number": (b'{"ruleset": NaN, "as_of": Infinity}', "wrong-field"),
    "a key twice": (b'{"ruleset": 1, "ruleset": 2, "as_of": "2024-12-31"}', "wrong-field"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES)
def test_a_malformed_body_is_told(service: Served, body: bytes, code: str) -> None:
    answer = service.client.post("/evaluate", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert codes(answer)[0] == code


def test_hostile_cells_are_rejected_rows(service: Served) -> None:
    """They are admission's business, and come back as they can be written."""
    cells = {"kind": "meeting", "date": "2024-02-30", "expected": 10**4000, "attended": "1e999", "held": "\0", "organization": "b\u202e"}
    given = {"organizations": [{"id": "b", "kind": "club"}], "events": [cells, {"kind": "'; DROP TABLE events", "organization": "b", "date": "x" * 10_000}]}
    found = service.post("/evaluate", {"ruleset": "ruleset", "as_of": "2024-12-31", "facts": given})
    assert found["facts"]["rows"]["events"] == {"read": 2, "admitted": 0, "rejected": 2}
    service.session("hostile")
    assert len(service.post("/sessions/hostile/facts", {"events": given["events"]})["rejected"]) == 2


def test_what_breaks_off_is_recorded_whole_or_not_at_all(service: Served) -> None:
    """Half a body is nothing; a body that has come is recorded, whether or not anybody waits for the answer; a listener that goes is forgotten."""
    service.session("broken")
    whole = posted({"events": [event("kept", 3)]}, "/sessions/broken/facts")
    half = posted({"events": [event("lost", 4)]}, "/sessions/broken/facts")[:-10]
    for sent in (half, whole):
        with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
            connection.sendall(sent)
    for _ in range(200):
        if service.get("/sessions/broken")["recorded"]:
            break
        time.sleep(0.05)
    assert service.get("/sessions/broken")["recorded"] == 1
    with service.client.stream("GET", "/sessions/broken/changes") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: begin"
        assert service.metric("mofan_listeners") == 1
    for _ in range(200):
        if not service.metric("mofan_listeners"):
            break
        time.sleep(0.05)
    assert service.metric("mofan_listeners") == 0


def test_a_listener_goes_on_where_it_was(service: Served) -> None:
    service.session("heard")

    def first(after: str | None, number: int) -> list[str]:
        headers = {} if after is None else {"Last-Event-ID": after}
        with service.client.stream("GET", "/sessions/heard/changes", headers=headers) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = (line for line in stream.iter_lines() if line and not line.startswith(":"))
            return [next(lines) for _ in range(3 * number)]

    begin = first(None, 1)
    after = begin[2].removeprefix("id: ")
    told = [service.post("/sessions/heard/facts", {"events": [event(f"n{place}", place)]}) for place in (1, 3)]
    lines = first(after, 2)
    assert [lines[0], lines[3]] == ["event: changes"] * 2
    assert [json.loads(line.removeprefix("data: ")) for line in (lines[1], lines[4])] == told
    assert first("elsewhere-7", 1)[0] == "event: lost"


def test_a_service_that_is_killed_has_lost_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Killed at random moments while several clients record: what was acknowledged is there, nothing is there twice, and the verdicts are those of a batch run.
    The sessions open again by themselves, on the day to which they were moved; a client that was not answered records the same fact again."""
    random = Random(7)
    acknowledged: set[str] = set()
    unsure: list[dict[str, Any]] = []
    repeated = 0

    def record(service: Served, first: int) -> None:
        with httpx.Client(base_url=service.address, timeout=60) as client:
            for number in range(first, first + 1000):
                fact = event(f"n{number}", number)
                try:
                    found = fine(client.post("/sessions/live/facts", json={"events": [fact]}))
                except httpx.TransportError:
                    unsure.append(fact)
                    return
                acknowledged.update(found["ids"])

    for death in range(request.config.getoption("--kills") or KILLS):
        service = Served(tmp_path)
        if death == 0:
            service.session("live", as_of="2024-11-30")
            service.post("/sessions/live/advance", {"as_of": ABOUT["as_of"]})
        assert service.get("/sessions/live")["as_of"] == ABOUT["as_of"]
        for fact in unsure:
            acknowledged.update(service.post("/sessions/live/facts", {"events": [fact]})["ids"])
        unsure.clear()
        with ThreadPoolExecutor(3) as pool:
            running = [pool.submit(record, service, death * 10_000 + place * 1000) for place in range(3)]
            enough = len(acknowledged) + random.randint(10, 60)
            while len(acknowledged) < enough and not all(one.done() for one in running):
                time.sleep(0.002)
            time.sleep(random.uniform(0, 0.02))
            service.kill()
            for one in running:
                one.result()
        service.close()
        written = ids(service, "live")
        assert acknowledged <= set(written)
        repeated += len(unsure)
        assert len(written) - len(set(written)) <= repeated  # only what was sent again can stand there again, and counts once
    assert len(acknowledged) > 20
    with served(tmp_path) as service:
        found = service.get("/sessions/live/verdicts", limit=10_000)["verdicts"]
        service.stop()
        assert found == batch(service, "live")
