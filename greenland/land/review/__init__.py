"""Annual land-intensity review (土地节约集约利用评价): indicators, score, potentials, supply."""

from greenland.land.review.cycle import KIND_LABELS, Kind, bookkeeping
from greenland.land.review.evaluation import evaluate
from greenland.land.review.result import ReviewResult
from greenland.land.review.settings import DEFAULT_SCHEME, OwnIdeal, ReviewSettings
from greenland.land.review.zone_type import ZoneType

__all__ = [
    "DEFAULT_SCHEME",
    "KIND_LABELS",
    "Kind",
    "OwnIdeal",
    "ReviewResult",
    "ReviewSettings",
    "ZoneType",
    "bookkeeping",
    "evaluate",
]
