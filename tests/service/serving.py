"""`mofan serve` as a process on a real socket, with the sample: the ruleset `ruleset` and the facts `facts`."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from mofan_rules.service.settings import TOKEN
from tests.cli.sample import write_sample
from tests.cli.test_outcome import ENVIRONMENT, MOFAN

ABOUT = {"ruleset": "ruleset", "facts_from": "facts", "as_of": "2024-12-31"}
"""What sessions and questions of the tests are about."""


class Served:
    """A running service. `folder` has the ruleset and the facts, and in `journals` what sessions leave behind."""

    def __init__(self, folder: Path, *more: str, token: str | None = None) -> None:
        self.folder = folder
        self.journals = folder / "journals"
        self.journals.mkdir(parents=True, exist_ok=True)
        if not (folder / "ruleset").exists():
            write_sample(folder)
        self.errors = folder / f"errors-{len(list(folder.glob('errors-*')))}.txt"
        arguments = ("serve", str(folder), "--facts", str(folder), "--journals", str(self.journals), "--port", "0", "--lang", "en", *more)
        environment = {name: value for name, value in ENVIRONMENT.items() if name != TOKEN} | ({} if token is None else {TOKEN: token})
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen([*MOFAN, *arguments], stdin=subprocess.DEVNULL, stderr=errors, env=environment)
        self.address = self._ready()
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self.client = httpx.Client(base_url=self.address, timeout=60, headers=headers)

    def _ready(self) -> str:
        for _ in range(1200):
            if found := re.match(r"(http\S+) is ready", self.said()):
                return found[1]
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError(self.said())

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def said(self) -> str:
        """Its standard error so far."""
        return self.errors.read_text(encoding="utf-8")

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of an answer that must be fine."""
        return fine(self.client.get(path, params=query))

    def post(self, path: str, body: object) -> Any:
        return fine(self.client.post(path, json=body))

    def session(self, name: str, **about: Any) -> Any:
        """Make a session."""
        return fine(self.client.put(f"/sessions/{name}", json=ABOUT | about))

    def metric(self, name: str) -> float:
        """The sum of a metric's numbers."""
        lines = self.client.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if re.match(rf"{name}(\{{| )", line))

    def kill(self) -> None:
        """As if the power had gone: nothing is closed."""
        self.process.kill()
        self.process.wait()

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """End it as an operator does."""
        self.process.send_signal(signal_number)
        return self.process.wait(timeout=60)

    def close(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.kill()


@contextmanager
def served(folder: Path, *more: str, token: str | None = None) -> Iterator[Served]:
    """A service, which is ended; nothing may have gone wrong inside it."""
    running = Served(folder, *more, token=token)
    try:
        yield running
    finally:
        running.close()
    assert "Traceback" not in running.said(), running.said()


def fine(response: httpx.Response) -> Any:
    """The JSON of an answer."""
    assert response.status_code in (200, 201), (response.status_code, response.text)
    return response.json()


def codes(response: httpx.Response) -> list[str]:
    """The codes of what is wrong; each diagnostic has its sentence in both languages."""
    found = response.json()["diagnostics"]
    for one in found:
        assert one["message"]["zh"]
        assert one["message"]["en"]
    return [one["code"] for one in found]


def alive(process: int) -> bool:
    """Is there such a process?"""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
