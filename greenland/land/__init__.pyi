from greenland.land import admission as admission
from greenland.land import exit as exit  # noqa: A004 (name of the evaluation)
from greenland.land import geometry as geometry
from greenland.land import per_mu as per_mu
from greenland.land import policy as policy
from greenland.land import reallocate as reallocate
from greenland.land import review as review
from greenland.land import standard_land as standard_land
from greenland.land import stock as stock
from greenland.land.admission import AdmissionResult as AdmissionResult
from greenland.land.exit import ExitResult as ExitResult
from greenland.land.geometry import GeometryResult as GeometryResult
from greenland.land.per_mu import PerMuResult as PerMuResult
from greenland.land.policy import PolicyResult as PolicyResult
from greenland.land.reallocate import ReallocationResult as ReallocationResult
from greenland.land.review import ReviewResult as ReviewResult
from greenland.land.standard_land import StandardLandResult as StandardLandResult
from greenland.land.stock import StockResult as StockResult

__all__: list[str]
