"""Standard land (标准地): promises and control indicators, each judged at its stage.

Physical indicators fall due at completion (竣工验收), operating ones at the review of full
production (达产复核). Before its stage an indicator is not due; a stage that is past its agreed
date and not reached is overdue.
"""

from greenland.land.standard_land.breaches import MEASURE_LABELS, Measure
from greenland.land.standard_land.evaluation import evaluate
from greenland.land.standard_land.result import StandardLandResult
from greenland.land.standard_land.share import StandardLandShare, standard_land_share
from greenland.land.standard_land.stages import STAGE_LABELS, Stage, is_standard_land, stage

__all__ = [
    "MEASURE_LABELS",
    "STAGE_LABELS",
    "Measure",
    "Stage",
    "StandardLandResult",
    "StandardLandShare",
    "evaluate",
    "is_standard_land",
    "stage",
    "standard_land_share",
]
