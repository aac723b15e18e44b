"""A tariff: prices per step by component, and charges on capacity and demand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.site import ContractDemand
from greenland.energy.tariff.config import (
    BILLING_LABELS,
    COMPONENT_LABELS,
    MODE_LABELS,
    VOLTAGE_LABELS,
    Billing,
    Mode,
    Voltage,
)
from greenland.energy.tariff.power_factor import PowerFactorAdjustment
from greenland.energy.tou import wall_clock
from greenland.i18n import N_, _

KW_PER_MW = 1000.0

Number = TypeVar("Number", float, NDArray[np.float64])

# What a fixed charge is counted in.
PER_KVA = "kva_month"

PER_KW = "kw_month"

PER_MONTH = "month"

FIXED_LABELS = {
    "capacity_charge": N_("容量电费"),
    "demand_charge": N_("需量电费"),
    "demand_excess": N_("需量电费：超过合同最大需量的部分"),
    "near_charge": N_("容量电费中的输配电量部分（1192号）"),
    "power_factor_adjustment": N_("功率因数调整电费"),
    "fixed": N_("固定费用"),
}

ASSUMPTION_LABELS = {
    "market_price": N_("市场化交易电量电价"),
    "system_operation_fee": N_("系统运行费"),
    "line_loss": N_("线损率"),
    "funds": N_("政府性基金及附加"),
    "transmission_price": N_("输配电量电价"),
    "capacity_price": N_("容量电价"),
    "demand_price": N_("需量电价"),
    "contract_demand": N_("合同最大需量"),
    "contract_allowance": N_("合同最大需量的允许超出倍数"),
    "contract_excess_rate": N_("超出合同最大需量部分的计收倍数"),
    "contract_least_share": N_("合同最大需量的下限（占容量）"),
    "power_factor_adjustment": N_("功率因数调整电费表"),
    "power_factor_metered": N_("考核功率因数或无功电量"),
    "average_load_rate": N_("平均负荷率"),
    "power_factor": N_("功率因数"),
    "export_price": N_("上网电价"),
    "tou": N_("分时时段和比价"),
    "seasons": N_("丰平枯月份"),
    "capacity_hours": N_("容量电费公式的每月小时数（1192号）"),
    "near_alternative": N_("1192号的可选缴费方式"),
    "self_use_funds": N_("自用电量是否缴纳政府性基金"),
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number a tariff rests on, and where it comes from.

    Parameters
    ----------
    item : str
        Stable name, such as ``"funds"``.
    value : number or text
        In *unit*; text where it is a series or a schedule.
    confidence : str
        As in the rules, or ``"user"`` for what the file says.
    first, last : date, optional
        Days of the year it holds for, both counted; None: all of them.
    """

    item: str
    value: Any
    unit: str
    source: str
    confidence: str
    rule_id: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    def as_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        label = ASSUMPTION_LABELS.get(self.item)
        return {
            "item": self.item,
            "title": str(_(label)) if label else self.item,
            "value": self.value,
            "unit": self.unit,
            "source": self.source,
            "confidence": self.confidence,
            "rule_id": self.rule_id,
            "valid_from": self.first.isoformat() if self.first else None,
            "valid_to": self.last.isoformat() if self.last else None,
        }


