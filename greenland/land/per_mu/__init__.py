"""Per-mu benefit (亩均效益): indicators, scores and classes of firms, averages of the park."""

from greenland.land.per_mu.evaluation import evaluate
from greenland.land.per_mu.result import PerMuResult, scheme_record
from greenland.land.per_mu.settings import OwnBenchmark, PerMuSettings
from greenland.land.per_mu.yearly import Scored, score_year

__all__ = [
    "OwnBenchmark",
    "PerMuResult",
    "PerMuSettings",
    "Scored",
    "evaluate",
    "scheme_record",
    "score_year",
]
