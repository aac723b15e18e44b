"""What a study file may say."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from greenland.energy.studies.config_draws import MonteCarloPart
from greenland.energy.studies.config_parts import MOST_POINTS, Number, StudyPart, Varied
from greenland.i18n import _
from greenland.yamlfile import FileName


class StudyKind(StrEnum):
    """Kinds of studies, named as their sections of the file are."""

    SENSITIVITY = "sensitivity"
    GRID = "grid"
    PARETO = "pareto"
    SCENARIOS = "scenarios"
    MONTE_CARLO = "monte_carlo"
    ROBUST = "robust"
    NEAR_OPTIMAL = "near_optimal"
    BREAK_EVEN = "break_even"


class Ends(Varied):
    """Keys with a low and a high value."""

    low: Number | None = None
    high: Number | None = None
    change: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _low_and_high(self) -> Self:
        given = (self.low is None, self.high is None)
        if self.change is not None:
            if given != (True, True):
                raise ValueError(_("change 与 low、high 只给其一"))
        elif given != (False, False):
            raise ValueError(_("要给 low 和 high，或者 change"))
        elif (self.low or 0.0) >= (self.high or 0.0):
            raise ValueError(_("low 应小于 high"))
        return self


class SensitivityPart(StudyPart):
    """One key at a time."""

    variables: list[Ends] = []
    prices: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.variables and self.prices is None:
            raise ValueError(_("要给 variables 或 prices"))
        return self


class Axis(Varied):
    """Keys with a list of values, or a range of them."""

    values: list[Any] = []
    first: Number | None = Field(default=None, alias="from")
    last: Number | None = Field(default=None, alias="to")
    count: Annotated[int, Field(ge=2, le=200)] | None = None

    @model_validator(mode="after")
    def _values_or_range(self) -> Self:
        ranged = [self.first, self.last, self.count]
        if self.values and any(one is not None for one in ranged):
            raise ValueError(_("values 与 from、to、count 只给其一"))
        if not self.values and any(one is None for one in ranged):
            raise ValueError(_("要给 values，或者 from、to 和 count"))
        if self.factor and not all(_is_number(one) for one in self.values):
            raise ValueError(_("factor 为 true 时 values 应为数字"))
        if any(self.values.count(one) > 1 for one in self.values):
            raise ValueError(_("values 中有重复"))
        return self

    @property
    def points(self) -> list[Any]:
        """All values."""
        if self.values:
            return list(self.values)
        assert self.first is not None
        assert self.last is not None
        assert self.count is not None
        step = (self.last - self.first) / (self.count - 1)
        return [float(f"{self.first + n * step:.12g}") for n in range(self.count)]


def _is_number(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value)


class GridPart(StudyPart):
    """Every pair of values of two keys."""

    x: Axis
    y: Axis

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        if len(self.x.points) * len(self.y.points) > MOST_POINTS:
            raise ValueError(_("点数超过 {most}", most=MOST_POINTS))
        if {*self.x.all_paths} & {*self.y.all_paths}:
            raise ValueError(_("x 和 y 变动了同一项"))
        return self


class Against(StrEnum):
    """What a front sets against the cost."""

    GREEN_SHARE = "green_share"
    CO2 = "co2"
    CAPEX = "capex"


class ParetoPart(StudyPart):
    """The cheapest plans for rising demands."""

    against: Against = Against.GREEN_SHARE
    points: Annotated[int, Field(ge=3, le=200)] = 20
    first: Number | None = Field(default=None, alias="from")
    last: Number | None = Field(default=None, alias="to")
    max_cost_ratio: Annotated[float, Field(gt=1, le=100)] = 1.5


class Cvar(StudyPart):
    """How much the dear years count: cost plus its conditional value at risk."""

    level: Annotated[float, Field(gt=0, lt=1)]
    weight: Annotated[float, Field(ge=0, le=1)] = 1.0


class RobustPart(StudyPart):
    """One set of sizes for several years."""

    years: Annotated[dict[str, dict[str, Any]], Field(min_length=2)]
    weights: dict[str, Annotated[float, Field(gt=0)]] = {}
    cvar: Cvar | None = None

    @model_validator(mode="after")
    def _known_years(self) -> Self:
        if self.weights and set(self.weights) != set(self.years):
            raise ValueError(_("weights 的名称应与 years 相同"))
        return self


class NearOptimalPart(StudyPart):
    """What else costs nearly as little."""

    slack: Annotated[float, Field(gt=0, le=1)] = 0.01
    capacities: list[str] = []


class BreakEvenPart(Varied):
    """At which value something comes to be."""

    first: Number = Field(alias="from")
    last: Number = Field(alias="to")
    measure: Annotated[str, Field(min_length=1)]
    above: Number
    tolerance: Annotated[float, Field(gt=0, le=0.1)] = 0.001

    @model_validator(mode="after")
    def _a_range(self) -> Self:
        if self.first >= self.last:
            raise ValueError(_("from 应小于 to"))
        return self


class StudyFile(StudyPart):
    """A study file: a case, and one section that says what is asked.

    Parameters
    ----------
    case : str
        Case file, relative to the study file.
    name : str
    engine : str, optional
        Instead of the one the case names.
    sensitivity, grid, pareto, scenarios, monte_carlo, robust, near_optimal, break_even
        Exactly one of them.
    """

    case: FileName
    name: str = ""
    engine: str | None = None
    sensitivity: SensitivityPart | None = None
    grid: GridPart | None = None
    pareto: ParetoPart | None = None
    scenarios: Annotated[dict[str, dict[str, Any]], Field(min_length=1)] | None = None
    monte_carlo: MonteCarloPart | None = None
    robust: RobustPart | None = None
    near_optimal: NearOptimalPart | None = None
    break_even: BreakEvenPart | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in StudyKind if getattr(self, kind) is not None]
        if len(given) != 1:
            text = _(
                "要写且只写一种研究（{kinds}），这里有 {count} 种",
                kinds="、".join(StudyKind),
                count=len(given),
            )
            raise ValueError(text)
        return self

    @property
    def kind(self) -> StudyKind:
        """Which section it has."""
        return next(kind for kind in StudyKind if getattr(self, kind) is not None)
