"""The extra `live`: its C library was built for this Python and works."""

import json

import pytest

durable = pytest.importorskip("durable_rules_engine", reason="the extra `live` is not installed")


@pytest.mark.live
@pytest.mark.parametrize(("number", "fires"), [(1, True), (2, False)])
def test_the_rule_engine_was_built_and_matches_facts(number: int, fires: bool) -> None:
    definition = {"found": {"all": [{"m": {"n": 1}}]}}
    handle = durable.create_ruleset(f"probe-{number}", json.dumps(definition))
    try:
        unmatched, state = durable.assert_fact(handle, json.dumps({"sid": "0", "id": "a", "n": number}))
        assert bool(unmatched) is not fires
        action = durable.start_action_for_state(handle, state) if fires else None
        assert (action is not None and "found" in json.loads(action[1])) is fires
    finally:
        durable.delete_ruleset(handle)
