"""Progress: on a terminal by pass, nothing in a pipe; an interrupted command leaves nothing half-written."""

import io
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mofan_rules.cli import progress as shown
from mofan_rules.cli.progress import PASSES, progress, told

ROOT = Path(__file__).parents[2]
RULESET, FACTS = ROOT / "rulesets" / "mofan", ROOT / "rulesets" / "mofan" / "example"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_left_is_estimated_once_something_can_be_said() -> None:
    assert told("run", 0.0, 1.0, "en") == "judging …"
    assert told("run", 0.0, 9.6, "en") == "judging … 10 s"
    assert told("admit", 0.25, 10.0, "en") == "admitting facts … 25%, about 30 s left"
    assert told("admit", 0.25, 10.0, "zh") == "核对数据 … 25%，还需约 30 秒"


def test_a_terminal_sees_the_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(shown, "DELAY", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    with progress("en") as line:
        line.step("admit")
        assert isinstance(line, shown._Line)
        line._timer.join()
    assert "admitting facts" in terminal.getvalue()


def test_quick_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(shown, "DELAY", 1000.0)
    with progress("en") as line:
        line.step("admit")
    assert terminal.getvalue() == ""


def started(*arguments: object, **streams: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mofan_rules", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TERM": "xterm", "COLUMNS": "100"}, stdout=subprocess.PIPE, **streams)


def test_a_pipe_sees_no_progress(tmp_path: Path) -> None:
    process = started("check", RULESET.parent / "mofan-minimal", RULESET.parent / "mofan-minimal" / "example", "--as-of", "2025-04-01", stderr=subprocess.PIPE)
    out, err = process.communicate()
    assert process.returncode == 0
    assert err == b""
    assert out


@pytest.mark.parametrize(("command", "word"), [("check", "run"), ("generate", "generate")])
def test_an_interrupted_command_leaves_nothing_behind(tmp_path: Path, command: str, word: str) -> None:
    arguments = {
        "check": (RULESET, FACTS, "--as-of", "2025-04-01", "-o", tmp_path / "verdicts.parquet"),
        "generate": ("--ruleset", RULESET, "--branches", 5000, "-o", tmp_path),
    }[command]
    parent, child = pty.openpty()
    with started(command, *arguments, "--lang", "en", stderr=child) as process:
        os.close(child)
        seen = ""
        while PASSES[word].en not in seen:
            seen += os.read(parent, 4096).decode(errors="replace")
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    os.close(parent)
    assert list(tmp_path.iterdir()) == []
