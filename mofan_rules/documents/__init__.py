"""YAML files as trees of texts with places: the bottom layer that rulesets and fact mappings both read with."""
