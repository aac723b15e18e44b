"""Firms of one year as they are evaluated: their land, their tenants, who is exempt.

The evaluated *unit* is a firm, or a landlord together with its tenants, as the scheme says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from greenland.errors import Problem, Severity
from greenland.i18n import N_, _
from greenland.land.per_mu.scheme import Exemptions, FirmGroup, Tenants
from greenland.land.reasons import reasons

FIGURES = (
    "tax_wan",
    "revenue_wan",
    "output_wan",
    "value_added_wan",
    "energy_tce",
    "electricity_mwh",
    "emission_t",
    "employees",
    "rd_wan",
    "water_m3",
    "fixed_investment_wan",
    "technical_upgrade_wan",
)
_CHAIN = 8  # longest chain of sub-letting followed


@dataclass(frozen=True)
class Year:
    """The firms of one year.

    Parameters
    ----------
    firms : DataFrame
        One row per firm, indexed by firm_id: names, group, own figures and land, ``unit`` (the
        firm_id it is evaluated under), ``tenant``, ``exempt_reason``, ``note``.
    units : DataFrame
        One row per evaluated unit, indexed by firm_id: group, figures, ``land_mu``.
    """

    year: int
    firms: pd.DataFrame
    units: pd.DataFrame


def duplicate_problems(firms: pd.DataFrame) -> list[Problem]:
    """Firms that stand twice in one year."""
    doubled = firms[firms.duplicated(["firm_id", "year"], keep="first")]
    return [
        Problem(
            Severity.ERROR,
            "duplicate_firm",
            _("企业在同一年度出现两次。"),
            _("请删除或合并重复的行。"),
            sheet=_("企业效益"),
            row=int(row),
            got=str(firm_id),
            touches=("land.per_mu",),
        )
        for row, firm_id in zip(doubled.index.tolist(), doubled["firm_id"], strict=True)
    ]


def ledger_land(parcels: pd.DataFrame, year: int) -> pd.Series[float]:
    """Land held by each firm at the end of a year, from the parcel ledger [亩].

    A holder with a parcel of unknown area, or of which it is not known whether it is supplied, has
    no known land.
    """
    end = pd.Timestamp(year, 12, 31)
    state = parcels["supply_state"]
    held = parcels[
        parcels["holder_id"].notna()
        & (state.eq("supplied") | state.isna()).fillna(True).astype(bool)
        & ~(parcels["supply_date"] > end)
    ]
    area = held["area_mu"].where(held["supply_state"].notna()).groupby(held["holder_id"])
    return area.sum().where(area.count() == area.size())


def landlords(firm_id: pd.Series, landlord_id: pd.Series) -> pd.Series[str]:
    """Firm each firm is finally a tenant of; itself when it rents from none of these firms.

    Chains of sub-letting are followed to their end; a circle counts as no tenancy.

    Examples
    --------
    >>> ids = pd.Series(["a", "b", "c"])
    >>> landlords(ids, pd.Series([None, "a", "b"])).tolist()
    ['a', 'a', 'a']
    """
    itself = np.arange(len(firm_id))
    landlord_place = pd.Index(firm_id).get_indexer(pd.Index(landlord_id))
    step = np.where(landlord_place >= 0, landlord_place, itself)
    top = step
    for _round in range(_CHAIN):
        top = step[top]
    settled = step[top] == top
    place = np.where(settled, top, itself)
    return firm_id.iloc[place].set_axis(firm_id.index).rename("unit")


def _stated(firms: pd.DataFrame) -> pd.Series[float]:
    return firms["land_mu"].astype("float64")


def _unit_land(firms: pd.DataFrame, ledger: pd.Series[float], tenants: Tenants) -> pd.Series[float]:
    """Land of every unit [亩].

    A figure stated for the firm counts first. A landlord evaluated together with tenants has all
    the land of the ledger; one evaluated alone has the ledger's land less what it lets.
    """
    held = ledger.reindex(firms.index)
    stated = _stated(firms)
    rents = firms["landlord"].ne(firms.index.to_series())
    lets = firms.index.isin(set(firms.loc[rents, "landlord"]))
    if tenants is Tenants.COMBINED:
        joint = held.groupby(firms["landlord"]).sum(min_count=1).reindex(firms.index)
        by_statement = stated.groupby(firms["landlord"]).sum(min_count=1).reindex(firms.index)
        joint = joint.where(held.notna(), by_statement.where(stated.notna()))
        return stated.where(stated.notna(), held).where(~lets, joint)
    rented = stated[rents].groupby(firms.loc[rents, "landlord"])
    let = rented.sum().where(rented.count() == rented.size()).reindex(firms.index)
    left = (held - let).where(lets, held)
    unit_land = stated.where(stated.notna(), left.where(left > 0))
    return unit_land.where(~rents | stated.notna(), np.nan)


def exempt_reason(firms: pd.DataFrame, year: int, rule: Exemptions) -> pd.Series[Any]:
    """Why a firm is not classed in a year; None where it is."""
    end = pd.Timestamp(year, 12, 31)
    flags = {}
    if rule.utilities:
        flags[_("公用事业")] = firms["utility"].fillna(False).to_numpy(bool)
    for years, column, text in (
        (rule.firm_years, "founded", N_("投产不满{years:g}年")),
        (rule.land_years, "land_acquired", N_("取得土地不满{years:g}年")),
    ):
        if years is not None:
            since = end - pd.DateOffset(months=round(years * 12))
            flags[_(text, years=years)] = (firms[column] > since).to_numpy(bool)
    return reasons(firms.index, flags)


def _with_units(firms: pd.DataFrame, tenants: Tenants) -> pd.DataFrame:
    firm = pd.Series(firms.index, index=firms.index)
    unit = landlords(firm, firms["landlord_id"])
    firms["landlord"] = unit
    firms["tenant"] = (unit != firm) & (tenants is not Tenants.OWN)
    firms["unit"] = unit.where(firms["tenant"], firm)
    named = firms["landlord_id"].notna() & firms["landlord_id"].ne(firm)
    lost = named & (unit == firm)
    names = firms["firm_name"].reindex(unit).set_axis(firms.index)
    notes = {
        name: _("承租企业，随出租方“{name}”评价", name=name)
        for name in names[firms["tenant"]].unique().tolist()
    }
    note = names.map(notes).astype(object).where(firms["tenant"], None)
    if tenants is not Tenants.OWN:
        note = note.mask(lost, _("出租方没有当年数据，按企业自身评价"))
    firms["note"] = note
    return firms


def of_year(
    firms: pd.DataFrame,
    parcels: pd.DataFrame,
    year: int,
    tenants: Tenants = Tenants.OWN,
    exempt: Exemptions | None = None,
) -> Year:
    """Collect the firms of one year with their land and units.

    Parameters
    ----------
    firms, parcels : DataFrame
        The 企业效益 and 宗地台账 sheets.
    year : int
    tenants : Tenants
    exempt : Exemptions, optional

    Returns
    -------
    Year
        Sorted by firm_id, so that the order of the input cannot matter.
    """
    now = firms[firms["year"].eq(year).fillna(False).astype(bool) & firms["firm_id"].notna()]
    now = now.assign(row=now.index).sort_values("firm_id").set_index("firm_id")
    now = _with_units(now.copy(), tenants)
    now["exempt_reason"] = exempt_reason(now, year, exempt or Exemptions())
    group = now["above_scale"].map(
        {True: str(FirmGroup.ABOVE_SCALE), False: str(FirmGroup.BELOW_SCALE)}
    )
    now["group"] = group.astype(object).where(now["above_scale"].notna(), None)
    stated = _stated(now)
    now["unit_land_mu"] = _unit_land(now, ledger_land(parcels, year), tenants)
    now["land_mu"] = stated.where(now["tenant"], now["unit_land_mu"])
    return Year(year, now, _units(now, tenants))


def _units(firms: pd.DataFrame, tenants: Tenants) -> pd.DataFrame:
    evaluated = firms[~firms["tenant"]]
    units = evaluated[
        [
            "firm_name",
            "group",
            "above_scale",
            "industry_code",
            "exempt_reason",
            "veto",
            "bonus_points",
        ]
    ].copy()
    units["land_mu"] = evaluated["unit_land_mu"]
    figures = firms if tenants is Tenants.COMBINED else evaluated
    grouped = figures[list(FIGURES)].groupby(figures["unit"].to_numpy())
    sums = grouped.sum()
    sums[grouped.count().lt(grouped.size(), axis=0)] = np.nan
    return units.join(sums.reindex(units.index))
