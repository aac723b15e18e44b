"""差别化政策: what follows from the results for the park, its firms and its parcels.

Every measure names the rule it rests on and the facts that triggered it; a measure whose
threshold no document gives is not decided but says that the park has to supply it.
"""

from greenland.land.policy.evaluation import evaluate
from greenland.land.policy.result import MEASURE_KIND_LABELS, MeasureKind, PolicyResult
from greenland.land.policy.targets import TARGET_LABELS, TIER_LABELS, Tier

__all__ = [
    "MEASURE_KIND_LABELS",
    "TARGET_LABELS",
    "TIER_LABELS",
    "MeasureKind",
    "PolicyResult",
    "Tier",
    "evaluate",
]
