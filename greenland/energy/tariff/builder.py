"""Make one tariff from a case and the rules, noting the source of every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.site import ContractDemand
from greenland.energy.tariff.charges_config import PeriodDemand
from greenland.energy.tariff.config import (
    COMPONENT_LABELS,
    Billing,
    DatedNumber,
    Mode,
    SeriesFile,
    TariffConfig,
)
from greenland.energy.tariff.dated import YearOfValues, by_month
from greenland.energy.tariff.periods import Periods
from greenland.energy.tariff.power_factor import PowerFactorAdjustment, tables_of
from greenland.energy.tariff.price_series import PriceReader, by_period
from greenland.energy.tariff.sources import Sources
from greenland.energy.tariff.tariff import (
    KW_PER_MW,
    PER_KVA,
    PER_KW,
    PER_MONTH,
    FixedCharge,
    Tariff,
    near_capacity_addition,
)
from greenland.energy.tou import wall_clock
from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.rules import Rulebook

MONTHS = 12
ADJUSTED = (*COMPONENT_LABELS, "capacity_charge", "demand_charge", "near_charge")
"""Items that some form of a tariff has, and the power factor may adjust."""
ALL_CONSUMPTION = "all_consumption"  # what 1192's alternative counts the energy price on
ALL_SELF_USE = "all"  # self-used energy that pays the funds


def by_months(price: float | list[float]) -> tuple[float, ...]:
    """Twelve prices, January first; one number holds in all months."""
    return tuple(price) if isinstance(price, list) else (float(price),) * MONTHS


class TariffBuilder:
    """Makes one tariff, noting every number it takes and every one that is missing.

    Prices hold from their day: the year is the rulebook's, and a load of another year, such as a
    weather year, pays what its months and days cost in that year.
    """

    def __init__(
        self,
        config: TariffConfig,
        index: pd.DatetimeIndex,
        rulebook: Rulebook,
        folder: Path | None,
        mode: Mode,
        billing: Billing | None,
        export_allowed: bool,
    ) -> None:
        self.config, self.index = config, index
        self.mode, self.billing, self.export_allowed = mode, billing, export_allowed
        self.sources = Sources(config, rulebook, folder)
        self.reader = PriceReader(index, folder, self._seasons, self.problems)
        self.transmission: YearOfValues | None = None

    @property
    def problems(self) -> list[Problem]:
        """What is missing or wrong."""
        return self.sources.problems

    def make(self) -> Tariff | None:
        """The tariff, or None when something is missing (see `problems`)."""
        periods = Periods(self.sources, self.index, floats=self._floats)
        self.reader.period = periods.period
        energy = self._components(periods)
        fixed = self._fixed(periods)
        export = self._export()
        power_factor = self._power_factor()
        self_use = self._self_use(energy)
        adjustment = self._adjustment([*energy.columns, *(charge.key for charge in fixed)])
        if self.problems or power_factor is None:
            return None
        return Tariff(
            mode=self.mode,
            billing=self.billing,
            voltage=self.config.voltage,
            components=energy,
            self_use=self_use,
            export_price=export,
            fixed=tuple(fixed),
            period=periods.period,
            power_factor=power_factor,
            connected_kva=self.config.connected_kva,
            assumptions=tuple(self.sources.assumptions),
            adjustment=adjustment,
        )

    # Where a number comes from --------------------------------------------------------------

    def _number(self, field: str, rule_id: str, unit: str, part: str = "") -> YearOfValues | None:
        """The number of each day from the case, else from the rules, else a problem."""
        given: Sequence[DatedNumber] = getattr(self.config, field, None) or ()
        for one in given:
            if unit == "yuan/kWh" and self.reader.read(one.value, field) is None:
                return None
        return self.sources.number(field, rule_id, unit, part)

    def _series(self, field: str, rule_id: str) -> pd.Series | None:
        """A price per step, from the case or a rule."""
        own = getattr(self.config, field)
        if own is not None:
            series = self.reader.read(own, field)
            if series is not None:
                shown = own if isinstance(own, float | int | list | dict) else own.file
                notes = self.reader.notes.get(field, ())
                source = "；".join(filter(None, (self.config.source, *notes)))
                self.sources.note(field, shown, "yuan/kWh", source)
            return series
        values = self.sources.number(field, rule_id, "yuan/kWh")
        return None if values is None else values.on(self.index)

    def _power_factor(self) -> float | None:
        field, rule_id = "power_factor", "energy.tariff.power_factor"
        if self.config.power_factor is not None:
            self.sources.note(field, self.config.power_factor, "", self.config.source)
            return self.config.power_factor
        values = self.sources.number(field, rule_id, "")
        return None if values is None else float(values.days[-1])

    def _seasons(self) -> Mapping[str, Sequence[int]]:
        if self.config.seasons is not None:
            return self.config.seasons
        rule = self.sources.rulebook.get("energy.tariff.seasons")
        if rule is None or not isinstance(rule.value, dict):
            return {}
        text = "；".join(f"{name}: {months}" for name, months in rule.value.items())
        if not any(item.item == "seasons" for item in self.sources.assumptions):
            parts = {"confidence": str(rule.confidence), "rule_id": rule.id}
            self.sources.note("seasons", text, "", rule.source, **parts)
        return rule.value

    # The parts of a tariff ------------------------------------------------------------------

    @property
    def _floats(self) -> bool:
        """Whether the market price takes the time-of-use ratio."""
        given = self.config.market_price_floats
        if given is not None:
            return given
        price = self.config.market_price
        return not (isinstance(price, SeriesFile) or by_period(price))

    def _components(self, periods: Periods) -> pd.DataFrame:
        market = self._series("market_price", "energy.tariff.market_price")
        system = self._series("system_operation_fee", "energy.tariff.system_operation_fee")
        loss = self._number("line_loss", "energy.tariff.line_loss", "share")
        funds = self._number("funds", "energy.tariff.funds", "yuan/kWh")
        self.transmission = self._transmission()
        if market is None or system is None or loss is None or funds is None:
            return pd.DataFrame(index=self.index)
        lost = loss.on(self.index)
        paid = None if self.mode is Mode.CAPACITY else self.transmission
        frame = pd.DataFrame(
            {
                "energy": market,
                "line_loss": market * lost / (1 - lost),
                "transmission": 0.0 if paid is None else paid.on(self.index),
                "system_operation": system,
                "funds": funds.on(self.index),
            },
            index=self.index,
        )
        for name, steps in periods.floating(self.index).items():
            if self._floats or name not in {"energy", "line_loss"}:
                frame[name] *= periods.ratio.where(steps, 1.0)
        for extra in self.config.surcharges:
            if extra.per == "grid_kwh":
                frame[extra.name] = self._monthly(extra.price)
                self.sources.note(extra.name, extra.price, "yuan/kWh", extra.source)
        return frame

    def _transmission(self) -> YearOfValues | None:
        part = "single_part" if self.mode is Mode.SINGLE_PART else "two_part"
        rule_id = f"energy.tariff.transmission.{part}.{self.config.voltage}"
        return self._number("transmission_price", rule_id, "yuan/kWh", part)

    def _self_use(self, components: pd.DataFrame) -> pd.DataFrame:
        pays = self._self_use_pays_funds()
        on_all = self.mode is Mode.BACKUP and self._all_consumption()
        if pays is None or "funds" not in components:
            return pd.DataFrame(index=self.index)
        frame = pd.DataFrame({"funds": components["funds"] * pays})
        if on_all:
            frame["transmission"] = components["transmission"]
        for extra in self.config.surcharges:
            if extra.per == "self_use_kwh":
                frame[extra.name] = self._monthly(extra.price)
                self.sources.note(extra.name, extra.price, "yuan/kWh", extra.source)
        return frame

    def _self_use_pays_funds(self) -> pd.Series | None:
        """1 in the steps in which self-used energy pays the funds, else 0."""
        own, field = self.config.self_use_funds, "self_use_funds"
        if own is not None:
            self.sources.note(field, own, "", self.config.source)
            return pd.Series(float(own), index=self.index)
        rule_id = "energy.tariff.self_use_funds"
        values = YearOfValues(self.sources.year, self.sources.rules(rule_id))
        if not values.whole:
            self.sources.missing(field, rule_id, values)
            return None
        self.sources.note_pieces(field, values, "")
        return values.map(lambda value: float(value == ALL_SELF_USE)).on(self.index)

    def _all_consumption(self) -> bool:
        """Whether 1192's alternative is in force all year, on all consumption."""
        rule_id = "energy.near.alternative"
        values = YearOfValues(self.sources.year, self.sources.rules(rule_id))
        if values.whole and all(item.dated.value == ALL_CONSUMPTION for item in values.pieces):
            return True
        self.sources.missing("near_alternative", rule_id, values)
        return False

    def _fixed(self, periods: Periods) -> list[FixedCharge]:
        charges = []
        if self.mode is not Mode.SINGLE_PART:
            charges += self._two_part_charge()
        if self.mode is Mode.CAPACITY:
            charges += self._near_charge()
        for extra in self.config.surcharges:
            if extra.per in (PER_KVA, PER_KW, PER_MONTH):
                charges.append(FixedCharge(extra.name, by_months(extra.price), extra.per))
                self.sources.note(extra.name, extra.price, f"yuan/{extra.per}", extra.source)
        for own in self.config.demand_charges:
            price = by_months(own.price)
            self._known_periods(own, periods.names)
            when = periods.period.isin(own.periods).to_numpy() if own.periods else None
            charges.append(FixedCharge(own.name, price, PER_KW, when))
            self.sources.note(own.name, own.price, "yuan/(kW·month)", own.source)
        return charges

    def _monthly(self, price: float | list[float]) -> pd.Series:
        """A price of each month on the steps [yuan/kWh]."""
        months = wall_clock(self.index).month.to_numpy()
        return pd.Series(np.array(by_months(price))[months - 1], index=self.index)

    def _known_periods(self, charge: PeriodDemand, names: set[str]) -> None:
        """Refuse a demand charge on periods the schedule does not have."""
        unknown = sorted(set(charge.periods) - names)
        if unknown:
            self._fault(
                "demand_period",
                _("需量电费“{name}”的时段不在分时时段之中", name=charge.name),
                column="tariff.demand_charges",
                got="、".join(unknown),
                allowed="、".join(sorted(names)),
            )

    def _fault(self, code: str, message: str, remedy: str = "", **parts: Any) -> None:
        self.problems.append(
            Problem(Severity.ERROR, code, message, remedy, touches=("energy",), **parts)
        )

    def _two_part_charge(self) -> list[FixedCharge]:
        if self.billing is None:
            self._fault(
                "tariff_billing",
                _("两部制电价要说明按容量还是按需量计费。"),
                _("请填写 billing: capacity（按容量）或 billing: demand（按需量）。"),
                column="tariff.billing",
            )
            return []
        by_demand = self.billing is Billing.DEMAND
        field = "demand_price" if by_demand else "capacity_price"
        unit = "yuan/(kW·month)" if by_demand else "yuan/(kVA·month)"
        price = self._number(field, f"energy.tariff.{field}.{self.config.voltage}", unit)
        if price is None:
            return []
        if not by_demand:
            return [FixedCharge("capacity_charge", price.months, PER_KVA)]
        contract = None
        if self.config.contract_demand_kw is not None:
            contract = self._contract(self.config.contract_demand_kw)
        return [FixedCharge("demand_charge", price.months, PER_KW, contract=contract)]

    def _adjustment(self, items: Sequence[str]) -> PowerFactorAdjustment | None:
        """The adjustment by the power factor, of a bill with the given items."""
        config, rule_id = (
            self.config.power_factor_adjustment,
            "energy.tariff.power_factor_adjustment",
        )
        if config is None:
            return None
        values = YearOfValues(self.sources.year, self.sources.rules(rule_id))
        if not values.whole:
            self.sources.missing("power_factor_adjustment", rule_id, values)
            return None
        dated = values.pieces[-1].dated
        tables = tables_of(dated.value)
        items = [*items, *(name for name in ADJUSTED if name not in items)]
        unknown = [name for name in config.excluded if name not in items]
        if config.standard not in tables or unknown:
            bad = unknown or [f"{config.standard:g}"]
            known = items if unknown else [f"{one:.2f}" for one in tables]
            self._fault(
                "power_factor_adjustment",
                _("功率因数调整：账单没有这样的项目。") if unknown else _("没有这个功率因数标准。"),
                column="tariff.power_factor_adjustment",
                got="、".join(bad),
                allowed="、".join(known),
            )
            return None
        more = {"confidence": dated.confidence, "rule_id": dated.rule_id}
        shown = _("标准 {standard:.2f}", standard=config.standard)
        self.sources.note("power_factor_adjustment", shown, "", dated.source, **more)
        given, kvarh = config.power_factor, config.reactive_kvarh
        self.sources.note(
            "power_factor_metered", given or kvarh, "" if given else "kvarh", config.source
        )
        factors = (given,) * MONTHS if isinstance(given, int | float) else given
        return PowerFactorAdjustment(
            tables[config.standard],
            config.standard,
            None if factors is None else tuple(factors),
            None if kvarh is None else tuple(kvarh),
            frozenset(config.excluded),
        )

    def _contract(self, declared: str | float | list[float]) -> ContractDemand | None:
        """The declared demand, with what the rules say of it; its least share is of the kVA."""
        field, rule = "contract_demand", "energy.tariff.contract_demand"
        shown = _("逐月由测算确定") if declared == "monthly" else declared
        self.sources.note(field, shown, "" if declared == "monthly" else "kW", self.config.source)
        values = [
            self.sources.number(f"contract_{part}", f"{rule}.{part}", "")
            for part in ("allowance", "excess_rate", "least_share")
        ]
        if any(value is None for value in values):
            return None
        allowance, rate, share = (float(value.days[-1]) for value in values if value is not None)
        given = self.config.connected_kva
        factor = self.config.power_factor or self._power_factor() or 1.0
        megawatts = None
        if isinstance(declared, list):
            megawatts = {month: kw / KW_PER_MW for month, kw in enumerate(declared, start=1)}
        return ContractDemand(
            allowance,
            rate,
            declared / KW_PER_MW if isinstance(declared, int | float) else megawatts,
            least_mw=0.0 if given is None else share * given / KW_PER_MW,
            least_share=share / factor if given is None else 0.0,
        )

    def _near_charge(self) -> list[FixedCharge]:
        """1192's addition of each month: the mean of its days where a part of it changes."""
        rate = self._number("average_load_rate", "energy.near.average_load_rate", "share")
        hours = self._number("capacity_hours", "energy.near.capacity_hours", "h/month")
        if rate is None or hours is None or self.transmission is None:
            return []
        days = near_capacity_addition(self.transmission.days, rate.days, hours.days)
        return [FixedCharge("near_charge", by_month(days, self.sources.year), PER_KVA)]

    def _export(self) -> pd.Series:
        own, rule_id = self.config.export_price, "energy.tariff.mechanism_price"
        nothing = pd.Series(np.nan, index=self.index, name="export_price")
        if own is None:
            if self.export_allowed:
                self.sources.missing("export_price", rule_id)
            return nothing
        if own == "mechanism":
            values = self.sources.number("export_price", rule_id, "yuan/kWh")
            series = None if values is None else values.on(self.index)
        else:
            series = self._series("export_price", rule_id)
        return nothing if series is None else series.rename("export_price")
