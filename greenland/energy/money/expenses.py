"""Operating costs by item and year of operation, and the even amount they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenland.energy.money.assets import Asset, AssetKind
from greenland.energy.money.feasibility import CostsConfig, PeriodRate
from greenland.energy.problem.annuity import capital_recovery_factor
from greenland.i18n import N_

Array = NDArray[np.float64]

EXPENSE_LABELS = {
    "maintenance": N_("运行维护费"),
    "materials": N_("材料费"),
    "staff": N_("职工薪酬"),
    "insurance": N_("保险费"),
    "other_costs": N_("其他费用"),
}


def yearly_rates(periods: Sequence[PeriodRate], years: int) -> Array:
    """Rate of each year of operation; the last period lasts to the end [yuan/(kW·yr)].

    Examples
    --------
    >>> warranty = [PeriodRate(years=2, yuan_per_kw=10), PeriodRate(yuan_per_kw=18)]
    >>> yearly_rates(warranty, 4).tolist()
    [10.0, 10.0, 18.0, 18.0]
    """
    rates: list[float] = []
    for period in periods:
        rates += [period.yuan_per_kw] * (period.years or years)
    rates += [periods[-1].yuan_per_kw] * years
    return np.array(rates[:years])


def even_amount(yearly: ArrayLike, rate: float) -> float:
    """The even yearly amount that is worth as much as the given ones; in their unit.

    Examples
    --------
    >>> round(even_amount([10.0, 20.0], 0.0), 6)
    15.0
    """
    amounts = np.asarray(yearly, dtype=float)
    worth = float(amounts @ (1 + rate) ** -np.arange(1.0, len(amounts) + 1))
    return worth * capital_recovery_factor(rate, len(amounts))


def expenses(
    costs: CostsConfig | None, assets: Sequence[Asset], kw: Mapping[str, float], years: int
) -> dict[str, Array]:
    """Operating costs by item, tax included, one entry per year of operation [yuan].

    Parameters
    ----------
    costs : CostsConfig, optional
        None: the fixed operation and maintenance of the assets alone.
    assets : sequence of Asset
        With their own opex.
    kw : mapping of source to kW
        New capacity of each source.
    years : int
    """
    ones = np.ones(years)
    if costs is None:
        total = np.zeros(years)
        for asset in assets:
            total += asset.opex
        return {"maintenance": total}
    scheduled = costs.maintenance
    own = sum(
        asset.opex
        for asset in assets
        if not (asset.kind is AssetKind.SOURCE and asset.name in scheduled)
    )
    maintenance = own * ones
    for name, periods in scheduled.items():
        maintenance = maintenance + yearly_rates(periods, years) * kw.get(name, 0.0)
    capacity, invested = sum(kw.values()), sum(asset.capex for asset in assets)
    return {
        "maintenance": maintenance,
        "materials": costs.materials * capacity * ones,
        "staff": (0.0 if costs.staff is None else costs.staff.yuan) * ones,
        "insurance": costs.insurance * invested * ones,
        "other_costs": costs.other * capacity * ones,
    }
