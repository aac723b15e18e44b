"""How a tariff is written in a case or park file, under ``tariff:``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from math import inf
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from greenland.energy.tariff.charges_config import (
    ContractDemandKw,
    PeriodDemand,
    PowerFactorConfig,
    Surcharge,
)
from greenland.energy.tariff.spellings import spellings
from greenland.energy.tou import TouRow
from greenland.i18n import N_, _


class Mode(StrEnum):
    """How the grid is paid for."""

    CAPACITY = "capacity"
    TWO_PART = "two_part"
    SINGLE_PART = "single_part"
    BACKUP = "backup"


MODE_LABELS = {
    Mode.CAPACITY: N_("就近消纳容量电费（1192号）"),
    Mode.TWO_PART: N_("两部制"),
    Mode.SINGLE_PART: N_("单一制"),
    Mode.BACKUP: N_("两部制，电量电价按全部用电量（1192号可选方式）"),
}

# What has to be known before a mode is chosen because it is the cheapest.
MODE_NOTES = {
    Mode.CAPACITY: N_(
        "1192号的容量电费方式：下网电量不再缴纳电量输配电价，平均负荷率以省级公布值为准。"
    ),
    Mode.BACKUP: N_(
        "1192号的可选方式：用于可靠性要求高、需要容量备用的项目，自用电量也缴纳电量输配电价。"
    ),
    Mode.SINGLE_PART: N_("单一制不属于1192号给直连项目的两种缴费方式，采用前请与电网企业确认。"),
    Mode.TWO_PART: N_(
        "普通两部制（自用电量不付输配电价）只适用于不执行1192号就近消纳价格机制的项目，采用前请与电网企业确认。"
    ),
}


class Billing(StrEnum):
    """What the fixed part of a two-part tariff is charged on."""

    CAPACITY = "capacity"
    DEMAND = "demand"


BILLING_LABELS = {Billing.CAPACITY: N_("按容量"), Billing.DEMAND: N_("按需量")}


class Voltage(StrEnum):
    """Voltage level of the connection, as T&D prices are listed."""

    LT1KV = "lt1kv"
    KV1_10 = "kv1_10"
    KV35 = "kv35"
    KV110 = "kv110"
    KV220 = "kv220"


VOLTAGE_LABELS = {
    Voltage.LT1KV: N_("不满1千伏"),
    Voltage.KV1_10: N_("1–10千伏"),
    Voltage.KV35: N_("35千伏"),
    Voltage.KV110: N_("110千伏"),
    Voltage.KV220: N_("220千伏及以上"),
}

# Components a price may be made of; the keys are the columns of `Tariff.components`.
COMPONENT_LABELS = {
    "energy": N_("市场化电量电费"),
    "line_loss": N_("上网环节线损"),
    "transmission": N_("输配电量电费"),
    "system_operation": N_("系统运行费"),
    "funds": N_("政府性基金及附加"),
}


def voltage_of(value: Any) -> Any:
    """A voltage level as people write it; what is none stays as it is."""
    text = str(value).strip().lower().replace(" ", "")
    if text in set(Voltage):
        return text
    for unit in ("kv", *spellings("unit")):
        text = text.replace(unit, "")
    return spellings("voltage").get(text.replace("–", "-").replace("~", "-"), value)


class SeriesFile(BaseModel):
    """A column of a file beside the case: one value per time step.

    Parameters
    ----------
    file : str
        CSV (UTF-8 or GBK), Excel or Parquet, relative to the case.
    column : str, optional
        The last column when left out.
    scale : float
        Values are multiplied by it, such as 0.001 from yuan/MWh.
    """

    model_config = ConfigDict(extra="forbid")

    file: str = Field(min_length=1)
    column: str | None = None
    scale: float = Field(default=1.0, ge=-1e9, le=1e9)


# One number, twelve (January first), one per season or month name, or one per step in a file.
Price = float | Annotated[list[float], Field(min_length=12, max_length=12)] | dict[str, float]


def _one_fault(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Say once what a price may be, instead of once for every form it is not."""
    try:
        return handler(value)
    except ValidationError as error:
        raise ValueError(
            _("应为一个数、十二个数（一月起）、按季节的数，或 file、column、scale 指明的文件")
        ) from error


