"""Who may ask, how much, how long, how many at a time; and how the service begins and ends."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from mofan_rules.cli import main
from mofan_rules.cli import serve as command
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.service.hosts import host_of, is_loopback, leads_home
from mofan_rules.service.settings import TOKEN
from tests.cli.sample import write_sample
from tests.service.serving import ABOUT, Served, codes, served

SECRET = "a long and secret token"
ONCE = """
requirements:
  - {id: once, kind: occurrence, subject: club, event: meeting, once: {from: 2024-01-01, until: 2999-12-31}, at_least: 99, modality: must}
"""
TIGHT = ("--timeout", "3", "--requests", "6", "--sessions", "1", "--evaluations", "1", "--max-body", "0.02")


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with a token and narrow limits, and a ruleset of which a forecast can take as long as anybody likes."""
    folder = tmp_path_factory.mktemp("served")
    ruleset, _ = write_sample(folder)
    Path(ruleset, "once.yaml").write_text(ONCE)
    with served(folder, *TIGHT, token=SECRET) as running:
        about = ABOUT | {"as_of": "2024-05-15", "executor": "interpreter"}
        assert any(running.client.put("/sessions/live", json=about).status_code in (200, 201) for _ in range(10))
        yield running


def settled(service: Served, metric: str, wanted: float) -> bool:
    """Does a number of the service come to be what it should?"""
    for _ in range(200):
        if service.metric(metric) == wanted:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", f"Basic {SECRET}", f"Bearer {SECRET}x", "Bearer \xe9"])
@pytest.mark.parametrize("path", ["/metrics", "/sessions", "/sessions/live/changes", "/evaluate", "/nowhere"])
def test_without_the_token_nothing_is_said(tight: Served, header: str | None, path: str) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = httpx.get(tight.address + path, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, codes(answer)) == (401, ["not-authorized"])
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_health_and_the_document_need_no_token(tight: Served) -> None:
    for path in ("/health", "/openapi.json", "/docs", "/static-offline-docs/swagger-ui.css"):
        assert httpx.get(tight.address + path).status_code == 200
    assert httpx.get(tight.address + "/healthy").status_code == 401
    assert tight.client.get("/sessions", headers={"Authorization": f"bearer {SECRET}"}).status_code == 200
    document = tight.get("/openapi.json")
    assert document["paths"]["/evaluate"]["post"]["security"] == [{"HTTPBearer": []}]
    assert "security" not in document["paths"]["/health"]["get"]


def test_with_a_token_any_host_is_answered(tight: Served) -> None:
    assert tight.client.get("/sessions", headers={"Host": "compliance.example"}).status_code == 200


def test_a_body_that_is_too_large_is_refused(tight: Served) -> None:
    """Told before it comes, where its length is told; and where it is not, as soon as there is too much."""
    large = json.dumps(ABOUT | {"facts": {"events": [{"kind": "x" * 1000}] * 30}}).encode()
    answer = tight.client.post("/evaluate", content=large, headers={"Content-Type": "application/json"})
    assert (answer.status_code, codes(answer)) == (413, ["body-too-large"])
    assert "20972" in answer.json()["diagnostics"][0]["message"]["en"]
    chunks = (large[place : place + 1000] for place in range(0, len(large), 1000))
    answer = tight.client.post("/evaluate", content=chunks, headers={"Content-Type": "application/json"})
    assert (answer.status_code, codes(answer)) == (413, ["body-too-large"])


def test_a_body_that_does_not_come_is_not_waited_for(tight: Served) -> None:
    with socket.create_connection(("127.0.0.1", tight.port), timeout=30) as connection:
        connection.sendall(f"POST /evaluate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SECRET}\r\nContent-Length: 10\r\n\r\n{{".encode())
        answer = connection.makefile("rb").readline()
    assert answer.split()[1] == b"408"


def judged(service: Served, asked: dict[str, str]) -> bool:
    """Is a question answered? A process that begins may need more than the time there is where others need the processors too."""
    return any(service.client.post("/evaluate", json=asked).status_code == 200 for _ in range(10))


