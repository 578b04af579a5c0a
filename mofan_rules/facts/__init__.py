"""The eight tables of facts: reading them, admitting their rows, and what was rejected."""

from mofan_rules.facts.admission import admit
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.facts.codes import REJECTIONS, RejectionCode
from mofan_rules.facts.facts import Facts
from mofan_rules.facts.load import load_facts
from mofan_rules.facts.summary import Summary, TableSummary

__all__ = ["REJECTIONS", "AdmittedFacts", "Facts", "RejectionCode", "Summary", "TableSummary", "admit", "load_facts"]
