"""退出: every parcel is kept, improved, supervised or leaves, with evidence, route and date.

Findings come from the other evaluations; which decision, route and deadline each leads to is
data (`land.exit.measures`). Of several findings the strictest decision counts.
"""

from greenland.land.exit.evaluation import evaluate
from greenland.land.exit.finding_rules import Deadline, measures
from greenland.land.exit.findings import FINDINGS, Finding
from greenland.land.exit.result import DECISION_LABELS, ROUTE_LABELS, Decision, ExitResult, Route

__all__ = [
    "DECISION_LABELS",
    "FINDINGS",
    "ROUTE_LABELS",
    "Deadline",
    "Decision",
    "ExitResult",
    "Finding",
    "Route",
    "evaluate",
    "measures",
]
