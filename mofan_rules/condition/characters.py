"""Characters: full-width and typographic forms, blanks, and what a name may consist of."""

import unicodedata

_SPECIAL = {
    "\u3000": " ",
    "×": "*",
    "÷": "/",
    "\N{MINUS SIGN}": "-",
    "–": "-",
    "、": ",",
    "【": "[",
    "】": "]",
    "≥": "≥",
    "≧": "≥",
    "⩾": "≥",
    "≤": "≤",
    "≦": "≤",
    "⩽": "≤",
}

_BLANK = "\u200b\u200c\u200d\u2060\ufeff"

_PLAIN = {
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
    **{ord(blank): " " for blank in _BLANK},
    **{ord(special): form for special, form in _SPECIAL.items()},
}


def plain(text: str) -> str:
    """The text with each full-width or typographic character in its plain form; the length stays the same."""
    return text if text.isascii() else text.translate(_PLAIN)


def starts_name(character: str) -> bool:
    """May a name begin with this character?"""
    return character.isidentifier()


def continues_name(character: str) -> bool:
    """May a name go on with this character?"""
    return ("a" + character).isidentifier()


def canonical_name(text: str) -> str:
    """A name in the form in which names are compared: plain characters, composed (NFC)."""
    return unicodedata.normalize("NFC", plain(text))
