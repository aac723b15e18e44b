"""What a park sets for its land-intensity review in park.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from greenland.land.review.scheme import ZoneIndicatorId
from greenland.land.review.zone_type import ZoneType

DEFAULT_SCHEME = "td1029-public"


class OwnIdeal(BaseModel):
    """An ideal the zone sets itself.

    Parameters
    ----------
    value : float
        In the unit of the indicator; shares as decimals.
    method : {"target", "experience", "advanced"}
        目标值法, 经验借鉴法 or 先进值法.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=0)
    source: str = Field(min_length=1)
    method: Literal["target", "experience", "advanced"] | None = None


class ReviewSettings(BaseModel):
    """``land.review`` of park.yaml.

    Parameters
    ----------
    scheme : str
        Id of a scheme of the package, or a YAML file beside park.yaml.
    zone_kind : ZoneType, optional
        Given type of zone, instead of the one its land use makes it.
    last_full_year : int, optional
        Year of the last full evaluation.
    ideals : mapping of indicator to OwnIdeal
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str = DEFAULT_SCHEME
    zone_kind: ZoneType | None = None
    last_full_year: int | None = Field(default=None, ge=1990, le=2100)
    ideals: dict[ZoneIndicatorId, OwnIdeal] = {}
