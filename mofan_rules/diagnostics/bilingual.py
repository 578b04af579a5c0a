"""A text for people, in Chinese and in English."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en", "both"]
"""The language of a message; `both` prints the Chinese text, then the English one."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in two languages."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The text in `language`; for `both` the two joined by ` / `."""
        match language:
            case "zh":
                return self.zh
            case "en":
                return self.en
            case "both":
                return self.zh if self.zh == self.en else f"{self.zh} / {self.en}"


def same(text: str) -> Bilingual:
    """A text that is the same in both languages, such as a name."""
    return Bilingual(text, text)
