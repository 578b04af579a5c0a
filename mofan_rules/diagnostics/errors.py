"""The exceptions that the library raises for what people wrote."""

from collections.abc import Iterable, Mapping

from mofan_rules.diagnostics.diagnostic import Diagnostic, position


class MofanError(Exception):
    """What every declared error of the library is."""


class _WithDiagnostics(MofanError):
    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str] | None = None) -> None:
        self.sources: dict[str, str] = dict(sources or {})
        """The texts that the diagnostics point into, by file, as `render` wants them; where they are known."""
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(dict.fromkeys(diagnostics), key=position))
        super().__init__("\n".join(_line(diagnostic) for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[type["_WithDiagnostics"], tuple[tuple[Diagnostic, ...], dict[str, str]]]:
        return type(self), (self.diagnostics, self.sources)


class RulesetError(_WithDiagnostics):
    """A ruleset has errors; `diagnostics` lists all of them, and the warnings, by position."""


class FactsError(_WithDiagnostics):
    """Facts cannot be read at all; `diagnostics` says why. (Single bad rows are rejected, not raised.)"""


class QuestionError(_WithDiagnostics):
    """A question cannot be asked: a date, a period, an executor, a requirement or an organization that does not exist, a file that cannot be written."""


def _line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    place = "" if span is None else f"{span.file}:{span.line}:{span.column}: "
    return f"{place}{diagnostic.severity}[{diagnostic.code}] {diagnostic.message.of('both')}"