PriceOrFile = Annotated[SeriesFile | Price, WrapValidator(_one_fault)]
ExportPrice = Annotated[Literal["mechanism"] | SeriesFile | Price, WrapValidator(_one_fault)]


class DatedNumber(BaseModel):
    """A number that holds from one day to another, both counted; open where a day is left out."""

    model_config = ConfigDict(extra="forbid")

    value: float
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str = ""


def _as_dated(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """One number for all days is a single part."""
    if value is None or isinstance(value, list):
        return handler(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(  # noqa: TRY004 - pydantic takes only this one for a fault
            _("应为一个数，或按日期分段的数（每段写 value、valid_from、valid_to、source）")
        )
    return handler([{"value": value}])


def _parts(inside: Callable[[float], bool], allowed: str) -> AfterValidator:
    """Parts with possible numbers, that share no day."""

    def checked(parts: list[DatedNumber]) -> list[DatedNumber]:
        for part in parts:
            if not inside(part.value):
                text = _("应{allowed}，实际为 {got:g}", allowed=_(allowed), got=part.value)
                raise ValueError(text)
        ranked = sorted(parts, key=lambda part: part.valid_from or dt.date.min)
        for part, later in zip(ranked, [*ranked[1:], None], strict=True):
            last = part.valid_to or dt.date.max
            if last < (part.valid_from or dt.date.min):
                raise ValueError(_("有一段的 valid_from 晚于 valid_to"))
            if later is not None and (later.valid_from or dt.date.min) <= last:
                raise ValueError(_("有两段的日期重叠，请改 valid_from 和 valid_to"))
        return parts

    return AfterValidator(checked)


# A number, or numbers by their days; always a list of parts once it is read.
_Parts = Annotated[list[DatedNumber], Field(min_length=1)]
DatedPrice = Annotated[
    _Parts, _parts(lambda x: 0 <= x < inf, N_("不小于 0")), WrapValidator(_as_dated)
]
DatedLoss = Annotated[
    _Parts, _parts(lambda x: 0 <= x < 1, N_("不小于 0 且小于 1")), WrapValidator(_as_dated)
]
DatedRate = Annotated[
    _Parts, _parts(lambda x: 0 < x <= 1, N_("大于 0 且不大于 1")), WrapValidator(_as_dated)
]


# What a bill calls something of its own.
_BILL_WORDS = (
    *("capacity_charge", "demand_charge", "demand_excess", "near_charge", "export", "fixed"),
    *("month", "total", "power_factor_adjustment"),
)


class TouConfig(BaseModel):
    """Time of use; what is left out comes from the rules in force."""

    model_config = ConfigDict(extra="forbid")

    schedule: list[TouRow] | None = None
    ratios: dict[str, Annotated[float, Field(ge=0)]] | None = None
    floating: list[Literal["energy", "line_loss", "transmission", "system_operation", "funds"]] | (
        None
    ) = None
    source: str = ""


class GridOnlyConfig(BaseModel):
    """How the load would be billed if all of it came from the grid."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal[Mode.TWO_PART, Mode.SINGLE_PART] | None = None
    billing: Billing | None = None
    connected_kva: float | None = Field(default=None, gt=0, le=1e9)
    contract_demand_kw: ContractDemandKw | None = None


class TariffConfig(BaseModel):
    """The ``tariff:`` part of a case or park file.

    Parameters
    ----------
    mode : Mode or "cheapest"
    billing : Billing, optional
        What a two-part tariff is charged on; with ``cheapest`` and nothing given, both are tried.
    candidates : list of Mode
        Modes that ``cheapest`` chooses from; when left out, the two that 1192 gives to projects
        consuming nearby. The ordinary tariff is what "all from the grid" is billed by.
    voltage : Voltage
        Also as written: ``110千伏``, ``110kV``, ``1-10kV``.
    market_price, export_price, system_operation_fee : price [yuan/kWh]
        A number, twelve of them, one per season, or a file with one per step.
        ``export_price: mechanism`` takes the province's mechanism price.
    market_price_floats : bool, optional
        Whether the time-of-use ratio applies to the market price. Default: yes, except for a
        price per step, which has its shape already.
    funds, transmission_price : float or list of DatedNumber, optional [yuan/kWh]
        One number, or parts with their days; days that no part covers come from the rules.
    self_use_funds : bool, optional
        Whether self-used energy pays the funds; as the rules say when left out.
    line_loss : float or list of DatedNumber, optional
        As decimal.
    capacity_price : float or list of DatedNumber, optional [yuan/(kVA·month)]
    demand_price : float or list of DatedNumber, optional [yuan/(kW·month)]
    average_load_rate : float or list of DatedNumber, optional
        As decimal; the 1192 formula's average load rate of the voltage level.
    power_factor : float, optional
    table : str, optional
        Price table of the province, a CSV relative to the case (``docs/tariff-table.md``); what
        it gives stands before the rules and behind the fields here.
    contract_demand_kw : "monthly", float or list of 12 float, optional
        Demand declared to the grid company [kW], billed instead of the highest import where the
        billing is by demand; ``monthly``: the cheapest of each month. When left out, the highest
        import of each month is billed.
    power_factor_adjustment : PowerFactorConfig, optional
        When left out, the bill is not adjusted.
    connected_kva : float, optional
        Transformers in simultaneous use and direct high-voltage motors [kVA]; otherwise the
        plan's connected capacity divided by the power factor.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Literal["capacity", "two_part", "single_part", "backup", "cheapest"]
    voltage: Annotated[Voltage, BeforeValidator(voltage_of)]
    market_price: PriceOrFile | None = None
    billing: Billing | None = None
    table: str | None = Field(default=None, min_length=1)
    candidates: Annotated[list[Mode], Field(min_length=1)] = [Mode.CAPACITY, Mode.BACKUP]
    market_price_floats: bool | None = None
    system_operation_fee: PriceOrFile | None = None
    export_price: ExportPrice | None = None
    funds: DatedPrice | None = None
    self_use_funds: bool | None = None
    transmission_price: DatedPrice | None = None
    line_loss: DatedLoss | None = None
    capacity_price: DatedPrice | None = None
    demand_price: DatedPrice | None = None
    average_load_rate: DatedRate | None = None
    power_factor: float | None = Field(default=None, gt=0, le=1)
    connected_kva: float | None = Field(default=None, gt=0, le=1e9)
    contract_demand_kw: ContractDemandKw | None = None
    power_factor_adjustment: PowerFactorConfig | None = None
    tou: TouConfig = TouConfig()
    seasons: dict[str, list[int]] | None = None
    surcharges: list[Surcharge] = []
    demand_charges: list[PeriodDemand] = []
    grid_only: GridOnlyConfig = GridOnlyConfig()
    source: str = ""

    @model_validator(mode="after")
    def _voltage_allows(self) -> TariffConfig:
        if self.voltage is Voltage.LT1KV and self.mode not in ("single_part", "cheapest"):
            raise ValueError(_("不满1千伏只有单一制电价，请把 mode 改为 single_part"))
        return self

    @model_validator(mode="after")
    def _contract_is_billed(self) -> TariffConfig:
        by_capacity = self.billing is Billing.CAPACITY or self.mode == "single_part"
        if self.contract_demand_kw is not None and by_capacity:
            raise ValueError(
                _(
                    "contract_demand_kw 只用于按需量计费的两部制电价，"
                    "请改 billing 为 demand 或删去该项"
                )
            )
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> TariffConfig:
        names = [item.name for item in self.surcharges]
        names += [item.name for item in self.demand_charges]
        taken = [*names, *COMPONENT_LABELS, *_BILL_WORDS]
        taken += [f"self_use_{name}" for name in set(taken)]  # the same on self-used energy
        twice = sorted({name for name in taken if taken.count(name) > 1})
        if twice:
            raise ValueError(_("费用名称“{name}”重复，请改名", name="、".join(twice)))
        return self

    def modes(self) -> list[tuple[Mode, Billing | None]]:
        """Every combination of mode and billing the file asks for, in the order to prefer."""
        modes = self.candidates if self.mode == "cheapest" else [Mode(self.mode)]
        if self.voltage is Voltage.LT1KV:
            modes = [Mode.SINGLE_PART]
        found: list[tuple[Mode, Billing | None]] = []
        for mode in modes:
            if mode is Mode.SINGLE_PART:
                found.append((mode, None))
            elif self.billing is not None or self.mode != "cheapest":
                found.append((mode, self.billing))
            else:
                found += [(mode, billing) for billing in Billing]
        return found
