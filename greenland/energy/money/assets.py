"""What a plan invests in, and the payments each investment brings over the years.

The payments are those the sizing optimises: with the economic residual value their present
worth over any number of years is exactly that of the annuities in `Plan.annual_cost`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.plan.replay.building import build_costs
from greenland.energy.problem.annuity import annuity_factor, capital_recovery_factor
from greenland.energy.site import Site
from greenland.energy.site.identity import Capacities, CapacityKind
from greenland.i18n import N_

KW_PER_MW = 1000.0
Array = NDArray[np.float64]


class AssetKind(StrEnum):
    """What an asset is, which decides how it ages."""

    SOURCE = "source"
    GENERATOR = "generator"
    STORAGE_POWER = "storage_power"
    STORAGE_CHARGE_POWER = "storage_charge_power"
    STORAGE_ENERGY = "storage_energy"
    GRID = "grid"
    OTHER = "other"


ASSET_KIND_LABELS = {
    AssetKind.SOURCE: N_("电源"),
    AssetKind.GENERATOR: N_("机组"),
    AssetKind.STORAGE_POWER: N_("储能功率部分"),
    AssetKind.STORAGE_CHARGE_POWER: N_("储能充电功率部分"),
    AssetKind.STORAGE_ENERGY: N_("储能电量部分"),
    AssetKind.GRID: N_("接网工程"),
    AssetKind.OTHER: N_("其他"),
}


class Residual(StrEnum):
    """What an asset is worth when the years end; ``book`` is laid out with the taxes."""

    ECONOMIC = "economic"
    LINEAR = "linear"
    NONE = "none"
    BOOK = "book"


RESIDUAL_LABELS = {
    Residual.ECONOMIC: N_("按年金余值"),
    Residual.LINEAR: N_("按剩余寿命直线折算"),
    Residual.NONE: N_("不计残值"),
    Residual.BOOK: N_("回收固定资产余值（账面净值）"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One investment.

    Parameters
    ----------
    name : str
        Of the part of the site it belongs to.
    kind : AssetKind
    capex : float
        Investment at the beginning [yuan]; paid again at the end of every lifetime.
    opex : float
        [yuan/yr]
    lifetime : float
        [years]
    replacements : tuple of (year, yuan)
        Partial renewals within a lifetime, such as cells.
    """

    name: str
    kind: AssetKind
    capex: float
    opex: float
    lifetime: float
    replacements: tuple[tuple[float, float], ...] = ()

    def worth(self, rate: float) -> float:
        """Present worth of one lifetime's investment and renewals [yuan]."""
        renewed = sum(yuan * (1 + rate) ** -year for year, yuan in self.replacements)
        return float(self.capex + renewed)

    def annual_cost(self, rate: float) -> float:
        """Annuity of investment and renewals, plus opex [yuan/yr]."""
        return capital_recovery_factor(rate, self.lifetime) * self.worth(rate) + self.opex

    def ages(self, years: int) -> Array:
        """Age of the equipment at the beginning of each year of operation [years].

        Renewals and new lifetimes begin again at zero.
        """
        starts = [start + year for start in self._starts(years) for year in self._renewals()]
        begin = np.arange(years, dtype=float)
        known = np.array(sorted(starts))
        ages: Array = begin - known[np.searchsorted(known, begin, side="right") - 1]
        return ages

    def _renewals(self) -> list[float]:
        return [0.0, *(year for year, _yuan in self.replacements)]

    def _starts(self, years: float) -> list[float]:
        """Beginnings of the lifetimes that begin before *years*."""
        return [step * self.lifetime for step in range(int(np.ceil(years / self.lifetime)))]


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments for an asset, one entry per year-end from 0 [yuan]; outflows are positive."""

    investment: Array
    replacement: Array
    opex: Array
    residual: float


def payments(asset: Asset, years: int, rate: float, residual: Residual) -> Payments:
    """Payments for one asset over a number of years.

    Parameters
    ----------
    asset : Asset
    years : int
        Years of operation.
    rate : float
        Discount rate, as decimal.
    residual : Residual
        How the worth at the end is taken.

    Notes
    -----
    A payment due within a year is moved to the year's end with interest, which leaves its present
    worth as it is.

    Examples
    --------
    Over any horizon the economic residual leaves the annuity:

    >>> pv = Asset("pv", AssetKind.SOURCE, 1000.0, 0.0, 10.0)
    >>> p = payments(pv, 4, 0.08, Residual.ECONOMIC)
    >>> worth = p.investment[0] - p.residual * 1.08 ** -4
    >>> round(float(worth * capital_recovery_factor(0.08, 4) / pv.annual_cost(0.08)), 12)
    1.0
    """
    investment, replacement = np.zeros(years + 1), np.zeros(years + 1)
    for start in asset._starts(years):
        _put(investment if start == 0 else replacement, start, asset.capex, rate)
        for year, yuan in asset.replacements:
            if start + year < years:
                _put(replacement, start + year, yuan, rate)
    opex = np.full(years + 1, asset.opex)
    opex[0] = 0.0
    return Payments(investment, replacement, opex, _residual(asset, years, rate, residual))


def _put(flows: Array, time: float, yuan: float, rate: float) -> None:
    year = int(np.ceil(time - 1e-9))
    flows[year] += yuan * (1 + rate) ** (year - time)


def _residual(asset: Asset, years: int, rate: float, residual: Residual) -> float:
    start = asset._starts(years)[-1]
    left = start + asset.lifetime - years
    if residual in (Residual.NONE, Residual.BOOK) or left < 1e-9:
        return 0.0
    if residual is Residual.LINEAR:
        return asset.capex * left / asset.lifetime
    annuity = capital_recovery_factor(rate, asset.lifetime) * asset.worth(rate)
    ahead = sum(
        yuan * (1 + rate) ** (years - start - year)
        for year, yuan in asset.replacements
        if start + year >= years
    )
    return float(annuity * annuity_factor(rate, left) - ahead)


def assets_of(site: Site, capacities: pd.Series) -> tuple[Asset, ...]:
    """Assets of a plan, without what was there before.

    Parameters
    ----------
    site : Site
        Unit costs.
    capacities : Series
        As in `Plan.capacities` [MW], [MWh]; what is missing is zero.
    """
    sizes = Capacities(site, capacities)
    found = [*_source_assets(site, sizes), *_storage_assets(site, sizes)]
    found += _other_assets(site, sizes)
    return tuple(asset for asset in found if asset.capex or asset.opex or asset.replacements)


def ages_of(site: Site, years: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """Age of every source and of the cells of every storage at the beginning of each year.

    Parameters
    ----------
    site : Site
        What exists already counts as new.
    years : int
        As many as any statement may ask for.

    Returns
    -------
    sources, storages : dict of name to array
        [years]
    """

    def ages(lifetime: float, renewals: tuple[int, ...]) -> Array:
        when = tuple((float(year), 0.0) for year in renewals)
        return Asset("", AssetKind.OTHER, 0.0, 0.0, lifetime, when).ages(years)

    return (
        {item.name: ages(item.lifetime, item.replacement_years) for item in site.sources},
        {item.name: ages(item.years_of_energy, item.replacement_years) for item in site.storages},
    )


def _source_assets(site: Site, sizes: Capacities) -> list[Asset]:
    once = build_costs(site, sizes)
    found = []
    for source in site.sources:
        new = sizes.get(CapacityKind.SOURCE, source.name) - source.existing_mw
        kw = new * KW_PER_MW
        renewals = tuple(
            (float(year), source.replacement_cost * kw) for year in source.replacement_years
        )
        found.append(
            Asset(
                source.name,
                AssetKind.SOURCE,
                source.capex * kw + once.get(source.name, 0.0),
                source.opex * kw,
                source.lifetime,
                renewals if source.replacement_cost else (),
            )
        )
    return found


def _storage_assets(site: Site, sizes: Capacities) -> list[Asset]:
    once = build_costs(site, sizes)
    found = []
    for storage in site.storages:
        name = storage.name
        power = sizes.get(CapacityKind.STORAGE_POWER, name) - storage.existing_mw
        energy = sizes.get(CapacityKind.STORAGE_ENERGY, name) - storage.existing_mwh
        kw, kwh = power * KW_PER_MW, energy * KW_PER_MW
        renewals = tuple(
            (float(year), storage.replacement_cost * kwh) for year in storage.replacement_years
        )
        found += [
            Asset(
                name,
                AssetKind.STORAGE_POWER,
                storage.power_capex * kw + once.get(name, 0.0),
                storage.power_opex * kw,
                storage.lifetime,
            ),
            Asset(
                name,
                AssetKind.STORAGE_ENERGY,
                storage.energy_capex * kwh,
                storage.energy_opex * kwh,
                storage.years_of_energy,
                renewals if storage.replacement_cost else (),
            ),
        ]
        if storage.charge_power_capex is not None:
            inward = sizes.get(CapacityKind.STORAGE_CHARGE_POWER, name)
            kw = (inward - storage.existing_charge_mw) * KW_PER_MW
            found.append(
                Asset(
                    name,
                    AssetKind.STORAGE_CHARGE_POWER,
                    storage.charge_power_capex * kw,
                    storage.charge_power_opex * kw,
                    storage.years_of_charging,
                )
            )
    return found


def _other_assets(site: Site, sizes: Capacities) -> list[Asset]:
    once = build_costs(site, sizes)
    found = [
        Asset(item.name, AssetKind.OTHER, item.capex, item.opex, item.lifetime)
        for item in site.fixed_assets
    ]
    for item in site.electrolysers:
        kw = (sizes.get(CapacityKind.ELECTROLYSER, item.name) - item.existing_mw) * KW_PER_MW
        found.append(
            Asset(
                item.name,
                AssetKind.OTHER,
                item.capex * kw + once.get(item.name, 0.0),
                item.opex * kw,
                item.lifetime,
            )
        )
    for unit in site.generators:
        kw = (sizes.get(CapacityKind.SOURCE, unit.name) - unit.existing_mw) * KW_PER_MW
        yuan = unit.capex * kw + once.get(unit.name, 0.0)
        found.append(Asset(unit.name, AssetKind.GENERATOR, yuan, unit.opex * kw, unit.lifetime))
    grid = site.grid
    if grid is not None and grid.decides_capacity:
        kw = (sizes.get(CapacityKind.GRID) - grid.existing_mw) * KW_PER_MW
        found.append(Asset("grid", AssetKind.GRID, grid.capex * kw, grid.opex * kw, grid.lifetime))
    return found
