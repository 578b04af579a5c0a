"""One canonical spelling of what an author wrote."""

from mofan_rules.condition.compiler import read
from mofan_rules.condition.lexer import tokenize
from mofan_rules.condition.names import Names
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.spelling import Spelling, spell
from mofan_rules.condition.tokens import Kind
from mofan_rules.condition.words import FUNCTIONS
from mofan_rules.diagnostics import Span
from mofan_rules.values.dates import Duration

_NOWHERE = Span("", 1, 1, 1, 1)


def format_expression(text: str, names: Names, language: Spelling | None = None) -> str:
    """The canonical spelling of an expression: same names, one form of words, signs, literals, blanks and brackets.

    Parameters
    ----------
    names: what the author may name there; words without blanks are told apart by it.
    language: of keywords, functions and units; `None`: that of the text (`written_in`).

    Returns
    -------
    The spelling, which formats to itself; a text that has syntax errors, or that cannot be respelt without changing what it says, comes back as it is.
    """
    problems = Problems(text, _NOWHERE)
    tree = read(text, names, problems)
    if tree is None or problems.found:
        return text
    return spell(tree, language or written_in(text, names))


def written_in(text: str, names: Names) -> Spelling:
    """The language of an expression: Chinese if a keyword, function or unit in it is Chinese; without any of these, if a name is; else English."""
    tokens = tokenize(text, names, Problems(text, _NOWHERE))
    english = chinese_name = False
    for index, token in enumerate(tokens):
        written = text[token.start : token.end]
        if token.kind is Kind.NAME and not (token.text in FUNCTIONS and tokens[index + 1].is_sign("(")):
            chinese_name = chinese_name or not token.text.isascii()
        elif token.kind in (Kind.WORD, Kind.NAME) or isinstance(token.value, Duration):
            if any(character > "\u2e80" and character.isalpha() for character in written):
                return "zh"
            english = True
    return "zh" if chinese_name and not english else "en"
