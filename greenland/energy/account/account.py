"""Coal equivalent and emission of every firm, and their sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenland.energy.account.factors import Factors
from greenland.energy.account.uses import BOUGHT_HEAT, CARRIER_UNITS, Carrier, EnergyUse

SUMMED = (
    "electricity_mwh",
    "grid_mwh",
    "direct_mwh",
    "own_mwh",
    "certified_mwh",
    "surplus_mwh",
    "equivalent_tce",
    "equal_value_tce",
    "scope1_tco2",
    "scope2_electricity_tco2",
    "scope2_heat_tco2",
    "certified_tco2",
    "total_tco2",
    "net_tco2",
    "zero_carbon_tco2",
    "value_added_wan",
    "land_mu",
)
"""Columns that add up over firms."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a year.

    Parameters
    ----------
    firms : DataFrame
        One row per firm: electricity by source [MWh], coal equivalent by heat content and by
        equal value [tce], emission by scope [tCO2], and per value added and land.
    carriers : DataFrame
        One row per kind of energy in use: amount, coal equivalent by both ways, emission.
    total : dict
        The sums over firms, and their ratios.
    """

    firms: pd.DataFrame
    carriers: pd.DataFrame
    total: dict[str, float | None]


def account(uses: Sequence[EnergyUse], factors: Factors) -> Account:
    """Account for a year's energy.

    Parameters
    ----------
    uses : sequence of EnergyUse
        One per firm.
    factors : Factors
        With a value for every carrier in use.

    Returns
    -------
    Account
        Of every firm, by kind of energy, and in all [MWh, tce, tCO2].

    Raises
    ------
    KeyError
        If a carrier in use has no factor.

    Notes
    -----
    Scope 1 is fuel burnt and processes, scope 2 electricity from the grid and heat bought.
    ``total_tco2`` counts power from the grid by the average factor; ``net_tco2`` counts the part
    of it that certificates cover as zero. Direct and own supply is zero in both and needs no
    certificate: nothing is taken off twice. ``zero_carbon_tco2`` counts as annex 4 of
    发改环资〔2025〕910号 does: power neither direct nor certified by its own factor.

    Heat sold counts against heat bought, in energy and in scope 2, so that the sum over a park
    counts heat that one firm makes and another uses once, where its fuel is burnt.

    Fuels, heat and steam count the same by heat content and by equal value; electricity does
    not.

    Examples
    --------
    >>> from greenland.energy.account import Carrier, EnergyUse, account, read_factors
    >>> from greenland.rules import load_rulebook
    >>> use = EnergyUse("a", "甲", electricity_mwh=1000, fuels={Carrier.COAL: 100})
    >>> found = account([use], read_factors(load_rulebook(("national",), 2026), {Carrier.COAL}))
    >>> round(found.total["equivalent_tce"], 2), round(found.total["scope1_tco2"], 2)
    (194.33, 190.03)
    """
    rows = [_firm(use, factors) for use in uses]
    columns = ["key", "name", "group", *SUMMED, *RATIOS, "estimated"]
    firms = pd.DataFrame(rows, columns=columns)
    return Account(firms, _carriers(uses, factors), totals(firms))


def _firm(use: EnergyUse, factors: Factors) -> dict[str, object]:
    other = use.other_tce + sum(factors.tce[one] * much for one, much in use.fuels.items())
    burnt = sum(m * factors.tco2[c] for c, m in use.fuels.items() if c not in BOUGHT_HEAT)
    heat = sum(m * factors.tco2[c] for c, m in use.fuels.items() if c in BOUGHT_HEAT)
    if use.heat_sold_gj:
        other -= use.heat_sold_gj * factors.tce[Carrier.HEAT]
        heat -= use.heat_sold_gj * factors.tco2[Carrier.HEAT]
    scope1 = burnt + use.other_tco2 + use.process_tco2
    bought, certified = use.grid_mwh * factors.grid_tco2, use.certified_mwh * factors.grid_tco2
    equal, zero = factors.electricity_equal_tce, factors.zero_carbon_tco2
    not_green = use.grid_mwh - use.certified_mwh
    row: dict[str, object] = {
        "key": use.key,
        "name": use.name,
        "group": use.group,
        "electricity_mwh": use.electricity_mwh,
        "grid_mwh": use.grid_mwh,
        "direct_mwh": use.direct_mwh,
        "own_mwh": use.own_mwh,
        "certified_mwh": use.certified_mwh,
        "surplus_mwh": use.surplus_mwh,
        "equivalent_tce": other + use.electricity_mwh * factors.electricity_tce,
        "equal_value_tce": None if equal is None else other + use.electricity_mwh * equal,
        "scope1_tco2": scope1,
        "scope2_electricity_tco2": bought,
        "scope2_heat_tco2": heat,
        "certified_tco2": certified,
        "total_tco2": scope1 + bought + heat,
        "net_tco2": scope1 + bought + heat - certified,
        "zero_carbon_tco2": None if zero is None else scope1 + heat + not_green * zero,
        "value_added_wan": use.value_added_wan,
        "land_mu": use.land_mu,
        "estimated": "；".join(use.estimated),
    }
    return row | _ratios(row)


_UNITS = {str(one): unit for one, unit in CARRIER_UNITS.items()}
RATIOS = ("net_tco2_per_wan", "net_tco2_per_mu", "tce_per_wan", "tce_per_mu")


def _ratios(row: dict[str, object]) -> dict[str, float | None]:
    """Emission and energy per value added and land; None where the base is not positive."""
    emitted, added, land = row["net_tco2"], row["value_added_wan"], row["land_mu"]
    energy = row["equivalent_tce"] if row["equal_value_tce"] is None else row["equal_value_tce"]
    return {
        "net_tco2_per_wan": _per(emitted, added),
        "net_tco2_per_mu": _per(emitted, land),
        "tce_per_wan": _per(energy, added),
        "tce_per_mu": _per(energy, land),
    }


def _per(amount: object, base: object) -> float | None:
    if not isinstance(amount, int | float) or not isinstance(base, int | float) or not base > 0:
        return None
    return float(amount) / float(base)


def totals(firms: pd.DataFrame) -> dict[str, float | None]:
    """Sums of the columns that add up, and their ratios; None where any firm has no value.

    A ratio to value added or land is that of the firms which have it.
    """
    found: dict[str, float | None] = {}
    for name in SUMMED:
        values = firms[name].astype(float)
        base = name in ("value_added_wan", "land_mu")
        whole = values.notna().any() if base else values.notna().all()
        found[name] = math.fsum(values.dropna()) if whole and len(values) else None
    energy = "equivalent_tce" if found["equal_value_tce"] is None else "equal_value_tce"
    for name, amount, base_name in (
        ("net_tco2_per_wan", "net_tco2", "value_added_wan"),
        ("net_tco2_per_mu", "net_tco2", "land_mu"),
        ("tce_per_wan", energy, "value_added_wan"),
        ("tce_per_mu", energy, "land_mu"),
    ):
        of = firms[firms[base_name].astype(float) > 0]
        found[name] = _per(float(of[amount].astype(float).sum()), float(of[base_name].sum()))
    return found


def by_group(firms: pd.DataFrame) -> pd.DataFrame:
    """The sums by group, such as industry, greatest emission first."""
    rows = [
        {"group": name, "firms": len(part), **totals(part)}
        for name, part in firms.groupby("group", sort=True)
    ]
    columns = ["group", "firms", *SUMMED, *RATIOS]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "net_tco2", ascending=False, ignore_index=True
    )


def _carriers(uses: Sequence[EnergyUse], factors: Factors) -> pd.DataFrame:
    """Amount, coal equivalent and emission of every kind of energy in use."""
    rows: list[dict[str, object]] = []
    certified = math.fsum(use.certified_mwh for use in uses)
    grid = math.fsum(use.grid_mwh for use in uses)
    for name, amount, rate in (
        ("grid", grid - certified, factors.grid_tco2),
        ("certified", certified, 0.0),
        ("direct", math.fsum(use.direct_mwh for use in uses), 0.0),
        ("own", math.fsum(use.own_mwh for use in uses), 0.0),
    ):
        equal = factors.electricity_equal_tce
        by_equal = None if equal is None else amount * equal
        rows.append(
            _row(name, amount, "MWh", amount * factors.electricity_tce, by_equal, amount * rate)
        )
    for one in Carrier:
        much = math.fsum(use.fuels.get(one, 0.0) for use in uses)
        if much:
            tce = much * factors.tce[one]
            rows.append(_row(str(one), much, "", tce, tce, much * factors.tco2[one]))
    sold = math.fsum(use.heat_sold_gj for use in uses)
    if sold:
        tce, emitted = sold * factors.tce[Carrier.HEAT], sold * factors.tco2[Carrier.HEAT]
        rows.append(_row("heat_sold", -sold, CARRIER_UNITS[Carrier.HEAT], -tce, -tce, -emitted))
    tce = math.fsum(use.other_tce for use in uses)
    emitted = math.fsum(use.other_tco2 for use in uses)
    rows.append(_row("other", tce, "tce", tce, tce, emitted))
    emitted = math.fsum(use.process_tco2 for use in uses)
    rows.append(_row("process", np.nan, "", 0.0, 0.0, emitted))
    columns = ["carrier", "amount", "unit", "equivalent_tce", "equal_value_tce", "net_tco2"]
    table = pd.DataFrame(rows, columns=columns)
    there = (table["amount"].fillna(0.0) != 0) | (table["net_tco2"] != 0)
    return table[there].reset_index(drop=True)


def _row(
    carrier: str, amount: float, unit: str, tce: float, equal: float | None, tonnes: float
) -> dict[str, object]:
    return {
        "carrier": carrier,
        "amount": amount,
        "unit": unit or _UNITS.get(carrier, ""),
        "equivalent_tce": tce,
        "equal_value_tce": equal,
        "net_tco2": tonnes,
    }
