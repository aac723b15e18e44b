"""The facts policy goes by: yearly figures of the park, its review, its stock, its rank."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.land.parts import zone_by_year

if TYPE_CHECKING:
    from greenland.land.review import ReviewResult
    from greenland.land.stock import StockResult
    from greenland.park import Park

# Added up over the parts of the zone; the others are the zone's own and stated once.
SUMMED = (
    "above_scale_output_wan",
    "new_above_scale_firms",
    "revenue_wan",
    "value_added_wan",
    "energy_tce",
    "water_m3",
)
STATED = (
    "leading_industry_share",
    "waste_water_treated_share",
    "solid_waste_disposed_share",
    "hazardous_waste_disposed_share",
    "rank",
    "ranked_parks",
)


@dataclass(frozen=True, slots=True)
class ParkFacts:
    """What is known of the park; NaN or None where it is not.

    Parameters
    ----------
    yearly : DataFrame
        Figures by year, columns of the 年度指标 sheet.
    planned_industrial_share : float
        Planned industrial land over planned land, as decimal.
    above_scale_rd_wan, above_scale_revenue_wan : float
        R&D spending and revenue of the firms above designated size [万元].
    score : float
        Land-intensity score of the review [0–100].
    rates : dict
        ``land_supply_rate`` and ``land_development_rate``, as decimals.
    disposal : dict
        State and rate of the assessed year by ledger.
    quota_ha : float
        New-construction quota of the assessed year [公顷].
    """

    year: int
    yearly: pd.DataFrame
    planned_industrial_share: float = math.nan
    above_scale_rd_wan: float = math.nan
    above_scale_revenue_wan: float = math.nan
    zone_type: str | None = None
    score: float = math.nan
    rates: dict[str, float] = field(default_factory=dict)
    disposal: dict[str, dict[str, Any]] = field(default_factory=dict)
    quota_ha: float = math.nan

    @property
    def empty(self) -> bool:
        """Whether there are no yearly figures and no review."""
        return self.yearly.empty and math.isnan(self.score)

    @property
    def rd_intensity(self) -> float:
        """R&D spending over revenue of the firms above designated size, as decimal."""
        revenue = self.above_scale_revenue_wan
        return self.above_scale_rd_wan / revenue if revenue > 0 else math.nan

    def value(self, name: str, year: int | None = None) -> float:
        """One yearly figure; NaN when it is not there."""
        when = self.year if year is None else year
        if name not in self.yearly or when not in self.yearly.index:
            return math.nan
        return float(self.yearly.loc[when, name])  # type: ignore[arg-type]


def park_facts(park: Park, review: ReviewResult | None, stock: StockResult | None) -> ParkFacts:
    """Gather the facts of the assessed year."""
    rd, revenue = above_scale_rd(park.tables["firms"], park.year)
    return ParkFacts(
        year=park.year,
        yearly=yearly_figures(park.tables["indicators"]),
        above_scale_rd_wan=rd,
        above_scale_revenue_wan=revenue,
        planned_industrial_share=_planned_share(park.tables["overview"]),
        zone_type=str(review.zone_type) if review is not None else None,
        score=_number(review.land_intensity_score) if review is not None else math.nan,
        rates=_rates(review),
        disposal=_disposal(stock, park.year),
        quota_ha=_quota(park.tables["supply_history"], park.year),
    )


def yearly_figures(indicators: pd.DataFrame) -> pd.DataFrame:
    """Figures by year: sums over the parts (missing when a part is), or the one value stated."""
    known = indicators[indicators["year"].notna()]
    groups = known.groupby(known["year"].astype("int64"), sort=True)
    once = {name: groups[name].first() for name in STATED}
    return zone_by_year(indicators, SUMMED).assign(**once)


def above_scale_rd(firms: pd.DataFrame, year: int) -> tuple[float, float]:
    """R&D spending and revenue of the firms above designated size in a year [万元].

    A sum is NaN when one of the firms lacks the figure, and where there is no such firm.
    """
    here = firms[firms["year"].eq(year).fillna(False) & firms["above_scale"].fillna(False)]
    rd, revenue = (
        float(here[name].sum(skipna=False, min_count=1)) for name in ("rd_wan", "revenue_wan")
    )
    return rd, revenue


def _number(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)


def _planned_share(overview: pd.DataFrame) -> float:
    industrial = overview["planned_industrial_ha"].sum(skipna=False)
    planned = overview["planned_area_ha"].sum(skipna=False)
    return float(industrial / planned) if not overview.empty and planned > 0 else math.nan


def _rates(review: ReviewResult | None) -> dict[str, float]:
    if review is None:
        return {}
    table = review.indicators
    wanted = table[table["indicator"].isin(["land_supply_rate", "land_development_rate"])]
    if "part" in wanted:
        wanted = wanted[wanted["part"].isna() | (wanted["part"] == "zone")]
    return {
        str(name): _number(value)
        for name, value in zip(wanted["indicator"].tolist(), wanted["value"].tolist(), strict=True)
    }


def _disposal(stock: StockResult | None, year: int) -> dict[str, dict[str, Any]]:
    if stock is None:
        return {}
    of_year = stock.disposal[stock.disposal["year"] == year]
    rows = of_year.to_dict("records")
    return {str(row["ledger"]): {str(key): row[key] for key in row} for row in rows}


def _quota(history: pd.DataFrame, year: int) -> float:
    quotas: dict[Any, float] = zone_by_year(history, ["quota_ha"])["quota_ha"].to_dict()
    return quotas.get(year, math.nan)
