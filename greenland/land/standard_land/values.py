"""Values of standard land: physical ones of the parcel, operating ones of its holder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.land.indicators import PHYSICAL, QUOTIENTS, firm_indicators
from greenland.land.reasons import lacking, reasons
from greenland.land.standard_land.share import INDUSTRIAL
from greenland.land.sums import whole_sums

OPERATING = (
    "tax_per_mu",
    "output_per_mu",
    "value_added_per_tce",
    "value_added_per_emission",
    "rd_intensity",
)


JUDGED = (*PHYSICAL, *OPERATING)


def holder_of(firms: pd.DataFrame, holders: pd.Index) -> pd.Series[str]:
    """Holder on whose land each firm works: itself where it holds land, else its landlord."""
    own = firms["firm_id"].isin(holders) | firms["landlord_id"].isna()
    return firms["firm_id"].where(own, firms["landlord_id"]).rename("holder_id")


def _in_use(parcels: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series[bool]:
    """Supplied industrial land that is not still under construction within its agreed time."""
    building = parcels["actual_completion_date"].isna() & (
        parcels["agreed_completion_date"] > as_of
    )
    return parcels["supply_state"].eq("supplied") & parcels["land_use"].isin(INDUSTRIAL) & ~building


def _parts() -> set[str]:
    quotients = [QUOTIENTS[name] for name in OPERATING]
    return {part for item in quotients for part in (item.numerator, item.denominator)}


def holder_figures(
    parcels: pd.DataFrame, firms: pd.DataFrame, year: int, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Figures of a year by holder of land, tenants' figures added to their landlord's.

    Parameters
    ----------
    parcels, firms : DataFrame
        The 宗地台账 and 企业效益 sheets.
    year : int
        Year of the figures.
    as_of : Timestamp
        Parcels still within their time for construction on this day do not count as land.

    Returns
    -------
    DataFrame
        By ``holder_id``: the sums and ``land_mu`` [亩], missing where any part is missing.
    """
    held = parcels.dropna(subset=["holder_id"])
    used = held[_in_use(held, as_of)]
    land = whole_sums(used[["area_mu"]], [used["holder_id"]])["area_mu"]
    names = sorted(_parts() - {"land_mu"})
    now = firms[firms["year"].eq(year).fillna(False).astype(bool)]
    holder = holder_of(now, pd.Index(held["holder_id"].unique()))
    grouped = now[names].groupby(holder)
    sums = grouped.sum()
    sums[grouped.count().lt(grouped.size(), axis=0)] = np.nan
    return sums.join(land.rename("land_mu"), how="left")


def operating_values(
    parcels: pd.DataFrame, firms: pd.DataFrame, year: int, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Operating indicators of each parcel: its holder's figures over all the holder's land.

    Returns
    -------
    values, why : DataFrame
        One column per indicator of `OPERATING` on the index of *parcels*; *why* says what is
        missing where a value is.
    """
    figures = holder_figures(parcels, firms, year, as_of)
    values = firm_indicators(figures, OPERATING)
    holder = parcels["holder_id"]
    no_holder = holder.isna().to_numpy(bool)
    no_figures = (~holder.isin(figures.index)).to_numpy(bool) & ~no_holder
    absent = reasons(
        parcels.index,
        {
            _("宗地没有填写使用权人代码"): no_holder,
            _("企业效益表没有使用权人{year}年的数据", year=year): no_figures,
        },
    )
    why = {}
    for name in OPERATING:
        parts = QUOTIENTS[name]
        lacking_of_holder = lacking(
            {part: figures[part] for part in (parts.numerator, parts.denominator)},
            positive=[parts.denominator],
        )
        why[name] = absent.where(absent.notna(), holder.map(lacking_of_holder.to_dict()))
    spread = values.reindex(holder.to_numpy()).set_axis(parcels.index)
    return spread, pd.DataFrame(why, index=parcels.index).astype(object)


def physical_reasons(parcels: pd.DataFrame) -> pd.DataFrame:
    """What each physical indicator lacks, one column per indicator; None where nothing."""
    area = parcels["area_mu"]

    def reason_for(*names: str) -> pd.Series[Any]:
        return lacking({n: parcels[n] for n in (*names, "area_mu")}, positive=["area_mu"])

    by_floor = parcels["admin_land_m2"].isna() & parcels["admin_floor_m2"].notna()
    by_floor_reason = lacking(
        {"floor_area_m2": parcels["floor_area_m2"]}, positive=["floor_area_m2"]
    )
    why = {
        "investment_intensity": reason_for("fixed_investment_wan"),
        "floor_area_ratio": reason_for("floor_area_m2"),
        "building_coefficient": reason_for("building_base_m2"),
        "green_ratio": reason_for("green_m2"),
        "admin_land_share": by_floor_reason.where(by_floor, reason_for("admin_land_m2")),
        "admin_floor_area_share": lacking(
            {name: parcels[name] for name in ("admin_floor_m2", "floor_area_m2")},
            positive=["floor_area_m2"],
        ),
    }
    return pd.DataFrame(why, index=area.index).astype(object)
