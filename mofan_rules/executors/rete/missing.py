"""Is the rule engine there?"""

from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

ENGINE = "durable_rules_engine"
"""The C module of the extra `live`."""

CALLS = ("create_ruleset", "assert_fact", "start_action_for_state", "complete_and_start_action", "delete_state", "delete_ruleset")
"""All that is used of it."""


@cache
def missing() -> str | None:
    """Why there is no network, or nothing if there is one. A library that was built wrongly says so when it is loaded, not when it is built."""
    try:
        engine = import_module(ENGINE)
    except ModuleNotFoundError:
        return "the extra `live` (durable_rules) is not installed"
    except ImportError as error:
        return f"durable_rules was built wrongly for this Python: {error}"
    lacking = [name for name in CALLS if not hasattr(engine, name)]
    return f"durable_rules lacks {', '.join(lacking)}" if lacking else None


def engine_version() -> str | None:
    """The release of durable_rules that is installed."""
    try:
        return version("durable_rules")
    except PackageNotFoundError:
        return None
