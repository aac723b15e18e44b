"""Make one tariff from a file and the rules, noting the source of every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.tariff.config import (
    Billing,
    Mode,
    PeriodDemand,
    SeriesFile,
    TariffConfig,
)
from greenland.energy.tariff.price_series import PriceReader
from greenland.energy.tariff.tariff import (
    ASSUMPTION_LABELS,
    PER_KVA,
    PER_KW,
    Assumption,
    FixedCharge,
    Tariff,
    near_capacity_addition,
)
from greenland.energy.tou import Schedule, TouRow, step_periods
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.rules import Rulebook

_REMEDIES = {
    "export_price": N_(
        "请填写 export_price；存量新能源项目可写 mechanism，取本省机制电价；"
        "不上网的项目请把 export_allowed 设为 false。"
    ),
    "tou": N_(
        "请在 tariff.tou 下填写 schedule 和 ratios；不分时的电价请写 market_price_floats: false。"
    ),
}


class TariffBuilder:
    """Makes one tariff, noting every number it takes and every one that is missing."""

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
        self.config, self.index, self.rulebook = config, index, rulebook
        self.mode, self.billing, self.export_allowed = mode, billing, export_allowed
        self.problems: list[Problem] = []
        self.assumptions: list[Assumption] = []
        self.periods: set[str] = set()
        self.reader = PriceReader(index, folder, self._seasons, self.problems)

    def make(self) -> Tariff | None:
        """The tariff, or None when something is missing (see `problems`)."""
        period, ratio = self._time_of_use()
        energy = self._components(ratio)
        fixed = self._fixed(period)
        export = self._export()
        power_factor = self._number("power_factor", "energy.tariff.power_factor", "")
        if self.problems:
            return None
        assert power_factor is not None
        return Tariff(
            mode=self.mode,
            billing=self.billing,
            voltage=self.config.voltage,
            components=energy,
            self_use=self._self_use(energy),
            export_price=export,
            fixed=tuple(fixed),
            period=period,
            power_factor=power_factor,
            connected_kva=self.config.connected_kva,
            assumptions=tuple(self.assumptions),
        )

    # Where a number comes from --------------------------------------------------------------

    def _note(self, item: str, value: Any, unit: str, source: str, **parts: Any) -> None:
        self.assumptions.append(
            Assumption(
                item,
                value,
                unit,
                source or _("园区填报"),
                parts.get("confidence", "user"),
                parts.get("rule_id"),
            )
        )

    def _number(self, field: str, rule_id: str, unit: str) -> float | None:
        """The file's number, else the rule's, else a problem."""
        own = getattr(self.config, field)
        if own is not None:
            if unit == "yuan/kWh" and self.reader.read(own, field) is None:
                return None
            self._note(field, own, unit, self.config.source)
            return float(own)
        rule = self.rulebook.get(rule_id)
        if rule is None:
            self._missing(field, rule_id)
            return None
        self._note(
            field,
            rule.value,
            rule.unit,
            rule.source,
            confidence=str(rule.confidence),
            rule_id=rule.id,
        )
        return self.rulebook.number(rule_id)

    def _missing(self, field: str, rule_id: str) -> None:
        remedy = _REMEDIES.get(field)
        general = _(
            "请在 tariff 下填写 {field}，或在 overrides 中给出 {rule_id} 的数值和依据。",
            field=field,
            rule_id=rule_id,
        )
        self.problems.append(
            Problem(
                Severity.ERROR,
                "tariff_missing",
                _(
                    "电价缺少“{title}”（{field}），规则包里也没有可用的数值。",
                    title=_(ASSUMPTION_LABELS[field]),
                    field=field,
                ),
                _(remedy) if remedy else general,
                column=f"tariff.{field}",
                touches=("energy",),
            )
        )

    def _series(self, field: str, rule_id: str) -> pd.Series | None:
        """A price per step, from the file or a rule."""
        own = getattr(self.config, field)
        if own is not None:
            series = self.reader.read(own, field)
            if series is not None:
                shown = own if isinstance(own, float | int | list | dict) else own.file
                notes = self.reader.notes.get(field, ())
                source = "；".join(filter(None, (self.config.source, *notes)))
                self._note(field, shown, "yuan/kWh", source)
            return series
        number = self._number(field, rule_id, "yuan/kWh")
        return None if number is None else pd.Series(number, index=self.index)

    def _seasons(self) -> Mapping[str, Sequence[int]]:
        if self.config.seasons is not None:
            return self.config.seasons
        rule = self.rulebook.get("energy.tariff.seasons")
        if rule is None or not isinstance(rule.value, dict):
            return {}
        text = "；".join(f"{name}: {months}" for name, months in rule.value.items())
        if not any(item.item == "seasons" for item in self.assumptions):
            self._note(
                "seasons", text, "", rule.source, confidence=str(rule.confidence), rule_id=rule.id
            )
        return rule.value

    # The parts of a tariff ------------------------------------------------------------------

    def _time_of_use(self) -> tuple[pd.Series, pd.Series]:
        schedule = self._schedule()
        if schedule is None:
            return (
                pd.Series("flat", index=self.index, name="period"),
                pd.Series(1.0, index=self.index, name="ratio"),
            )
        try:
            return step_periods(self.index, schedule)
        except InputError as error:
            self.problems += error.problems
            return pd.Series("flat", index=self.index), pd.Series(1.0, index=self.index)

    def _schedule(self) -> Schedule | None:
        own = self.config.tou
        rows = own.schedule
        if rows is None:
            rule = self.rulebook.get("energy.tariff.tou.schedule")
            if rule is not None and isinstance(rule.value, list):
                rows = [TouRow.model_validate(row) for row in rule.value]
        ratios = own.ratios
        if ratios is None:
            rule = self.rulebook.get("energy.tariff.tou.ratios")
            if rule is not None and isinstance(rule.value, dict):
                ratios = {str(key): float(value) for key, value in rule.value.items()}
        if not self._floats and not rows:
            return None  # a price that has its own shape needs no periods
        if rows is None or ratios is None:
            self._missing("tou", "energy.tariff.tou.schedule")
            return None
        self._note_tou(rows, ratios)
        self.periods = {row.period for row in rows}
        try:
            return Schedule(rows=rows, ratios=ratios)
        except ValueError as error:
            self.problems.append(
                Problem(
                    Severity.ERROR,
                    "tou",
                    _("分时时段有误：{detail}", detail=_first_line(error)),
                    column="tariff.tou",
                    touches=("energy",),
                )
            )
            return None

    def _note_tou(self, rows: Sequence[TouRow], ratios: Mapping[str, float]) -> None:
        text = " : ".join(f"{name} {ratio:g}" for name, ratio in ratios.items())
        rule_id = None if self.config.tou.schedule else "energy.tariff.tou.schedule"
        if rule_id is None:
            self._note("tou", text, "", self.config.tou.source)
            return
        rule = self.rulebook.rule(rule_id)
        self._note("tou", text, "", rule.source, confidence=str(rule.confidence), rule_id=rule_id)

    @property
    def _floats(self) -> bool:
        """Whether the market price takes the time-of-use ratio."""
        given = self.config.market_price_floats
        if given is not None:
            return given
        return not isinstance(self.config.market_price, SeriesFile)

    def _floating(self) -> set[str]:
        own = self.config.tou.floating
        if own is not None:
            return set(own)
        rule = self.rulebook.get("energy.tariff.tou.floating")
        return set(rule.value) if rule is not None and isinstance(rule.value, list) else {"energy"}

    def _components(self, ratio: pd.Series) -> pd.DataFrame:
        market = self._series("market_price", "energy.tariff.market_price")
        system = self._series("system_operation_fee", "energy.tariff.system_operation_fee")
        loss = self._number("line_loss", "energy.tariff.line_loss", "share")
        funds = self._number("funds", "energy.tariff.funds", "yuan/kWh")
        transmission = self._transmission()
        if market is None or system is None or loss is None or funds is None:
            return pd.DataFrame(index=self.index)
        frame = pd.DataFrame(
            {
                "energy": market,
                "line_loss": market * loss / (1 - loss),
                "transmission": 0.0 if self.mode is Mode.CAPACITY else (transmission or 0.0),
                "system_operation": system,
                "funds": funds,
            },
            index=self.index,
        )
        floating = self._floating() if self._floats else self._floating() - {"energy", "line_loss"}
        for name in floating:
            frame[name] *= ratio
        for extra in self.config.surcharges:
            if extra.per == "grid_kwh":
                frame[extra.name] = extra.price
                self._note(extra.name, extra.price, "yuan/kWh", extra.source)
        return frame

    def _transmission(self) -> float | None:
        part = "single_part" if self.mode is Mode.SINGLE_PART else "two_part"
        rule_id = f"energy.tariff.transmission.{part}.{self.config.voltage}"
        return self._number("transmission_price", rule_id, "yuan/kWh")

    def _self_use(self, components: pd.DataFrame) -> pd.DataFrame:
        frame = components[["funds"]].copy()
        if self.mode is Mode.BACKUP:
            frame["transmission"] = components["transmission"]
        for extra in self.config.surcharges:
            if extra.per == "self_use_kwh":
                frame[extra.name] = extra.price
                self._note(extra.name, extra.price, "yuan/kWh", extra.source)
        self.rulebook.get("energy.tariff.self_use_funds")
        return frame

    def _fixed(self, period: pd.Series) -> list[FixedCharge]:
        charges = []
        if self.mode is not Mode.SINGLE_PART:
            charges += self._two_part_charge()
        if self.mode is Mode.CAPACITY:
            charges += self._near_charge()
        for extra in self.config.surcharges:
            if extra.per in (PER_KVA, PER_KW):
                charges.append(FixedCharge(extra.name, (extra.price,) * 12, extra.per))
                self._note(extra.name, extra.price, f"yuan/{extra.per}", extra.source)
        for own in self.config.demand_charges:
            price = tuple(own.price) if isinstance(own.price, list) else (own.price,) * 12
            self._known_periods(own)
            when = period.isin(own.periods).to_numpy() if own.periods else None
            charges.append(FixedCharge(own.name, price, PER_KW, when))
            self._note(own.name, own.price, "yuan/(kW·month)", own.source)
        return charges

    def _known_periods(self, charge: PeriodDemand) -> None:
        """Refuse a demand charge on periods the schedule does not have."""
        unknown = sorted(set(charge.periods) - self.periods)
        if unknown:
            self.problems.append(
                Problem(
                    Severity.ERROR,
                    "demand_period",
                    _("需量电费“{name}”的时段不在分时时段之中", name=charge.name),
                    column="tariff.demand_charges",
                    got="、".join(unknown),
                    allowed="、".join(sorted(self.periods)),
                    touches=("energy",),
                )
            )

    def _two_part_charge(self) -> list[FixedCharge]:
        if self.billing is None:
            self.problems.append(
                Problem(
                    Severity.ERROR,
                    "tariff_billing",
                    _("两部制电价要说明按容量还是按需量计费。"),
                    _("请填写 billing: capacity（按容量）或 billing: demand（按需量）。"),
                    column="tariff.billing",
                    touches=("energy",),
                )
            )
            return []
        by_demand = self.billing is Billing.DEMAND
        field = "demand_price" if by_demand else "capacity_price"
        unit = "yuan/(kW·month)" if by_demand else "yuan/(kVA·month)"
        price = self._number(field, f"energy.tariff.{field}.{self.config.voltage}", unit)
        if price is None:
            return []
        key = "demand_charge" if by_demand else "capacity_charge"
        return [FixedCharge(key, (price,) * 12, PER_KW if by_demand else PER_KVA)]

    def _near_charge(self) -> list[FixedCharge]:
        rate = self._number("average_load_rate", "energy.near.average_load_rate", "share")
        energy_price = self._transmission_again()
        if rate is None or energy_price is None:
            return []
        hours = self.rulebook.number("energy.near.capacity_hours")
        price = near_capacity_addition(energy_price, rate, hours)
        return [FixedCharge("near_charge", (price,) * 12, PER_KVA)]

    def _transmission_again(self) -> float | None:
        for item in self.assumptions:
            if item.item == "transmission_price":
                return float(item.value)
        return None

    def _export(self) -> pd.Series:
        own = self.config.export_price
        if own == "mechanism":
            rule = self.rulebook.get("energy.tariff.mechanism_price")
            if rule is None:
                self._missing("export_price", "energy.tariff.mechanism_price")
                return pd.Series(np.nan, index=self.index)
            self._note(
                "export_price",
                rule.value,
                rule.unit,
                rule.source,
                confidence=str(rule.confidence),
                rule_id=rule.id,
            )
            price = self.rulebook.number(rule.id)
            return pd.Series(price, index=self.index, name="export_price")
        if own is None:
            if self.export_allowed:
                self._missing("export_price", "energy.tariff.mechanism_price")
            return pd.Series(np.nan, index=self.index, name="export_price")
        series = self._series("export_price", "")
        if series is None:
            return pd.Series(np.nan, index=self.index, name="export_price")
        return series.rename("export_price")


def _first_line(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    if errors is not None:
        first = errors()[0]
        return str(first.get("ctx", {}).get("error", first["msg"]))
    return str(error).split("\n")[0]
