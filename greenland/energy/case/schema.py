"""What a case file may say: the site's own fields, with curves as file names."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model, model_validator

from greenland.energy import site as parts
from greenland.energy.compliance import ComplianceConfig
from greenland.energy.money.carbon import CarbonConfig
from greenland.energy.money.config import FinanceConfig
from greenland.energy.site import Objective
from greenland.energy.tariff.config import TariffConfig
from greenland.i18n import _
from greenland.rules import Override
from greenland.rules.holders import PROVINCES, WITHOUT_PACK, province_named
from greenland.yamlfile import known_name


class Curve(BaseModel):
    """A column of a file beside the case.

    Parameters
    ----------
    file : str
        CSV, Excel or Parquet, relative to the case.
    column : str, optional
        Needed when the file has more than one column besides the time.
    time : str, optional
        Header of the time column; the first column when left out.
    scale : float
        Values are multiplied by it, such as 0.001 from kW to MW.
    factor : float
        What values in MW, or per unit, are multiplied by: growth of a load, a poorer year.
    """

    model_config = ConfigDict(extra="forbid")

    file: str = Field(min_length=1)
    column: str | None = None
    time: str | None = None
    scale: Annotated[float, Field(ge=-1e9, le=1e9)] = 1.0
    factor: Annotated[float, Field(ge=0, le=1e6)] = 1.0


class WeatherFile(BaseModel):
    """A weather file beside the case, for the facts of the resource; nothing is sized by it.

    Parameters
    ----------
    file : str
        EPW, TMY3, PVGIS, NSRDB or a table, relative to the case.
    columns : mapping of our names to the file's headers, optional
        For tables whose headers are not recognised: ``{ghi: 总辐射}``.
    timezone : str
        Of the times of a table that names none.
    wind_height : float
        Height of a wind speed whose header names none [m].
    """

    model_config = ConfigDict(extra="forbid")

    file: str = Field(min_length=1)
    columns: dict[str, str] = {}
    timezone: str = "Asia/Shanghai"
    wind_height: Annotated[float, Field(gt=0, le=1e3)] = 10.0


CurveIn = str | Curve | list[float]


PriceIn = float | str | Curve | list[float]


MaskIn = bool | str | Curve | list[bool]


_TYPES = {parts.Profile: CurveIn, parts.Price: PriceIn, parts.Mask: MaskIn}


def _part(of: type, **others: tuple[Any, Any]) -> type[BaseModel]:
    """A model with the fields of one of the site's dataclasses; curves become file names."""
    hints = get_type_hints(of)
    fields: dict[str, Any] = {}
    for item in dataclasses.fields(of):
        kind = file_form(hints[item.name])
        required = item.default is dataclasses.MISSING
        fields[item.name] = (kind, ... if required else item.default)
    fields |= others
    return create_model(
        f"{of.__name__}In", __config__=ConfigDict(extra="forbid"), __doc__=of.__doc__, **fields
    )


def file_form(kind: Any) -> Any:
    """The type a field has in a file: curves become file names, all else stays."""
    for series, written in _TYPES.items():
        if kind == series:
            return written
        if kind == series | None:
            return written | None
    return kind


PurchaseIn = _part(parts.PurchaseContract)


SourceIn = _part(parts.Source, purchase=(PurchaseIn | None, None))


StorageIn = _part(parts.Storage)


ContractDemandIn = _part(parts.ContractDemand)


DemandChargeIn = _part(parts.DemandCharge, contract=(ContractDemandIn | None, None))


GridIn = _part(parts.Grid, demand_charges=(list[DemandChargeIn], []))  # type: ignore[valid-type]


ShiftableIn = _part(parts.ShiftableLoad)


InterruptibleIn = _part(parts.InterruptibleLoad)


ElectrolyserIn = _part(parts.Electrolyser)


MaintenanceIn = _part(parts.MaintenanceWindow)


GeneratorIn = _part(parts.Generator, maintenance=(MaintenanceIn | None, None))


FixedAssetIn = _part(parts.FixedAsset)


LimitsIn = _part(parts.Limits)


def _province(text: str) -> str:
    """The name proper of a province."""
    name = province_named(text)
    return known_name(name, [*PROVINCES, *WITHOUT_PACK], _("省级行政区"))


class CaseRules(BaseModel):
    """Rule packs of a case that stands alone; a park's own are used for a park."""

    model_config = ConfigDict(extra="forbid")

    packs: list[str] = ["national"]
    overrides: dict[str, Override] = {}


