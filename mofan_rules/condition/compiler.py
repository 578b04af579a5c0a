"""Text to typed expression, in three steps: tokens, syntax tree, types."""

from collections.abc import Sequence
from itertools import pairwise

from mofan_rules.condition.lexer import tokenize
from mofan_rules.condition.names import Names
from mofan_rules.condition.parser import parse
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.syntax import Syntax
from mofan_rules.condition.tokens import Kind, Token
from mofan_rules.condition.types import TYPE_NAMES, fits, named
from mofan_rules.condition.typing_pass import Typing, unknown_name
from mofan_rules.diagnostics import Diagnostic, Diagnostics, Span
from mofan_rules.ir.expressions import Expression
from mofan_rules.schema import Type

LONGEST = 10_000
"""Characters of an expression."""


def compile_expression(text: str, span: Span, names: Names, expected: frozenset[Type] | None = None) -> tuple[Expression | None, list[Diagnostic]]:
    """The typed expression of a text (SEMANTICS section 5; `docs/condition-language.md`).

    Parameters
    ----------
    text: what the author wrote.
    span: where `text` starts in its file; the diagnostics point into it.
    names: what the author may name there.
    expected: the types that fit the place (`INTEGER` fits where `NUMBER` does); `None`: any.

    Returns
    -------
    The expression, or `None` if there is an error, and all diagnostics by position.
    """
    problems = Problems(text, span)
    tree = read(text, names, problems)
    expression = None if tree is None else Typing(names, problems).typed(tree)
    if expression is not None and expected is not None and not problems.fatal and not fits(expression.type, expected):
        problems.report("wrong-type", 0, len(text), expected=named(expected), found=TYPE_NAMES[expression.type])
    return (None if problems.fatal else expression), list(Diagnostics(problems.found))


def read(text: str, names: Names, problems: Problems) -> Syntax | None:
    """The syntax tree of a text; where there is none, the unknown names in it are reported too."""
    if len(text) > LONGEST:
        problems.report("too-long", 0, 1, length=len(text), limit=LONGEST)
        return None
    tokens = tokenize(text, names, problems)
    tree = parse(tokens, problems)
    if tree is None:
        _check_names(tokens, names, problems)
    return tree


def _check_names(tokens: Sequence[Token], names: Names, problems: Problems) -> None:
    for token, following in pairwise(tokens):
        known = token.text in names.fields or token.text in names.roles or token.text in names.relations
        if token.kind is Kind.NAME and not known and not following.is_sign("(") and not problems.reported(token.start, token.end):
            unknown_name(token.text, token.start, token.end, names, problems)
