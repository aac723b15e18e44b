from greenland.land.reallocate.allocation import Allocation as Allocation
from greenland.land.reallocate.answer import (
    REALLOCATION_STATUS_LABELS as REALLOCATION_STATUS_LABELS,
)
from greenland.land.reallocate.answer import Answer as Answer
from greenland.land.reallocate.answer import ReallocationStatus as ReallocationStatus
from greenland.land.reallocate.areas import resize as resize
from greenland.land.reallocate.bound import upper_bound as upper_bound
from greenland.land.reallocate.evaluation import evaluate as evaluate
from greenland.land.reallocate.neighbourhood import improve as improve
from greenland.land.reallocate.programme import build as build
from greenland.land.reallocate.result import ReallocationResult as ReallocationResult
from greenland.land.reallocate.search import solve as solve
from greenland.land.reallocate.sites import Land as Land
from greenland.land.reallocate.sites import Projects as Projects
from greenland.land.reallocate.solver import run as run

__all__: list[str]
