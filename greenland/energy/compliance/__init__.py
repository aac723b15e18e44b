"""Whether a plan keeps the rules of direct supply: 650, 688, 1192 and 910, each by its clause."""

from greenland.energy.compliance.checks import (
    LIMIT_UNITS,
    TOLERANCE,
    Check,
    ComplianceResult,
    Condition,
    check,
)
from greenland.energy.compliance.conditions import unknown_answers
from greenland.energy.compliance.config import ComplianceConfig
from greenland.energy.compliance.evaluation import evaluate, judge
from greenland.energy.compliance.exchange import peak_valley_ratio

__all__ = [
    "LIMIT_UNITS",
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
