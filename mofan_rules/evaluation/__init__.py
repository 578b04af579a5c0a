"""The question that is asked, and the answer as people hold it: verdicts, summary, explanation, reports."""

from mofan_rules.evaluation.files import write_whole
from mofan_rules.evaluation.result import Evaluation

__all__ = ["Evaluation", "write_whole"]