def children(process: int) -> set[int]:
    """The processes that a process has begun."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return {int(one) for one in found.stdout.split()}


def test_what_takes_too_long_is_given_up(tight: Served) -> None:
    """The process that evaluates is killed, and the next question has one of its own. A session stops between two days; nobody waits for it longer."""
    asked = ABOUT | {"as_of": "2024-05-15", "executor": "interpreter"}
    assert judged(tight, asked)
    before = children(tight.process.pid)
    assert len(before) == 1
    answer = tight.client.post("/due", json=asked | {"until": "2999-12-31"})
    assert (answer.status_code, codes(answer)) == (504, ["took-too-long"])
    assert settled(tight, "mofan_evaluations_running", 0)
    assert judged(tight, asked)
    assert children(tight.process.pid).isdisjoint(before)
    answer = tight.client.get("/sessions/live/due", params={"until": "2999-12-31"})
    assert (answer.status_code, codes(answer)) == (504, ["took-too-long"])
    event = {"id": "after", "organization": "b", "kind": "meeting", "date": "2024-05-05"}
    assert tight.post("/sessions/live/facts", {"events": [event]})["changes"]


def test_too_many_requests_at_a_time_are_told_to_come_back(tight: Served) -> None:
    """Listeners count; when they go, others are answered."""
    with ExitStack() as open_streams:
        for _ in range(6):
            open_streams.enter_context(tight.client.stream("GET", "/sessions/live/changes"))
        answer = tight.client.get("/sessions")
        assert (answer.status_code, codes(answer)) == (503, ["too-busy"])
        assert answer.headers["Retry-After"] == "1"
    for _ in range(200):
        if (answer := tight.client.get("/sessions")).status_code == 200:
            break
        time.sleep(0.05)
    assert answer.json() == ["live"]


def test_a_listener_may_stay_longer_than_a_request(tight: Served) -> None:
    with tight.client.stream("GET", "/sessions/live/changes") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: begin"
        time.sleep(3.5)
        event = {"id": "late", "organization": "b", "kind": "meeting", "date": "2024-01-05"}
        tight.post("/sessions/live/facts", {"events": [event]})
        assert "event: changes" in (next(lines) for _ in range(20))


def test_no_more_sessions_are_opened_than_allowed(tight: Served) -> None:
    answer = tight.client.put("/sessions/other", json=ABOUT)
    assert (answer.status_code, codes(answer)) == (503, ["too-many-sessions"])
    assert tight.get("/sessions") == ["live"]


def test_without_a_token_only_this_machine_is_answered(tmp_path: Path) -> None:
    """Also through the browser of somebody on it: a name that leads here is not enough. An interrupt ends listeners, sessions and processes."""
    with served(tmp_path) as service:
        answer = service.client.get("/sessions", headers={"Host": "compliance.example"})
        assert (answer.status_code, codes(answer)) == (403, ["wrong-host"])
        for host in ("localhost", "127.0.0.1:80", "[::1]:80"):
            assert service.client.get("/sessions", headers={"Host": host}).status_code == 200
        service.session("live")
        service.post("/evaluate", ABOUT)
        begun = children(service.process.pid)
        assert begun
        with service.client.stream("GET", "/sessions/live/changes") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: begin"
            started = time.monotonic()
            assert service.stop(signal.SIGINT) == ExitCode.INTERRUPTED
            assert list(lines)[-1:] in ([], [""])
        assert time.monotonic() - started < 9
        assert service.said().count("\n") == 1
        for _ in range(100):
            if not any(Path(f"/proc/{one}").exists() for one in begun):
                break
            time.sleep(0.05)
        assert not any(Path(f"/proc/{one}").exists() for one in begun)
        with pytest.raises(httpx.TransportError):
            service.client.get("/health")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["serve", *arguments, "--lang", "en"]) == ExitCode.WRONG_INPUT
    return capsys.readouterr().err


def test_it_does_not_begin_where_it_must_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(TOKEN, "  ")
    write_sample(tmp_path)
    for host in ("0.0.0.0", "::", ""):
        assert "token-needed" in refused(capsys, str(tmp_path), "--host", host)
    assert "no-such-folder" in refused(capsys, str(tmp_path / "nowhere"))
    assert "no-such-folder" in refused(capsys, str(tmp_path), "--journals", str(tmp_path / "nowhere"))
    assert "cannot-listen" in refused(capsys, str(tmp_path), "--host", "no.such.host.invalid")
    assert "cannot-listen" in refused(capsys, str(tmp_path), "--port", "70000")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "cannot-listen" in refused(capsys, str(tmp_path), "--port", str(taken.getsockname()[1]))
    for option in (("--requests", "0"), ("--timeout", "nan"), ("--max-body", "-1"), ("--synchronous", "OFF")):
        assert option[0] in refused(capsys, str(tmp_path), *option)


def test_without_the_extra_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert 'pip install "mofan-rules[serve]"' in refused(capsys, str(tmp_path))


def test_which_hosts_are_this_machine() -> None:
    assert [is_loopback(host) for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1", "LOCALHOST")] == [True] * 5
    assert [is_loopback(host) for host in ("", "0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.0.0.1.example")] == [False] * 6
    assert [host_of(header) for header in ("a", "a:80", "[::1]:80", "[::1]", "")] == ["a", "a", "::1", "::1", ""]
    assert leads_home("localhost")
    assert not leads_home("0.0.0.0")
    assert not leads_home("")
