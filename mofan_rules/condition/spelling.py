"""From a syntax tree to text, in one canonical spelling for each language.

Chinese: `且 或 非 属于 介于 ≥ ≤ ≠`, `3年`; English: `and or not in between >= <= !=`, `3 years`. Brackets stand only where they are needed, and around
each side of `and` and `or` that is itself joined.
"""

from datetime import date
from fractions import Fraction
from typing import Literal as OneOf
from typing import assert_never

from mofan_rules.condition.syntax import Belongs, Between, Binary, Call, If, Joined, Literal, Name, Negative, Not, Null, Range, Syntax
from mofan_rules.condition.words import CHINESE_FUNCTIONS, Function, Word, function_of
from mofan_rules.schema import Scalar
from mofan_rules.values.dates import Duration, DurationUnit

Spelling = OneOf["zh", "en"]

_WORDS: dict[Spelling, dict[Word, str]] = {
    "zh": {Word.AND: "且", Word.OR: "或", Word.NOT: "非", Word.IN: "属于", Word.NOT_IN: "不属于", Word.TRUE: "真", Word.FALSE: "假", Word.NULL: "空"},
    "en": {word: word.value for word in Word},
}
_CHINESE_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}
_LEVELS = {"+": 5, "-": 5, "*": 6, "/": 6}

_CHOICE, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _NEGATIVE, _PRIMARY = range(9)


def spell(node: Syntax, language: Spelling) -> str:
    """The text of a tree."""
    return _Speller(language).text(node, _CHOICE)


class _Speller:
    def __init__(self, language: Spelling) -> None:
        self.language: Spelling = language
        self.words = _WORDS[language]

    def text(self, node: Syntax, level: int) -> str:
        """The text of a node that stands where at least `level` binds: in brackets, if it binds less."""
        own, written = self.written(node)
        return written if own >= level else f"({written})"

    def written(self, node: Syntax) -> tuple[int, str]:
        """How tightly the node binds, and its text without brackets."""
        match node:
            case Literal(value, percent=percent):
                return _literal(value, percent, self.language)
            case Null():
                return _PRIMARY, self.words[Word.NULL]
            case Name(text):
                return _PRIMARY, text
            case Negative(operand):
                return _NEGATIVE, f"-{self.text(operand, _PRIMARY)}"
            case Not(operand):
                return _NOT, f"{self.words[Word.NOT]} {self.text(operand, _PRIMARY)}"
            case Joined(word, operands):
                return (_AND if word is Word.AND else _OR), f" {self.words[word]} ".join(self.text(operand, _NOT) for operand in operands)
            case Binary(sign, left, right):
                return self.binary(sign, left, right)
            case Between(value, low, high):
                value_text, low_text, high_text = (self.text(part, _SUM) for part in (value, low, high))
                if self.language == "zh":
                    return _COMPARISON, f"{value_text} 介于 {low_text} 到 {high_text} 之间"
                return _COMPARISON, f"{value_text} between {low_text} and {high_text}"
            case Belongs(value, tests, negated):
                belongs = self.words[Word.NOT_IN if negated else Word.IN]
                return _COMPARISON, f"{self.text(value, _SUM)} {belongs} {self.tests(tests)}"
            case If(condition, then, otherwise):
                first, second, third = (self.text(part, _OR) for part in (condition, then, otherwise))
                return _CHOICE, f"如果 {first} 则 {second} 否则 {third}" if self.language == "zh" else f"if {first} then {second} else {third}"
            case Call():
                return self.call(node)
            case _:
                assert_never(node)

    def binary(self, sign: str, left: Syntax, right: Syntax) -> tuple[int, str]:
        if sign in _LEVELS:
            level = _LEVELS[sign]
            return level, f"{self.text(left, level)} {sign} {self.text(right, level + 1)}"
        shown = _CHINESE_SIGNS.get(sign, sign) if self.language == "zh" else sign
        return _COMPARISON, f"{self.text(left, _SUM)} {shown} {self.text(right, _SUM)}"

    def tests(self, tests: tuple[Syntax | Range, ...]) -> str:
        match tests:
            case (Range() as only,):
                return self.test(only)
            case (Name(text),):
                return text
        return f"({', '.join(map(self.test, tests))})"

    def test(self, test: Syntax | Range) -> str:
        if not isinstance(test, Range):
            return self.text(test, _SUM)
        opening, closing = "[" if test.low_included else "(", "]" if test.high_included else ")"
        return f"{opening}{self.text(test.low, _SUM)}..{self.text(test.high, _SUM)}{closing}"

    def call(self, node: Call) -> tuple[int, str]:
        function = function_of(node.name)
        match function, node.arguments:
            case Function.EDATE, (day, months):
                return self.binary("+", day, Call(Function.MONTHS, (months,), 0, 0))
        name = node.name if function is None else function.value
        if self.language == "zh" and function is not None:
            name = CHINESE_FUNCTIONS.get(function, name)
        arguments = [self.text(argument, _CHOICE) for argument in node.arguments]
        if node.relation is not None:
            arguments.append(f"{'在' if self.language == 'zh' else 'in'}: {self.text(node.relation, _PRIMARY)}")
        return _PRIMARY, f"{name}({', '.join(arguments)})"


def _literal(value: Scalar | None, percent: bool, language: Spelling) -> tuple[int, str]:
    match value:
        case None:
            return _PRIMARY, _WORDS[language][Word.NULL]
        case bool():
            return _PRIMARY, _WORDS[language][Word.TRUE if value else Word.FALSE]
        case Fraction():
            return _number(value * 100 if percent else value, "%" if percent else "")
        case str():
            return _PRIMARY, quoted(value)
        case date():
            return _PRIMARY, value.isoformat()
        case Duration(amount):
            return (_NEGATIVE if amount < 0 else _PRIMARY), duration_text(value, language)
        case tuple():
            return _PRIMARY, f"({', '.join(map(quoted, value))})"
        case _:
            assert_never(value)


def _number(value: Fraction, suffix: str) -> tuple[int, str]:
    level = _NEGATIVE if value < 0 else _PRIMARY
    text = decimal_text(value)
    if text is None:
        return (_PRODUCT, f"{value.numerator} / {value.denominator}") if not suffix else (_PRODUCT, f"{value.numerator}% / {value.denominator}")
    return level, text + suffix


def decimal_text(value: Fraction) -> str | None:
    """A number in decimals, all of them; `None` if they never end, or not within 30 places."""
    for places in range(31):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :]
            return ("-" if value < 0 else "") + whole + ("." + decimals if decimals else "")
    return None


def quoted(text: str) -> str:
    """A text between quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def duration_text(duration: Duration, language: Spelling) -> str:
    """A duration in the largest unit that gives a whole number."""
    amount = duration.amount
    if duration.unit is DurationUnit.DAYS:
        unit = ("天", "day")
    elif amount and amount % 12 == 0:
        amount, unit = amount // 12, ("年", "year")
    else:
        unit = ("个月", "month")
    if language == "zh":
        return f"{amount}{unit[0]}"
    return f"{amount} {unit[1]}" + ("" if abs(amount) == 1 else "s")