@dataclass(frozen=True, slots=True, eq=False)
class FixedCharge:
    """A monthly charge on connected capacity or on the highest demand.

    Parameters
    ----------
    key : str
        Item of the bill; one of `FIXED_LABELS`, or the name given in the file.
    price : tuple of 12 float
        January first [yuan/(kVA·month)], [yuan/(kW·month)] or [yuan/month].
    per : str
        ``"kva_month"`` on connected capacity, ``"kw_month"`` on the highest import, ``"month"``
        on nothing.
    when : array of bool, optional
        Steps that count towards the demand; None: all.
    contract : ContractDemand, optional
        The declared demand that is billed instead of the highest import.
    """

    key: str
    price: tuple[float, ...]
    per: str
    when: NDArray[np.bool_] | None = None
    contract: ContractDemand | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """Every price of one way of being supplied.

    Parameters
    ----------
    components : DataFrame
        Price of energy from the grid per step, one column per component [yuan/kWh].
    self_use : DataFrame
        Price of self-used energy per step, one column per component [yuan/kWh].
    export_price : Series
        Price paid for exported energy per step [yuan/kWh]; NaN where none was given.
    fixed : tuple of FixedCharge
    period : Series
        Time-of-use period of each step.
    power_factor : float
    connected_kva : float or None
        Given connected capacity [kVA]; None: from the plan's MW and the power factor.
    assumptions : tuple of Assumption
    fixed_yuan_per_year : float
        Charges that depend on nothing [yuan/yr].
    adjustment : PowerFactorAdjustment, optional
        By the power factor; what hangs on the energy drawn is in no price.
    """

    mode: Mode | None
    billing: Billing | None
    voltage: Voltage | None
    components: pd.DataFrame
    self_use: pd.DataFrame
    export_price: pd.Series
    fixed: tuple[FixedCharge, ...]
    period: pd.Series
    power_factor: float
    connected_kva: float | None
    assumptions: tuple[Assumption, ...]
    fixed_yuan_per_year: float = 0.0
    adjustment: PowerFactorAdjustment | None = None

    @property
    def index(self) -> pd.DatetimeIndex:
        """Steps the prices hold for."""
        return pd.DatetimeIndex(self.components.index)

    @property
    def import_price(self) -> pd.Series:
        """All-in price of a kWh from the grid per step [yuan/kWh]."""
        total = self.components.sum(axis=1)
        known = None if self.adjustment is None else self.adjustment.known
        if known is not None:
            months = wall_clock(self.index).month.to_numpy()
            total = total + self.adjusted_components * np.array(known)[months - 1]
        return total.rename("import_price")

    @property
    def adjusted_components(self) -> pd.Series:
        """What the power factor adjusts of the price of a kWh from the grid [yuan/kWh]."""
        counts = self.adjustment.counts if self.adjustment is not None else (lambda _name: False)
        return self.components[[name for name in self.components if counts(str(name))]].sum(axis=1)

    def adjusts(self, charge: FixedCharge) -> bool:
        """Whether the power factor adjusts a charge: those on capacity and demand that count."""
        rule = self.adjustment
        return rule is not None and charge.per != PER_MONTH and rule.counts(charge.key)

    def prices_of(self, charge: FixedCharge) -> tuple[float, ...]:
        """Monthly prices of a charge with the adjustment that is known, January first."""
        known = None if self.adjustment is None else self.adjustment.known
        if known is None or not self.adjusts(charge):
            return charge.price
        return tuple(p * (1 + share) for p, share in zip(charge.price, known, strict=True))

    @property
    def self_use_charge(self) -> pd.Series:
        """What a self-used kWh pays per step [yuan/kWh]."""
        return self.self_use.sum(axis=1).rename("self_use_charge")

    @property
    def title(self) -> str:
        """The mode, its billing and the voltage in one phrase."""
        if self.mode is None or self.voltage is None:
            return _("直接给出的价格")
        parts = [_(MODE_LABELS[self.mode])]
        if self.billing is not None:
            parts.append(_(BILLING_LABELS[self.billing]))
        parts.append(_(VOLTAGE_LABELS[self.voltage]))
        return reduce(lambda left, right: _("{left}，{right}", left=left, right=right), parts)

    def metered(self, imported: pd.Series) -> Tariff:
        """The same with the power factors of a purchase, where they hang on what is drawn.

        Parameters
        ----------
        imported : Series
            Power drawn from the grid [MW].
        """
        if self.adjustment is None or self.adjustment.known is not None:
            return self
        found = self.adjustment.metered(imported)
        noted = tuple(
            replace(
                item,
                value=list(found.factors or ()),
                unit="",
                source=_("由填报的无功电量和方案的下网电量算出"),
            )
            if item.item == "power_factor_metered"
            else item
            for item in self.assumptions
        )
        return replace(self, adjustment=found, assumptions=noted)

    def kva(self, connected_mw: float) -> float:
        """Connected capacity that is billed [kVA], for a connection of so many MW."""
        if self.connected_kva is not None:
            return self.connected_kva
        return connected_mw * KW_PER_MW / self.power_factor

    def record(self) -> dict[str, Any]:
        """JSON-ready summary of the tariff, without its series."""
        return {
            "mode": None if self.mode is None else str(self.mode),
            "billing": None if self.billing is None else str(self.billing),
            "voltage": None if self.voltage is None else str(self.voltage),
            "title": str(self.title),
            "import_price_mean": float(self.import_price.mean()),
            "import_price_min": float(self.import_price.min()),
            "import_price_max": float(self.import_price.max()),
            "fixed": [
                {"item": charge.key, "price": list(charge.price), "per": charge.per}
                for charge in self.fixed
            ],
            "power_factor": self.power_factor,
            "connected_kva": self.connected_kva,
        }


def near_capacity_addition(energy_price: Number, load_rate: Number, hours: Number) -> Number:
    """T&D energy price turned into a capacity charge.

    Parameters
    ----------
    energy_price : float or array
        T&D energy price of the voltage level [yuan/kWh].
    load_rate : float or array
        Average load rate of the voltage level, as decimal.
    hours : float or array
        Hours a month [h]; the document says 730.

    Returns
    -------
    float or array
        Added monthly charge for each connected kVA [yuan/(kVA·month)].

    References
    ----------
    发改价格〔2025〕1192号, formula of the monthly capacity (demand) charge.

    Examples
    --------
    At 110 kV in Yunnan with a load rate of one half:

    >>> round(near_capacity_addition(0.0683, 0.50, 730), 2)
    24.93
    """
    return energy_price * load_rate * hours


def item_label(key: str) -> str:
    """Name of a component or fixed charge in words; names from the file stay as they are."""
    label = COMPONENT_LABELS.get(key) or FIXED_LABELS.get(key)
    return _(label) if label else key
