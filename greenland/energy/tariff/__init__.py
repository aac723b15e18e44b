"""Tariffs: the price of every kWh from the grid and of every kW connected to it.

A `Tariff` holds prices per step by component, what self-used energy pays, and what is paid for
each connected kVA and for the highest demand. `greenland.energy.tariff.resolve` makes it from what
a case file says. The same `Tariff` gives the sizing its prices (`sizing_prices`) and makes every
bill (`greenland.energy.money.bill`).

Modes
-----
capacity
    发改价格〔2025〕1192号: the monthly capacity charge rises by the T&D energy price × average
    load rate × 730 h for each connected kVA; grid energy then pays no T&D energy price.
backup
    The same document's alternative: the two-part tariff with the T&D energy price on all
    consumption, self-used energy included.
two_part, single_part
    The ordinary tariffs; T&D energy price on energy from the grid only.

In every mode self-used energy pays the government funds, exported energy does not.
"""

from greenland.energy.tariff.candidates import cheapest
from greenland.energy.tariff.grid_prices import (
    SizingPrices,
    sizing_prices,
    tariff_of_grid,
    with_grid_charges,
)
from greenland.energy.tariff.tariff import (
    KW_PER_MW,
    PER_KVA,
    PER_KW,
    PER_MONTH,
    Assumption,
    FixedCharge,
    Tariff,
    item_label,
    near_capacity_addition,
)

__all__ = [
    "KW_PER_MW",
    "PER_KVA",
    "PER_KW",
    "PER_MONTH",
    "Assumption",
    "FixedCharge",
    "SizingPrices",
    "Tariff",
    "cheapest",
    "item_label",
    "near_capacity_addition",
    "sizing_prices",
    "tariff_of_grid",
    "with_grid_charges",
]
