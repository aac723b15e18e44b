"""The firms of one year side by side, tenants with their landlord's score."""

from __future__ import annotations

import pandas as pd

from greenland.land.indicators import QUOTIENTS, firm_indicators
from greenland.land.per_mu.firms import FIGURES
from greenland.land.per_mu.yearly import Scored

_AS_READ = [*FIGURES, "bonus_points"]


def firm_table(scored: Scored) -> pd.DataFrame:
    """All firms, tenants with their landlord's score and class, best first.

    Figures are each firm's own, as read; indicators are those of the unit it stands for.
    """
    firms, units = scored.year.firms, scored.year.units
    table = firms[["row", "firm_name", "group", "industry_code", "land_mu"]].copy()
    table["unit"] = firms["unit"]
    table["tenant"] = firms["tenant"]
    figures = firms[_parts()].copy()
    figures.loc[units.index] = units[_parts()]
    table = table.join(firms[_AS_READ].astype("float64"))
    table = table.join(firm_indicators(figures))
    unit_result = scored.result.reindex(table["unit"].to_numpy()).set_axis(table.index)
    table[["score", "class", "rank"]] = unit_result[["score", "class", "rank"]]
    note = firms["note"]
    table["reason"] = unit_result["reason"].astype(object)
    table["reason"] = (
        table["reason"]
        .where(table["reason"].notna(), note)
        .mask(table["tenant"] & note.notna(), note)
    )
    table["group"] = table["group"].mask(
        table["tenant"], units["group"].reindex(table["unit"].to_numpy()).set_axis(table.index)
    )
    table.index.name = "firm_id"
    table["tax_rank"] = _tax_rank(table)
    table = table.reset_index()
    ordered = table.sort_values(["group", "rank", "firm_id"], na_position="last", kind="stable")
    first = ["row", "firm_id", "firm_name", "group", "industry_code", "land_mu"]
    rest = [name for name in ordered.columns if name not in first]
    return ordered[first + rest].reset_index(drop=True)


def _tax_rank(table: pd.DataFrame) -> pd.Series[int]:
    """Place by tax per mu in the group, of firms that have both figures; tenants have none."""
    own = table["tax_per_mu"].where(~table["tenant"])
    group = table["group"].astype(object).where(table["group"].notna(), "")
    return own.groupby(group).rank(ascending=False, method="min").astype("Int64")


def _parts() -> list[str]:
    return sorted({p for q in QUOTIENTS.values() for p in (q.numerator, q.denominator)})


def trend_rows(year: int, table: pd.DataFrame) -> pd.DataFrame:
    """What the trend shows of each firm in one year."""
    rows = table[["firm_id", "firm_name", "tax_per_mu", "revenue_per_mu", "score", "class"]].copy()
    rows.insert(2, "year", year)
    return rows
