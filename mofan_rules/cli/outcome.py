"""How a command ends: exit codes, and what each kind of failure prints."""

import _thread
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from types import FrameType

from mofan_rules.beside import still_working
from mofan_rules.diagnostics.bilingual import Bilingual, Language


class ExitCode(IntEnum):
    FINE = 0
    FAILED = 1
    WRONG_INPUT = 2
    DEFECT = 3
    INTERRUPTED = 130
    BROKEN_PIPE = 141


SOON = 0.01
"""Seconds after which an interrupt that was lost is raised again."""


MOST_WAITING = 0.7
"""Seconds that a command which has ended waits at most for what it began beside."""


class _Interrupts:
    """Remembers that the user interrupted: inside a query DuckDB tells it as an error of its own. `over`: the command has ended."""

    def __init__(self) -> None:
        self.seen = False
        self.over = False

    def __call__(self, signal_number: int, frame: FrameType | None) -> None:
        self.seen = True
        raise KeyboardInterrupt

    def unraisable(self, lost: "sys.UnraisableHookArgs") -> None:
        """Raise an interrupt again that came where Python can raise nothing: in a finalizer, or while a module is imported (one of a hundred does)."""
        if issubclass(lost.exc_type, KeyboardInterrupt):
            _thread.start_new_thread(self._again, ())
        else:
            sys.__unraisablehook__(lost)

    def _again(self) -> None:
        time.sleep(SOON)
        if not self.over:
            _thread.interrupt_main()


def guarded(command: Callable[[], ExitCode], language: Language, debug: bool = False) -> int:
    """Run `command` and turn whatever it raises into an exit code and a short text on standard error."""
    interrupts = _Interrupts()
    previous, hook = _listen(interrupts), sys.unraisablehook
    if previous is not None:
        sys.unraisablehook = interrupts.unraisable
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = command()
        sys.stdout.flush()
        return code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.WRONG_INPUT
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ExitCode.BROKEN_PIPE
    except Exception as error:
        if interrupts.seen:
            return ExitCode.INTERRUPTED
        return _told(error, language, debug)
    finally:
        interrupts.over = True
        if previous is not None:
            sys.unraisablehook = hook
            signal.signal(signal.SIGINT, previous)


def leave(code: int) -> None:
    """End the process here if something is still being read for a command that has failed, or was interrupted."""
    if still_working(MOST_WAITING):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _listen(interrupts: _Interrupts) -> "signal._HANDLER":
    """Install the handler; nothing outside the main thread, where Python allows none."""
    try:
        return signal.signal(signal.SIGINT, interrupts)
    except ValueError:
        return None


def _told(error: Exception, language: Language, debug: bool) -> ExitCode:
    from mofan_rules.diagnostics import FactsError, MofanError, QuestionError, RulesetError

    if isinstance(error, RulesetError | FactsError | QuestionError):
        from mofan_rules.cli.problems import print_problems

        print_problems(error.diagnostics, error.sources, language, sys.stderr)
        return ExitCode.WRONG_INPUT
    if isinstance(error, MofanError):
        print(error, file=sys.stderr)
        return ExitCode.WRONG_INPUT
    if debug:
        traceback.print_exception(error)
    print(_defect(error).of(language), file=sys.stderr)
    return ExitCode.DEFECT


def _defect(error: Exception) -> Bilingual:
    """What to report of a defect of ours: versions, the error and where it arose, nothing of the user's data but the error's own words."""
    from mofan_rules.evaluation.version import version

    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    words = str(error).splitlines()[0][:200] if str(error) else ""
    what = f"mofan {version()}, Python {platform.python_version()}, {place}: {type(error).__name__}: {words}"
    return Bilingual(
        f"程序内部出错（不是您的数据有误）。请把这一行报告给维护者；加 --debug 可看详情：\n{what}",
        f"an internal error, not a fault of your input; please report this line (--debug shows more):\n{what}",
    )
