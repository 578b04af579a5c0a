"""In which language the command line speaks: `--lang`, else the locale of the environment."""

import os
from collections.abc import Mapping, Sequence

from mofan_rules.diagnostics.bilingual import Language


def choose_language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Language:
    """Chinese or English, before the arguments are parsed, so that their help and errors speak it too.

    `--lang` decides; else the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set: Chinese if it begins with `zh`, else English.
    """
    for place, argument in enumerate(arguments):
        value = arguments[place + 1] if argument == "--lang" and place + 1 < len(arguments) else argument.removeprefix("--lang=")
        if argument.startswith("--lang") and value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
