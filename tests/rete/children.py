"""Runs a few lines on durable_rules itself in a process of its own, and tells how it ended: some of what must not be done with it kills the process or never
returns."""

import subprocess
import sys
from dataclasses import dataclass

PREAMBLE = """
import json
import durable_rules_engine as engine

def fire(handle, fact, assertion=engine.assert_fact):
    _, state = assertion(handle, json.dumps(fact))
    started = engine.start_action_for_state(handle, state)
    message, fired = started and started[1], 0
    while message:
        message, fired = engine.complete_and_start_action(handle, state), fired + 1
    return fired
"""


@dataclass(frozen=True)
class Ended:
    """How a process ended. `code` is negative where a signal killed it, `None` where it had to be stopped."""

    code: int | None
    output: str


def run(lines: str, seconds: float = 60, **environment: str) -> Ended:
    """Run lines after the preamble. In the environment malloc may be told to give blocks of their own, or to fill them, so that what is read wrongly is
    always wrong."""
    try:
        done = subprocess.run([sys.executable, "-c", PREAMBLE + lines], capture_output=True, text=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return Ended(None, "")
    return Ended(done.returncode, done.stdout.strip() + done.stderr.strip()[-300:])
