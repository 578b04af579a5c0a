"""What conditions mean where databases, spreadsheets and FEEL mean something else: each known difference, as an author would write it.

One organization holds the cells below. A condition is a requirement of kind `attribute` on it, so that true is `satisfied`, false `violated` and
unknown `unknown`.
"""

CELLS: dict[str, tuple[str, str]] = {
    "n0": ("integer", "0"),
    "n1": ("integer", "1"),
    "n2": ("integer", "2"),
    "n3": ("integer", "3"),
    "n5": ("integer", "5"),
    "n6": ("integer", "6"),
    "n7": ("integer", "7"),
    "n29": ("integer", "29"),
    "n50": ("integer", "50"),
    "below": ("integer", "-7"),
    "large": ("integer", "999999999999999"),
    "half": ("number", "2.5"),
    "tenth": ("number", "0.1"),
    "gone": ("integer", ""),
    "type": ("text", "党支部"),
    "word": ("text", ""),
    "decomposed": ("text", "e\u0301"),
    "street": ("text", "straße"),
    "yes": ("boolean", "yes"),
    "maybe": ("boolean", ""),
    "jan31": ("date", "2024-01-31"),
    "feb1": ("date", "2024-02-01"),
    "feb29": ("date", "2024-02-29"),
    "sunday": ("date", "2024-03-03"),
    "never": ("date", ""),
    "list": ("items", "alpha;beta"),
    "lost": ("items", ""),
}
"""The cells of the one organization, with their types; an empty one is missing."""

TRUE, FALSE, UNKNOWN = "satisfied", "violated", "unknown"

CONDITIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "a comparison with a missing value is unknown": (
        ('word = "党支部"', UNKNOWN),
        ('word != "党支部"', UNKNOWN),
        ('not (word = "党支部")', UNKNOWN),
        ('word in ("党支部", "党总支")', UNKNOWN),
        ('word not in ("党支部", "党总支")', UNKNOWN),
        ("word = word", UNKNOWN),
        ("gone >= 7", UNKNOWN),
        ("maybe", UNKNOWN),
        ("not maybe", UNKNOWN),
    ),
    "an end of a range that is missing is not an open end": (
        ("n5 in [1..gone]", UNKNOWN),
        ("n0 in [1..gone]", FALSE),
        ("n5 in [1..null]", TRUE),
        ("n0 in [null..0]", TRUE),
    ),
    "a choice on an unknown condition takes neither branch": (
        ("(if gone >= 7 then 1 else 2) = 2", UNKNOWN),
        ("(if gone >= 7 then 1 else 2) = 1", UNKNOWN),
        ("(if n7 >= 7 then 1 else gone) = 1", TRUE),
        ("(if n6 >= 7 then gone else 2) = 2", TRUE),
    ),
    "the greatest and the least do not pass over what is missing": (
        ("max(n5, gone) = 5", UNKNOWN),
        ("min(n5, gone) = 5", UNKNOWN),
        ("max(n5, n7, n1) = 7", TRUE),
    ),
    "presence is asked for by name": (
        ("word = null", TRUE),
        ("word != null", FALSE),
        ("missing(gone)", TRUE),
        ("missing(n0)", FALSE),
        ("type = null", FALSE),
    ),
    "division by zero is unknown": (
        ("n1 / n0 >= 0.8", UNKNOWN),
        ("n0 / n0 >= 0.8", UNKNOWN),
        ("below / n0 <= 0", UNKNOWN),
        ("not (n0 / n0 >= 0.8)", UNKNOWN),
        ("n1 / n0 = n1 / n0", UNKNOWN),
    ),
    "a quotient of whole numbers is not cut": (("n7 / n2 = 3.5", TRUE), ("n7 / n2 > 3", TRUE), ("n7 / n2 * n2 = 7", TRUE)),
    "percentages and shortfalls are decided on the exact limit": (
        ("n29 / n50 >= 58%", TRUE),
        ("n29 / n50 * 100 >= 58", TRUE),
        ("1 - n29 / n50 <= 1 - 58%", TRUE),
        ("n29 / n50 > 58%", FALSE),
    ),
    "three thirds are one": (("n1 / n3 + n1 / n3 + n1 / n3 >= 1", TRUE), ("n1 / n3 + n1 / n3 + n1 / n3 = 1", TRUE), ("n1 / n3 = 0.333333", FALSE)),
    "tenths are tenths": (("tenth + 0.2 = 0.3", TRUE), ("tenth * 3 = 0.3", TRUE)),
    "large products do not overflow": (("large * large > large", TRUE), ("large * large - large * large = 0", TRUE)),
    "nothing is rounded unless it is asked for": (
        ("floor(half) = 2", TRUE),
        ("ceiling(half) = 3", TRUE),
        ("floor(0 - half) = 0 - 3", TRUE),
        ("n2 / n3 >= 0.666667", FALSE),
        ("n2 / n3 >= 0.666666", TRUE),
    ),
    "a remainder has the sign of the divisor": (("modulo(below, 3) = 2", TRUE), ("modulo(7, 0 - 3) = 0 - 2", TRUE), ("modulo(n7, n0) = 0", UNKNOWN)),
    "division rounds down below zero too": (("floor((0 - 3) / n6) = 0 - 1", TRUE), ("ceiling((0 - 3) / n6) = 0", TRUE)),
    "months clamp to the end of the month and are added once": (
        ("jan31 + 1 month = 2024-02-29", TRUE),
        ("jan31 + 2 months = 2024-03-31", TRUE),
        ("jan31 + 1 month + 1 month = 2024-03-29", TRUE),
    ),
    "a number of months may stand in a cell": (("jan31 + months(n1) = 2024-02-29", TRUE), ("jan31 + months(gone) = 2024-02-29", UNKNOWN)),
    "a date less a date is a number of days": (("feb29 - jan31 = 29", TRUE), ("days_between(feb29, feb1) > 27", TRUE), ("never - jan31 > 0", UNKNOWN)),
    "months between two dates are complete": (
        ("months_between(feb1, jan31) = 0", TRUE),
        ("months_between(feb29, jan31) = 1", TRUE),
        ("months_between(jan31, feb29) = 0 - 1", TRUE),
    ),
    "the week begins on Monday": (("weekday(sunday) = 7", TRUE), ("weekday(sunday + 1 day) = 1", TRUE)),
    "texts have one form, and their case is kept": (('decomposed = "é"', TRUE), ('street = "STRASSE"', FALSE), ('street = "straße"', TRUE)),
    "one of a list with something missing": (
        ('type in ("党总支", word)', UNKNOWN),
        ('type in ("党支部", word)', TRUE),
        ('type not in ("党支部", word)', FALSE),
    ),
    "between is two comparisons": (
        ("n5 between 5 and 5", TRUE),
        ("n5 between 7 and 1", FALSE),
        ("n5 between 6 and gone", FALSE),
        ("n5 between 1 and gone", UNKNOWN),
    ),
    "a list that is missing is not an empty one": (
        ('contains(list, "alpha")', TRUE),
        ('contains(list, "gamma")', FALSE),
        ('contains(lost, "alpha")', UNKNOWN),
        ("contains(list, word)", UNKNOWN),
    ),
    "and, or": (("n0 = 1 and maybe", FALSE), ("n1 = 1 or maybe", TRUE), ("n1 = 1 and maybe", UNKNOWN), ("n0 = 1 or maybe", UNKNOWN)),
}
"""Conditions by what they show, each with the state that it gives."""

REFUSED: dict[str, tuple[tuple[str, str], ...]] = {
    "durations of months and of days are not comparable": (("1 month = 30 days", "months-and-days"), ("months(n1) < days(31)", "months-and-days")),
    "a number of days is not a duration": (("feb29 - jan31 <= 30 days", "days-are-numbers"),),
    "texts have no order": (('type < "党总支"', "text-order"), ('word between "a" and "b"', "text-order")),
    "texts and numbers are not turned into each other": (('n1 = "1"', "type-mismatch"), ('type + 1 = "x"', "arithmetic-type"), ("yes = 1", "type-mismatch")),
    "there is no function on the case of letters": (('upper(type) = "X"', "unknown-function"),),
    "there is no rounding to nowhere in particular": (("round(half) = 3", "unknown-function"),),
    "there are no patterns": (('matches(type, "党.*")', "unknown-function"),),
    "there are no quantifiers": (("some(list)", "unknown-function"), ("every(list)", "unknown-function")),
    "a date is not read from a text": (("date(word) > jan31", "argument-literal"), ('jan31 > "2024-01-31"', "type-mismatch")),
}
"""Conditions that would mean different things in different places, each with the code under which it is refused."""
