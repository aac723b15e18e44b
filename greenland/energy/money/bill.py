"""Electricity bills by month and item, of a plan and of "all from the grid", to the cent.

The bill is made from a schedule and a `Tariff` by plain arithmetic; nothing of the sizing is
used, so that its cost can be held against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from greenland.energy.money.bill_lines import (
    KWH_PER_MWH,
    BilledMonths,
    adjustment_item,
    energy_items,
    export_items,
    fixed_items,
    table_of,
)
from greenland.energy.site import horizon_years, step_hours
from greenland.energy.tariff import Tariff, item_label
from greenland.energy.tariff.power_factor import covered_months
from greenland.i18n import N_, _
from greenland.results import with_units
from greenland.summary import Summarised, Summary, money

CENT = Decimal("0.01")

BILL_LABELS = {
    "self_use_funds": N_("自用电量：政府性基金及附加"),
    "self_use_transmission": N_("自用电量：输配电量电费"),
    "export": N_("上网电费收入"),
}


def self_use(schedule: pd.DataFrame) -> pd.Series:
    """On-site energy that serves the load: load less the grid energy that serves it [MW].

    Parameters
    ----------
    schedule : DataFrame
        As made by `greenland.energy.money.project.metered` [MW]: ``load``, ``import`` and, where a
        storage may charge from the grid, ``grid_charge`` and ``grid_discharge`` of all storages.

    Notes
    -----
    Grid energy that passes through a storage stays grid energy.
    """
    served = schedule["import"]
    if "grid_charge" in schedule:
        served = served - schedule["grid_charge"] + schedule["grid_discharge"]
    return (schedule["load"] - served).rename("self_use")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ElectricityBill(Summarised):
    """A bill over the whole horizon.

    Parameters
    ----------
    lines : DataFrame
        One row per month and item: ``month``, ``item``, ``quantity``, ``unit``
        (``kWh``, ``kVA``, ``kW``, or ``yuan`` of an amount that is adjusted), ``price``
        [yuan per unit, mean], ``yuan`` (exact float).
        Export income is negative.
    years : float
        Length of the horizon.
    title : str
        Tariff it was made by.
    rule_ids : mapping of item to rule id
        Rules the prices of the items come from; items priced by the file are left out.
    """

    lines: pd.DataFrame
    years: float
    title: str
    rule_ids: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with_units(self.lines, {"yuan": "元"})  # price and quantity go by the unit of their row

    def _summary(self) -> Summary:
        total = money(self.yuan_per_year(), per_year=True)
        items = [(item_label(name), name) for name in dict.fromkeys(self.lines["item"])]
        rows = [(label, money(self.yuan_per_year(name), per_year=True)) for label, name in items]
        return Summary(_("{title}：{total}", title=self.title, total=total), tuple(rows))

    def yuan_per_year(self, *items: str) -> float:
        """Exact yearly amount of some items, or of all [yuan/yr]."""
        lines = self.lines
        if items:
            lines = lines[lines["item"].isin(items)]
        return float(lines["yuan"].sum()) / self.years

    @property
    def cents(self) -> dict[str, dict[str, Decimal]]:
        """Amounts by month and item, rounded to the cent [yuan].

        The last month ``"total"`` and every month's ``"total"`` are sums of the rounded amounts
        above and beside them, so the table adds up.
        """
        exact: defaultdict[tuple[str, str], float] = defaultdict(float)
        columns = [self.lines[name].tolist() for name in ("month", "item", "yuan")]
        for month, item, yuan in zip(*columns, strict=True):
            exact[month, item] += yuan
        months = sorted(set(columns[0]))
        items = list(dict.fromkeys(columns[1]))
        table = {month: {item: to_cent(exact[month, item]) for item in items} for month in months}
        table["total"] = {
            item: sum((table[month][item] for month in months), Decimal(0)) for item in items
        }
        for row in table.values():
            row["total"] = sum(row.values(), Decimal(0))
        return table

    @property
    def total(self) -> Decimal:
        """Amount of the whole horizon to the cent [yuan]."""
        return self.cents["total"]["total"]

    def to_record(self) -> dict[str, Any]:
        """JSON-ready record: total, items, months; amounts in yuan to the cent."""
        cents = self.cents
        return {
            "title": self.title,
            "years": self.years,
            "total_yuan": float(self.total),
            "yuan_per_year": self.yuan_per_year(),
            "items": [
                self._item(item, float(yuan))
                for item, yuan in cents["total"].items()
                if item != "total"
            ],
            "monthly": [
                {"month": month, **{item: float(yuan) for item, yuan in row.items()}}
                for month, row in cents.items()
                if month != "total"
            ],
        }

    def _item(self, item: str, yuan: float) -> dict[str, Any]:
        """One item over all months; capacity and demand by their mean, energy by its sum."""
        lines = self.lines[self.lines["item"] == item]
        unit = str(lines["unit"].iloc[0])
        summed = unit in ("kWh", "yuan")
        quantity = lines["quantity"].sum() if summed else lines["quantity"].mean()
        return {
            "item": item,
            "title": item_title(item),
            "quantity": float(quantity),
            "unit": unit,
            "price": _ratio(float(lines["yuan"].sum()), float(lines["quantity"].sum())),
            "yuan": yuan,
            "rule_id": self.rule_ids.get(item),
        }


# Which of the numbers a tariff rests on sets the price of an item.
_PRICED_BY = {
    "energy": "market_price",
    "line_loss": "line_loss",
    "transmission": "transmission_price",
    "system_operation": "system_operation_fee",
    "funds": "funds",
    "capacity_charge": "capacity_price",
    "demand_charge": "demand_price",
    "demand_excess": "contract_excess_rate",
    "near_charge": "transmission_price",
    "power_factor_adjustment": "power_factor_adjustment",
    "export": "export_price",
}


def _rule_ids(tariff: Tariff) -> dict[str, str]:
    rules = {item.item: item.rule_id for item in tariff.assumptions if item.rule_id}
    by_item = {item: rules[by] for item, by in _PRICED_BY.items() if by in rules}
    return by_item | {f"self_use_{item}": rule_id for item, rule_id in by_item.items()}


def item_title(key: str) -> str:
    """Name of a bill item in words."""
    label = BILL_LABELS.get(key)
    return _(label) if label else item_label(key.removeprefix("self_use_"))


def to_cent(yuan: float) -> Decimal:
    """Round an amount to the cent, halves away from zero.

    Examples
    --------
    >>> to_cent(2.675), to_cent(-0.125)
    (Decimal('2.68'), Decimal('-0.13'))
    """
    return Decimal(repr(float(yuan))).quantize(CENT, rounding=ROUND_HALF_UP)


def _ratio(value: float, by: float) -> float | None:
    return float(value) / float(by) if by else None


def bill(tariff: Tariff, schedule: pd.DataFrame, connected_mw: float) -> ElectricityBill:
    """ElectricityBill of a schedule.

    Parameters
    ----------
    tariff : Tariff
    schedule : DataFrame
        ``load``, ``import``, ``export`` per step [MW], on the tariff's index.
    connected_mw : float
        Connected capacity [MW].

    Returns
    -------
    ElectricityBill

    Raises
    ------
    ValueError
        If the schedule stands on another index, or exports have no price.

    Notes
    -----
    Monthly charges count ``12 × years / months`` times for each calendar month of the horizon:
    once each for whole years; one day stands for every month of a year.
    """
    _same_index(tariff, schedule)
    hours, months = step_hours(tariff.index), BilledMonths(tariff.index)
    items = [
        *energy_items(tariff.components, schedule["import"], hours, months, ""),
        *energy_items(tariff.self_use, self_use(schedule), hours, months, "self_use_"),
        *export_items(tariff, schedule, hours, months),
        *fixed_items(tariff, schedule, connected_mw, months),
    ]
    if tariff.adjustment is not None:
        drawn = months.sums((schedule["import"] * hours * KWH_PER_MWH).to_frame())[:, 0]
        covered = covered_months(tariff.index)
        items.append(adjustment_item(tariff.adjustment, items, drawn, covered, months))
    return ElectricityBill(
        table_of(items, months),
        horizon_years(tariff.index),
        str(tariff.title),
        _rule_ids(tariff),
    )


def grid_only_schedule(load: pd.Series) -> pd.DataFrame:
    """Schedule of a load that takes everything from the grid [MW]."""
    return pd.DataFrame({"load": load, "import": load, "export": 0.0})


def grid_only_bill(
    tariff: Tariff, load: pd.Series, connected_mw: float | None = None
) -> ElectricityBill:
    """ElectricityBill of the load if all of it came from the grid.

    Parameters
    ----------
    tariff : Tariff
        See `greenland.energy.tariff.grid_only`.
    load : Series
        [MW]
    connected_mw : float, optional
        Connected capacity [MW]; the highest load when not given or when it is lower.
    """
    peak = float(load.max())
    connected = peak if connected_mw is None else max(peak, connected_mw)
    return bill(tariff, grid_only_schedule(load), connected)


def _same_index(tariff: Tariff, schedule: pd.DataFrame) -> None:
    if not tariff.components.index.equals(schedule.index):
        raise ValueError("schedule and tariff stand on different indexes")


def saving(grid_bill: ElectricityBill, plan_bill: ElectricityBill) -> dict[str, float]:
    """What the plan's bill is below the grid-only bill; assets not counted.

    Returns
    -------
    dict
        ``saving_yuan`` a year to the cent [yuan/yr], ``saving_horizon_yuan`` over the horizon,
        exactly the difference of the two totals [yuan].
    """
    whole = grid_bill.total - plan_bill.total
    return {
        "saving_yuan": float(to_cent(float(whole) / grid_bill.years)),
        "saving_horizon_yuan": float(whole),
    }
