"""The carbon account of a park: energy by kind, coal equivalent, emission by scope, by firm."""

from greenland.energy.account.account import Account, account, by_group, totals
from greenland.energy.account.factors import Factors, read_factors
from greenland.energy.account.uses import CARRIER_LABELS, CARRIER_UNITS, Carrier, EnergyUse

__all__ = [
    "CARRIER_LABELS",
    "CARRIER_UNITS",
    "Account",
    "Carrier",
    "EnergyUse",
    "Factors",
    "account",
    "by_group",
    "read_factors",
    "totals",
]
