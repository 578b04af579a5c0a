"""One entry of the table of codes."""

from dataclasses import dataclass

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.diagnostics.severity import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means: a title for lists of codes, the sentence and the hint with `{names}` for the arguments of `make`."""

    title: Bilingual
    message: Bilingual
    hint: Bilingual | None = None
    severity: Severity = Severity.ERROR


def error(title: tuple[str, str], message: tuple[str, str], hint: tuple[str, str] | None = None) -> Code:
    """An entry for an error; each pair is Chinese, English."""
    return Code(Bilingual(*title), Bilingual(*message), Bilingual(*hint) if hint else None)


def warning(title: tuple[str, str], message: tuple[str, str], hint: tuple[str, str] | None = None) -> Code:
    """An entry for a warning; each pair is Chinese, English."""
    return Code(Bilingual(*title), Bilingual(*message), Bilingual(*hint) if hint else None, Severity.WARNING)
