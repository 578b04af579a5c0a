"""Declarative rulesets for organizational compliance: who meets which obligation, when, and why."""
