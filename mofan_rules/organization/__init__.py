"""The graph of organizations: what users get of it, and what is wrong with it."""

from mofan_rules.organization.diagnosis import Diagnosis, circles, diagnose
from mofan_rules.organization.graph import GraphTooLarge, graph, tree

__all__ = ["Diagnosis", "GraphTooLarge", "circles", "diagnose", "graph", "tree"]
