"""Which group of a scheme each unit belongs to, and which are too small to be evaluated."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.formula import holds
from greenland.land.limits import falls_short
from greenland.land.per_mu.firms import Year, of_year
from greenland.land.per_mu.scheme import PLAIN_GROUPS, GroupScheme, PerMuScheme, Tenants


def year_of(firms: pd.DataFrame, parcels: pd.DataFrame, year: int, scheme: PerMuScheme) -> Year:
    """The firms of one year as a scheme evaluates them, before they are put into its own groups.

    Where the scheme evaluates mixed firms apart, a landlord and tenants that are not all above,
    or all below, designated size are units of their own.
    """
    joint = of_year(firms, parcels, year, scheme.tenants, scheme.exempt)
    if scheme.mixed == "combined" or scheme.tenants is not Tenants.COMBINED:
        return joint
    single = of_year(firms, parcels, year, Tenants.OWN, scheme.exempt)
    sizes = joint.firms.groupby("unit")["group"].nunique(dropna=False)
    mixed = joint.firms["unit"].isin(sizes.index[sizes > 1])
    apart = joint.firms.index[mixed]
    own = single.firms.loc[apart].assign(note=single.firms.loc[apart, "note"])
    notes = own["note"].where(own["note"].notna(), _("混合型企业，按规上、规下分别评价"))
    return Year(
        year,
        pd.concat([joint.firms[~mixed], own.assign(note=notes)]).sort_index(),
        pd.concat([joint.units.drop(apart, errors="ignore"), single.units.loc[apart]]).sort_index(),
    )


def grouped(year: Year, last: Year | None, scheme: PerMuScheme) -> Year:
    """The same year with its units in the groups of a scheme.

    Groups with a condition are tried first, in the order of the scheme; whoever meets none is
    above or below designated size. Units with less land than their group asks for are exempt.
    """
    units = year.units.copy()
    before = None if last is None else last.units
    free = pd.Series(True, index=units.index)
    for name, part in scheme.groups.items():
        if name in PLAIN_GROUPS:
            continue
        hit = free & _belongs(part, units, before)
        units["group"] = units["group"].mask(hit, name)
        free &= ~hit
    for name, part in scheme.groups.items():
        if part.least_land_mu is None:
            continue
        small = units["group"].eq(name) & falls_short(units["land_mu"], part.least_land_mu)
        said: Text = _("用地不足 {area:g} 亩", area=part.least_land_mu)
        units["exempt_reason"] = units["exempt_reason"].mask(
            small & units["exempt_reason"].isna(), said
        )
    firms = year.firms.copy()
    own = firms.index.isin(units.index)
    firms.loc[own, "group"] = units["group"].reindex(firms.index[own])
    return replace(year, firms=firms, units=units)


def _belongs(
    part: GroupScheme, units: pd.DataFrame, before: pd.DataFrame | None
) -> pd.Series[bool]:
    hit = pd.Series(True, index=units.index)
    if part.above_scale is not None:
        hit &= units["above_scale"].eq(part.above_scale).fillna(False).astype(bool)
    if part.industries:
        code = units["industry_code"].astype("str")
        hit &= units["industry_code"].notna() & code.str.startswith(tuple(part.industries))
    if part.when is not None:
        hit &= holds(part.when, units, before)
    return hit