class StudyConfig(BaseModel):
    """What a case asks `greenland.energy.sizing.sensitivity` for.

    Parameters
    ----------
    change : float, optional
        Share by which each price is lowered and raised, all others as they are.
    self_use_of_consumption : list of float
        Least shares of own electricity in consumption to size for, one after the other.
    """

    model_config = ConfigDict(extra="forbid")

    change: Annotated[float, Field(gt=0, lt=1)] | None = None
    self_use_of_consumption: list[Annotated[float, Field(ge=0, le=1)]] = []

    @model_validator(mode="after")
    def _something(self) -> StudyConfig:
        if self.change is None and not self.self_use_of_consumption:
            raise ValueError(_("study 中至少要给 change 或 self_use_of_consumption"))
        return self


STUDIED = (Objective.ANNUAL_COST, Objective.NPV)
"""Objectives whose cost a study can follow."""


class Case(BaseModel):
    """A case file, or the ``energy:`` part of a park file.

    Parameters
    ----------
    load : curve
        Firm load [MW].
    step_hours : int, optional
        Length of the steps the curves are averaged over: 2, 3, 4 or 6 [h]; as they are when left
        out.
    sources, generators, storages, grid, limits, shiftable, interruptible, electrolysers, \
fixed_assets
        Fields of the parts in `greenland.energy.site`.
    limits_from_rules : bool
        Whether shares that *limits* leaves out are taken from the rules in force.
    discount_rate, project_years : optional
        As decimal [1/yr], and [yr]; left out, these and the lifetimes, efficiencies and depths of
        discharge of parts come from the rules (`greenland.energy.case.defaults`).
    tariff : TariffConfig, optional
        Prices by component and mode, instead of the prices in *grid*.
    finance, compliance, carbon : optional
        See the modules of the same names.
    study : StudyConfig, optional
        Sensitivity of the annual cost, and its growth with the share of own electricity.
    weather : WeatherFile, optional
        Weather of the place, for the facts of the resource in reports and filings.
    users : mapping of name to curve, optional
        Consumption of each user [MW], for the allocation of green energy.
    round_units : bool
        Whether capacities are rounded to unit sizes where these are given.
    assumptions : mapping of item to source
        Where the numbers of the case come from, to be shown in the report.
    year, rules
        For a case that stands alone: assessed year and rule packs.
    province : str, optional
        Where the project is; the rule pack of the province is loaded beside those of *rules*.
    cross_check : bool
        Whether the continuous optimum is sized by the other engine too.
    scenarios : mapping of name to mapping of path to value
        Variants for `greenland.energy.compare`: values put into the case at paths such as
        ``grid.capacity_mw`` or ``sources.pv.max_mw``.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    load: CurveIn
    step_hours: Literal[2, 3, 4, 6] | None = None
    sources: list[SourceIn] = []  # type: ignore[valid-type]
    storages: list[StorageIn] = []  # type: ignore[valid-type]
    grid: GridIn | None = None  # type: ignore[valid-type]
    tariff: TariffConfig | None = None
    limits: LimitsIn = LimitsIn()  # type: ignore[valid-type]
    limits_from_rules: bool = False
    discount_rate: float | None = None
    shiftable: list[ShiftableIn] = []  # type: ignore[valid-type]
    interruptible: list[InterruptibleIn] = []  # type: ignore[valid-type]
    electrolysers: list[ElectrolyserIn] = []  # type: ignore[valid-type]
    generators: list[GeneratorIn] = []  # type: ignore[valid-type]
    fixed_assets: list[FixedAssetIn] = []  # type: ignore[valid-type]
    weather_years: parts.WeatherYears = parts.WeatherYears.AVERAGE
    unserved_price: float = 0.0
    project_years: int | None = None
    objective: Objective = Objective.ANNUAL_COST
    engine: str = "auto"
    round_units: bool = True
    finance: FinanceConfig | None = None
    compliance: ComplianceConfig | None = None
    carbon: CarbonConfig | None = None
    study: StudyConfig | None = None
    weather: WeatherFile | None = None
    users: dict[str, CurveIn] = {}
    assumptions: dict[str, str] = {}
    preview: bool = False
    year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    rules: CaseRules | None = None
    province: Annotated[str, AfterValidator(_province)] | None = None
    cross_check: bool = False
    scenarios: dict[str, dict[str, Any]] = {}

    @model_validator(mode="after")
    def _studied(self) -> Case:
        if self.study is not None and self.objective not in STUDIED:
            text = _(
                "study 只适用于 objective 为 {allowed} 的案例，这里是 {objective}",
                allowed="、".join(STUDIED),
                objective=self.objective,
            )
            raise ValueError(text)
        return self

    @model_validator(mode="after")
    def _one_price(self) -> Case:
        grid: Any = self.grid
        if self.tariff is None or grid is None:
            return self
        given = {"import_price", "export_price", "capacity_price", "self_use_price"}
        both = sorted(given & set(grid.model_fields_set))
        if both:
            text = _("已给出 tariff，grid 中不能再给 {fields}", fields="、".join(both))
            raise ValueError(text)
        return self
