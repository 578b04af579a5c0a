"""`mofan watch` as a process: what it prints at once into a pipe, and how it ends."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mofan_rules.cli import main
from mofan_rules.cli.outcome import ExitCode
from tests.cli.sample import EVENTS, write_sample
from tests.cli.test_outcome import ENVIRONMENT, MOFAN
from tests.sessions.test_watching import MET


@contextmanager
def watching(folder: Path, *more: str) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """The process, and the file of the events."""
    ruleset, facts = write_sample(folder)
    command = [*MOFAN, "watch", ruleset, facts, "--as-of", "2025-01-15", "--period", "2024", "--executor", "interpreter", "--settle", "0.2", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        try:
            yield process, Path(facts, "events.csv")
        finally:
            process.kill()


def line(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The next line of JSON."""
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    assert found["format"] == "mofan-watch/1"
    return found


def test_a_pipe_has_each_turn_at_once_and_an_interrupt_is_quiet(tmp_path: Path) -> None:
    with watching(tmp_path, "--format", "json") as (process, events):
        begun = line(process)
        assert begun["counts"]["violated"] > 0
        assert (begun["flipped"], begun["rejected"]) == ([], 0)
        new = events.with_name("events.csv.new")
        new.write_text(EVENTS + MET)
        new.replace(events)
        flipped = {(one["requirement"], one["subject"], one["before"], one["after"]) for one in line(process)["flipped"]}
        assert ("meet", "b", "violated", "satisfied") in flipped
        with events.open("w") as file:  # half, and the rest within the time that it must be still
            file.write(EVENTS[:70])
            file.flush()
            time.sleep(0.05)
            file.write(EVENTS[70:])
        flipped = {(one["requirement"], one["subject"], one["before"], one["after"]) for one in line(process)["flipped"]}
        assert flipped == {("meet", "b", "satisfied", "violated"), ("meet_yearly", "b", "satisfied", "violated"), ("trial", "b", "satisfied", "violated")}
        events.parent.rename(tmp_path / "gone")
        assert [one["code"] for one in line(process)["diagnostics"]] == ["facts-no-such-file"]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (ExitCode.INTERRUPTED, "", "")


def test_people_read_a_line_for_each_flip(tmp_path: Path) -> None:
    """What is wrong goes to standard error. Nobody reads any more: it ends, and says nothing."""
    with watching(tmp_path, "--lang", "zh") as (process, events):
        assert process.stdout is not None
        assert process.stderr is not None
        assert "未达标" in process.stderr.readline()
        events.write_text(EVENTS + MET)
        shown = process.stdout.readline()
        assert "乙社 b  meet 每季度开会  2024年第一季度  未达标 → 达标" in shown
        assert "乙社 b  meet_yearly" in process.stdout.readline()
        assert "trial 试行（试行）" in process.stdout.readline()
        events.write_text(EVENTS + MET + "10,c,meeting,2024-03-03\n")
        assert "截至 2025-01-15" in process.stderr.readline()
        assert "未采纳的行：0 → 1" in process.stderr.readline()
        process.stdout.close()
        events.write_text(EVENTS)
        assert "未采纳的行：1 → 0" in process.stderr.read()
        assert process.wait(timeout=30) == ExitCode.BROKEN_PIPE


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("postgresql://somewhere/db",), "no-files-to-watch"), (("nowhere",), "facts-no-such-file"), (("nowhere", "--settle", "0"), "number from 0.01")],
)
def test_what_cannot_be_watched_is_refused(arguments: tuple[str, ...], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset, _ = write_sample(tmp_path)
    assert main(["watch", ruleset, *arguments, "--lang", "en"]) == 2
    assert code in capsys.readouterr().err
