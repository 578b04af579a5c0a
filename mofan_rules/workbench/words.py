"""Words that the authors' tools share."""

from mofan_rules.diagnostics import Bilingual
from mofan_rules.values.truth import Truth

TRUTHS: dict[Truth, Bilingual] = {True: Bilingual("真", "true"), False: Bilingual("假", "false"), None: Bilingual("未知", "unknown")}
"""The three truth values."""
