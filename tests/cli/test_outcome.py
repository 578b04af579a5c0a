"""How a command ends when something is wrong: exit codes, no tracebacks, no half output."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mofan_rules.cli import main
from mofan_rules.cli.language import choose_language
from mofan_rules.cli.outcome import ExitCode, guarded
from tests.cli.sample import write_sample

MOFAN = (sys.executable, "-m", "mofan_rules")
ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def fail(error: BaseException) -> ExitCode:
    raise error


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_defect_is_one_short_report(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("first line\nsecond line")
    assert guarded(lambda: fail(error), "zh" if language == "zh" else "en") == ExitCode.DEFECT
    text = capsys.readouterr().err
    assert text.count("\n") == 2
    assert "ValueError: first line" in text
    assert "second line" not in text
    assert "test_outcome.py:" in text


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: fail(ValueError("x")), "en", debug=True) == ExitCode.DEFECT
    assert "Traceback" in capsys.readouterr().err


def test_interrupt_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: fail(KeyboardInterrupt()), "en") == ExitCode.INTERRUPTED
    assert capsys.readouterr().err == ""


def test_the_handler_of_interrupts_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT), sys.unraisablehook
    guarded(lambda: ExitCode.FINE, "en")
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == before


class Interrupting:
    """Something during whose end the user interrupts."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_is_lost_comes_again(capsys: pytest.CaptureFixture[str]) -> None:
    """Python can raise nothing out of a finalizer or out of the callback of a weak reference, of which each import has one."""

    def command() -> ExitCode:
        Interrupting()
        for _ in range(2000):
            time.sleep(0.01)
        return ExitCode.FINE

    assert guarded(command, "en") == ExitCode.INTERRUPTED
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ((), {}, "en"),
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "C.UTF-8"}, "en"),
        ((), {"LANG": "zh_CN", "LC_ALL": "en_US"}, "en"),
        (("--lang", "en"), {"LANG": "zh_CN"}, "en"),
        (("--lang=zh",), {}, "zh"),
        (("--lang",), {"LANG": "zh_CN"}, "zh"),
        (("--lang", "fr"), {"LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_language(arguments: tuple[str, ...], environment: dict[str, str], language: str) -> None:
    assert choose_language(arguments, environment) == language


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        ((), "缺少参数", "required"),
        (("chek",), "是不是：check", "did you mean check"),
        (("check", "a"), "缺少参数：FACTS", "FACTS"),
        (("lint", "a", "--formt", "json"), "是不是：--format", "did you mean --format"),
        (("lint", "a", "--format", "xml"), "可选", "choose from"),
        (("generate", "--branches", "x", "-o", "y"), "应是整数", "invalid int value"),
        (("explain", "a", "b", "--requirement"), "后面缺少值", "expected one argument"),
    ],
)
def test_wrong_arguments_in_both_languages(arguments: tuple[str, ...], zh: str, en: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--lang", "zh"]) == 2
    assert zh in capsys.readouterr().err
    assert main([*arguments, "--lang", "en"]) == 2
    assert en in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("--version",)])
def test_help_and_version(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(list(arguments)) == 0
    assert "mofan" in capsys.readouterr().out


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    sample = write_sample(tmp_path)
    with subprocess.Popen([*MOFAN, "check", *sample, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == ExitCode.BROKEN_PIPE


def test_an_interrupt_of_a_process(tmp_path: Path) -> None:
    target = tmp_path / "population"
    arguments = ("generate", "--branches", "1000000", "--ruleset", str(ROOT / "rulesets" / "mofan"), "-o", str(target))
    with subprocess.Popen([*MOFAN, *arguments], stderr=subprocess.PIPE, env=ENVIRONMENT) as command:
        try:
            while not target.exists() and command.poll() is None:
                time.sleep(0.05)
            command.send_signal(signal.SIGINT)
            _, text = command.communicate(timeout=30)
        finally:
            command.kill()
    assert command.returncode == ExitCode.INTERRUPTED
    assert text == b""
