"""Annual land-intensity review (土地节约集约利用评价): indicators, score, potentials, supply."""

from greenland.land.review.cycle import REVIEW_KIND_LABELS, ReviewKind, bookkeeping
from greenland.land.review.evaluation import evaluate
from greenland.land.review.result import ReviewResult
from greenland.land.review.settings import DEFAULT_SCHEME, OwnIdeal, ReviewSettings
from greenland.land.review.zone_type import ZoneType

__all__ = [
    "DEFAULT_SCHEME",
    "REVIEW_KIND_LABELS",
    "OwnIdeal",
    "ReviewKind",
    "ReviewResult",
    "ReviewSettings",
    "ZoneType",
    "bookkeeping",
    "evaluate",
]
