"""Whether a plan keeps the rules of direct supply: 650, 688, 1192 and 910, each by its clause."""

from greenland.energy.compliance.checks import (
    LIMIT_LABELS,
    READING_LABELS,
    TOLERANCE,
    Check,
    ComplianceResult,
    Condition,
    check,
)
from greenland.energy.compliance.conditions import unknown_answers
from greenland.energy.compliance.config import ANSWER_LABELS, ComplianceConfig
from greenland.energy.compliance.evaluation import evaluate, judge
from greenland.energy.compliance.exchange import peak_valley_ratio

__all__ = [
    "ANSWER_LABELS",
    "LIMIT_LABELS",
    "READING_LABELS",
    "TOLERANCE",
    "Check",
    "ComplianceConfig",
    "ComplianceResult",
    "Condition",
    "check",
    "evaluate",
    "judge",
    "peak_valley_ratio",
    "unknown_answers",
]
