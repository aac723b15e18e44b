"""Firms of the same kind: averages by industry class, then division, then the whole park."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.errors import input_error
from greenland.i18n import N_, _
from greenland.land.sums import whole_sums

if TYPE_CHECKING:
    from greenland.rules import Rulebook


class Basis(StrEnum):
    """What a project is compared with, closest first."""

    CLASS = "class"
    DIVISION = "division"
    PARK = "park"


BASIS_LABELS = {
    Basis.CLASS: N_("同行业小类"),
    Basis.DIVISION: N_("同行业大类"),
    Basis.PARK: N_("全园区"),
}
_CLASS_DIGITS, _DIVISION_DIGITS = 4, 2  # GB/T 4754: 小类 has four digits, 大类 two
AVERAGES = ("ratio_of_sums", "mean_of_ratios")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A ratio projects and firms are compared by."""

    numerator: str
    denominator: str


_LAND = "land_mu"
COMPARED = {
    "investment_intensity": Quantity("fixed_investment_wan", _LAND),
    "revenue_per_mu": Quantity("revenue_wan", _LAND),
    "value_added_per_tce": Quantity("value_added_wan", "energy_tce"),
    "value_added_per_emission": Quantity("value_added_wan", "emission_t"),
}
_FIGURES = tuple(item.numerator for item in COMPARED.values() if item.denominator == _LAND)


def industry_keys(table: pd.DataFrame, default_edition: str) -> pd.DataFrame:
    """Edition with class and edition with division of each row; NaN where the code is too short.

    Parameters
    ----------
    table : DataFrame
        With ``industry_code`` and ``industry_edition``.
    default_edition : str
        Edition of codes that state none.
    """
    code = table["industry_code"].str.replace(r"^[A-Za-z]", "", regex=True)
    edition = table["industry_edition"].fillna(default_edition) + ":"
    digits = code.str.len()
    return pd.DataFrame(
        {
            Basis.CLASS: (edition + code.str[:_CLASS_DIGITS]).where(digits >= _CLASS_DIGITS),
            Basis.DIVISION: (edition + code.str[:_DIVISION_DIGITS]).where(
                digits >= _DIVISION_DIGITS
            ),
        },
        index=table.index,
    )


def existing(firms: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Firms that projects are compared with: running, and not public utilities."""
    left_out = rules.rule("land.admission.peer_states_left_out").value
    states = left_out if isinstance(left_out, list) else [left_out]
    utility = firms["utility"].fillna(False).astype(bool)
    return firms[~firms["firm_state"].isin(states) & ~utility]


def land_users(firms: pd.DataFrame) -> pd.DataFrame:
    """Firms with the land [亩] each uses itself, so that no land is counted twice.

    Parameters
    ----------
    firms : DataFrame
        Indexed by firm_id, with ``unit``, ``tenant`` and ``land_mu``; the land of a landlord
        includes what its tenants use.

    Returns
    -------
    DataFrame
        A landlord has its land less that of its tenants. Where this is not known, or more is let
        than there is, the tenants are left out and their figures are added to the landlord's.
    """
    tenant = firms["tenant"]
    let = whole_sums(firms.loc[tenant, ["land_mu"]], [firms.loc[tenant, "unit"]])["land_mu"]
    left = firms["land_mu"] - let.reindex(firms.index)
    apart = left >= 0
    joint = let.index.difference(firms.index[apart])
    found = firms.assign(land_mu=firms["land_mu"].mask(apart, left))
    members = firms["unit"].isin(joint)
    sums = whole_sums(firms.loc[members, list(_FIGURES)], [firms.loc[members, "unit"]])
    for name in _FIGURES:
        found[name] = found[name].mask(found.index.isin(joint), sums[name].reindex(found.index))
    return found[~(tenant & members)]


def peer_averages(
    projects: pd.DataFrame, firms: pd.DataFrame, rules: Rulebook, *, combined: bool
) -> dict[str, pd.DataFrame]:
    """Average of each compared quantity among the peers of every project.

    Parameters
    ----------
    projects : DataFrame
        The 项目储备 sheet.
    firms : DataFrame
        Firms of the year, indexed by firm_id, with their land [亩] and landlords.
    combined : bool
        The land of landlords includes that of their tenants; see `land_users`.

    Returns
    -------
    dict of indicator to DataFrame
        On the projects' index: ``average`` (NaN when even the park has too few), ``basis``,
        ``peers`` (firms the average rests on).

    Raises
    ------
    InputError
        If the rule for the average holds something else than its choices.
    """
    how = str(rules.rule("land.admission.average").value)
    if how not in AVERAGES:
        raise input_error(
            "admission_average",
            _("同类企业平均值算法的选择无效。"),
            got=how,
            allowed="、".join(AVERAGES),
        )
    edition = str(rules.rule("land.control.default_industry_edition").value)
    fewest = int(rules.number("land.admission.min_peers"))
    project_keys = industry_keys(projects, edition)
    each = existing(firms, rules)
    on_land = existing(land_users(firms), rules) if combined else each
    found = {}
    for name, quantity in COMPARED.items():
        peers = on_land if quantity.denominator == _LAND else each
        firm_keys = industry_keys(peers, edition)
        mean = how == "mean_of_ratios"
        found[name] = _compare(project_keys, firm_keys, peers, quantity, fewest, mean=mean)
    return found


def _compare(
    project_keys: pd.DataFrame,
    firm_keys: pd.DataFrame,
    firms: pd.DataFrame,
    quantity: Quantity,
    fewest: int,
    *,
    mean: bool,
) -> pd.DataFrame:
    above, below = firms[quantity.numerator], firms[quantity.denominator]
    usable = above.notna() & (below > 0)
    above, below, firm_keys = above[usable], below[usable], firm_keys[usable]
    average = pd.Series(np.nan, index=project_keys.index)
    peers = pd.Series(0, index=project_keys.index)
    basis = pd.Series(None, index=project_keys.index, dtype=object)
    for level in Basis:
        keys: pd.Series[Any]
        if level is Basis.PARK:
            keys, groups = (
                pd.Series("park", index=project_keys.index),
                pd.Series("park", above.index),
            )
        else:
            keys, groups = project_keys[level], firm_keys[level]
        table = _group(above, below, groups, mean=mean)
        count = keys.map(table["peers"]).fillna(0).astype(int)
        take = basis.isna() & (count >= fewest)
        average = average.mask(take, keys.map(table["average"]))
        peers, basis = peers.mask(take, count), basis.mask(take, str(level))
        if level is Basis.PARK:
            peers = peers.mask(basis.isna(), count)
    return pd.DataFrame({"average": average, "basis": basis, "peers": peers})


def _group(
    above: pd.Series[float], below: pd.Series[float], groups: pd.Series[Any], *, mean: bool
) -> pd.DataFrame:
    if mean:
        ratios = (above / below).groupby(groups)
        return pd.DataFrame({"average": ratios.mean(), "peers": ratios.size()})
    upper, lower = above.groupby(groups), below.groupby(groups)
    return pd.DataFrame({"average": upper.sum() / lower.sum(), "peers": upper.size()})
