"""The authors' tools: the cases of a ruleset run, what they reach, what they would miss, and where each requirement comes from."""
