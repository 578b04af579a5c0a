"""`mofan watch`: judge again whenever the ruleset or the facts have changed, and say which verdicts flipped."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.problems import print_problems
from mofan_rules.cli.progress import progress
from mofan_rules.diagnostics import Bilingual, FactsError, Language, MofanError, QuestionError, RulesetError, make, to_json

if TYPE_CHECKING:
    from mofan_rules.evaluation import Evaluation
    from mofan_rules.sessions.changes import Change
    from mofan_rules.sessions.watching import Turn

FORMAT = "mofan-watch/1"
"""What the member `format` of each line says."""


def run(arguments: Arguments) -> ExitCode:
    """Watch until somebody interrupts; the first evaluation must be possible."""
    from mofan_rules.facts.postgres import SCHEMES
    from mofan_rules.sessions.alarms import alarms, check_installed
    from mofan_rules.sessions.watching import look_at, watched

    check_installed()
    if arguments.facts.startswith(SCHEMES):
        raise QuestionError([make("no-files-to-watch", None)])
    files = _Files(arguments)

    def look() -> object:
        return look_at(files.places()), date.today() if arguments.as_of is None else None

    shown = _Lines(arguments) if arguments.format == "json" else _Text(arguments)
    for turn in watched(files.evaluate, look, alarms(files.places), lambda: sleep(arguments.settle)):
        shown.show(turn)
    return ExitCode.FINE


class _Files:
    """The ruleset and the facts that are watched."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self._ruleset = Path(arguments.ruleset)
        self._imported: frozenset[Path] = frozenset()

    def places(self) -> Iterable[Path]:
        """The folders of the ruleset and of what it imports, and where the facts are."""
        from mofan_rules.facts.load import places_of

        return (*sorted({self._ruleset, *self._imported}), *places_of(self._arguments.facts, self._arguments.mapping))

    def evaluate(self) -> "Evaluation":
        """Read and judge everything."""
        from mofan_rules import pipeline

        asked = self._arguments
        with progress(asked.language) as shown:
            try:
                ruleset = pipeline.load_ruleset(self._ruleset)
            except RulesetError as error:
                self._imported |= _folders(error.sources)
                raise
            self._imported = _folders(ruleset.texts)
            return pipeline.evaluate(
                ruleset,
                pipeline.load_facts(asked.facts, asked.mapping),
                as_of=date.today() if asked.as_of is None else asked.as_of,
                period=asked.period,
                known_at=asked.known_at,
                executor=asked.executor,
                on_pass=shown.step,
                on_share=shown.share,
            )


def _folders(texts: Iterable[str]) -> frozenset[Path]:
    return frozenset(Path(name).parent for name in texts)


class _Text:
    """For people: flips on standard output, a line each; what is wrong on standard error."""

    def __init__(self, arguments: Arguments) -> None:
        self._language = arguments.language
        self._broken = ""
        self._rejected = 0

    def show(self, turn: "Turn | MofanError") -> None:
        """One turn, written at once: whoever reads a pipe need not wait for the next."""
        if isinstance(turn, MofanError):
            self._tell(turn)
            return
        repaired, self._broken = bool(self._broken), ""
        if not turn.changes:
            self._say(self._standing(turn) if not repaired else Bilingual("又可以读了，结论没有变化", "can be read again, and nothing flipped"))
        elif not turn.flipped:
            number = len(turn.changes)
            self._say(Bilingual(f"{number} 条结论的内容有变化，状态都没有变", f"{number} verdicts differ, and none of them flipped"))
        if turn.rejected != self._rejected:
            self._say(Bilingual(f"未采纳的行：{self._rejected} → {turn.rejected}", f"rejected rows: {self._rejected} → {turn.rejected}"))
            self._rejected = turn.rejected
        names = _names(turn) if turn.flipped else {}
        for change in turn.flipped:
            print(_line(change, names, self._language))
        sys.stdout.flush()

    def _standing(self, turn: "Turn") -> Bilingual:
        from mofan_rules.verdicts.wording import STATES

        counts = turn.evaluation.summary().counts
        zh = "，".join(f"{words.zh} {counts[state]}" for state, words in STATES.items() if counts[state])
        en = ", ".join(f"{counts[state]} {words.en}" for state, words in STATES.items() if counts[state])
        return Bilingual(f"截至 {turn.evaluation.context.as_of}：{zh}", f"as of {turn.evaluation.context.as_of}: {en}")

    def _say(self, words: Bilingual) -> None:
        print(f"{_time()}  {words.of(self._language)}", file=sys.stderr, flush=True)

    def _tell(self, error: MofanError) -> None:
        if str(error) == self._broken:
            return
        self._broken = str(error)
        self._say(Bilingual("现在读不了，上次的结论仍然有效", "cannot be read now, the last verdicts stand"))
        if isinstance(error, RulesetError | FactsError | QuestionError):
            print_problems(error.diagnostics, error.sources, self._language, sys.stderr)
        else:
            print(error, file=sys.stderr)
        sys.stderr.flush()


class _Lines:
    """For programs: a line of JSON for each turn."""

    def __init__(self, arguments: Arguments) -> None:
        self._first = True

    def show(self, turn: "Turn | MofanError") -> None:
        """The states at first, then what flipped, or why nothing can be said."""
        line: dict[str, object] = {"format": FORMAT, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        if isinstance(turn, MofanError):
            line["diagnostics"] = [to_json(one) for one in getattr(turn, "diagnostics", ())]
        else:
            from mofan_rules.sessions.as_json import change_data

            line |= {"as_of": turn.evaluation.context.as_of.isoformat(), "rejected": turn.rejected}
            line |= {"changed": len(turn.changes), "flipped": [change_data(change) for change in turn.flipped]}
            if self._first:
                line["counts"] = {str(state): number for state, number in turn.evaluation.summary().counts.items()}
                self._first = False
        print(json.dumps(line, ensure_ascii=False), flush=True)


def _names(turn: "Turn") -> dict[str, str]:
    from mofan_rules.evaluation.rows import names_of

    return names_of(turn.evaluation.facts, turn.evaluation.context.as_of)


def _line(change: "Change", names: dict[str, str], language: Language) -> str:
    from mofan_rules.reports.table import printable
    from mofan_rules.verdicts.wording import state_words, window_words

    verdict = change.verdict
    entry = change.catalogue.entry(verdict.requirement, verdict.window_from)
    before, after = ("—" if one is None else state_words(one.state, language) for one in (change.before, change.after))
    subject = " ".join(dict.fromkeys((names.get(verdict.subject, verdict.subject), verdict.subject)))
    window = window_words(verdict.window_from, verdict.window_until).of(language)
    shadow = Bilingual("（试行）", " (shadow)").of(language) if entry.stage == "shadow" else ""
    why = f"  {change.why(language)}" if change.after is not None else ""
    return printable(f"{_time()}  {subject}  {verdict.requirement} {entry.title.of(language)}{shadow}  {window}  {before} → {after}{why}")


def _time() -> str:
    return datetime.now().strftime("%H:%M:%S")
