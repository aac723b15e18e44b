"""Demand and supply of a park's power month by month, what is short, and who reduces then."""

from greenland.energy.outlook.balance import Balance, balance, capacity_left, connectable_mw
from greenland.energy.outlook.inputs import Load, MonthlySupply, PowerSource, Settings, Station
from greenland.energy.outlook.measures import ShortageMeasure, measures
from greenland.energy.outlook.orderly import Reductions, UseStep, orderly_use

__all__ = [
    "Balance",
    "Load",
    "MonthlySupply",
    "PowerSource",
    "Reductions",
    "Settings",
    "ShortageMeasure",
    "Station",
    "UseStep",
    "balance",
    "capacity_left",
    "connectable_mw",
    "measures",
    "orderly_use",
]
