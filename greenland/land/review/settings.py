"""What a park sets for its land-intensity review in park.yaml."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.land.review.scheme import ReviewScheme
from greenland.land.review.zone_indicators import ZONE_INDICATORS
from greenland.land.review.zone_type import ZoneType
from greenland.yamlfile import nearest

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
    ideals: dict[str, OwnIdeal] = {}


def ideal_problems(
    chosen: ReviewSettings, scheme: ReviewScheme, row: Callable[..., int | None] | None = None
) -> list[Problem]:
    """Ideals of indicators neither the program nor the scheme has.

    Parameters
    ----------
    row : callable, optional
        Line of park.yaml at which an ideal stands.
    """
    known = [*ZONE_INDICATORS, *scheme.indicators]
    problems = []
    for name in chosen.ideals:
        if name in known:
            continue
        guess = nearest(name, known)
        problems.append(
            Problem(
                Severity.ERROR,
                "review_ideal",
                _("没有{what}“{name}”", what=_("指标"), name=name),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                file="park.yaml",
                row=None if row is None else row(name),
                got=name,
                allowed="、".join(known),
                touches=("land.review",),
            )
        )
    return problems
