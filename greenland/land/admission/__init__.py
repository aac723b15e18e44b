"""项目准入: pipeline projects against existing firms of the same kind, floors and limits."""

from greenland.land.admission.evaluation import evaluate
from greenland.land.admission.peers import BASIS_LABELS, Basis
from greenland.land.admission.result import (
    CHECK_LABELS,
    VERDICT_LABELS,
    AdmissionResult,
    AdmissionVerdict,
)

__all__ = [
    "BASIS_LABELS",
    "CHECK_LABELS",
    "VERDICT_LABELS",
    "AdmissionResult",
    "AdmissionVerdict",
    "Basis",
    "evaluate",
]
