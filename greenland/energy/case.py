"""Case files: a site written down in YAML, with its curves as files beside it.

The keys are the fields of `greenland.energy.site`; a curve is a CSV, Excel or Parquet file. The
``energy:`` part of a park file has the same form.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from greenland.energy import site as parts
from greenland.energy.carbon import CarbonConfig
from greenland.energy.compliance import ComplianceConfig
from greenland.energy.finance_config import FinanceConfig
from greenland.energy.profiles import Subject, store
from greenland.energy.site import Objective, Site
from greenland.energy.tariff_config import TariffConfig
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.rules import Override, Rulebook
from greenland.yamlfile import nearest, read_tree, validate


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
    """

    model_config = ConfigDict(extra="forbid")

    file: str = Field(min_length=1)
    column: str | None = None
    time: str | None = None
    scale: float = 1.0


CurveIn = str | Curve | list[float]
PriceIn = float | str | Curve | list[float]
MaskIn = bool | str | Curve | list[bool]
_TYPES = {parts.Profile: CurveIn, parts.Price: PriceIn, parts.Mask: MaskIn}


def _part(of: type, **others: tuple[Any, Any]) -> type[BaseModel]:
    """A model with the fields of one of the site's dataclasses; curves become file names."""
    hints = get_type_hints(of)
    fields: dict[str, Any] = {}
    for item in dataclasses.fields(of):
        kind = _file_form(hints[item.name])
        required = item.default is dataclasses.MISSING
        fields[item.name] = (kind, ... if required else item.default)
    fields |= others
    return create_model(
        f"{of.__name__}In", __config__=ConfigDict(extra="forbid"), __doc__=of.__doc__, **fields
    )


def _file_form(kind: Any) -> Any:
    for series, written in _TYPES.items():
        if kind == series:
            return written
        if kind == series | None:
            return written | None
    return kind


SourceIn = _part(parts.Source)
StorageIn = _part(parts.Storage)
DemandChargeIn = _part(parts.DemandCharge)
GridIn = _part(parts.Grid, demand_charges=(list[DemandChargeIn], []))  # type: ignore[valid-type]
ShiftableIn = _part(parts.ShiftableLoad)
InterruptibleIn = _part(parts.InterruptibleLoad)
ElectrolyserIn = _part(parts.Electrolyser)
FixedAssetIn = _part(parts.FixedAsset)
LimitsIn = _part(parts.Limits)


class CaseRules(BaseModel):
    """Rule packs of a case that stands alone; a park's own are used for a park."""

    model_config = ConfigDict(extra="forbid")

    packs: list[str] = ["national"]
    overrides: dict[str, Override] = {}


class Case(BaseModel):
    """A case file, or the ``energy:`` part of a park file.

    Parameters
    ----------
    load : curve
        Firm load [MW].
    sources, storages, grid, limits, shiftable, interruptible, electrolysers, fixed_assets
        Fields of the parts in `greenland.energy.site`.
    limits_from_rules : bool
        Whether shares that *limits* leaves out are taken from the rules in force.
    tariff : TariffConfig, optional
        Prices by component and mode, instead of the prices in *grid*.
    finance, compliance, carbon : optional
        See the modules of the same names.
    users : mapping of name to curve, optional
        Consumption of each user [MW], for the allocation of green energy.
    round_units : bool
        Whether capacities are rounded to unit sizes where these are given.
    assumptions : mapping of item to source
        Where the numbers of the case come from, to be shown in the report.
    year, rules
        For a case that stands alone: assessed year and rule packs.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    load: CurveIn
    sources: list[SourceIn] = []  # type: ignore[valid-type]
    storages: list[StorageIn] = []  # type: ignore[valid-type]
    grid: GridIn | None = None  # type: ignore[valid-type]
    tariff: TariffConfig | None = None
    limits: LimitsIn = LimitsIn()  # type: ignore[valid-type]
    limits_from_rules: bool = False
    discount_rate: float = 0.07
    shiftable: list[ShiftableIn] = []  # type: ignore[valid-type]
    interruptible: list[InterruptibleIn] = []  # type: ignore[valid-type]
    electrolysers: list[ElectrolyserIn] = []  # type: ignore[valid-type]
    fixed_assets: list[FixedAssetIn] = []  # type: ignore[valid-type]
    weather_years: parts.WeatherYears = parts.WeatherYears.AVERAGE
    unserved_price: float = 0.0
    project_years: int = 25
    objective: Objective = Objective.ANNUAL_COST
    engine: str = "auto"
    round_units: bool = True
    finance: FinanceConfig | None = None
    compliance: ComplianceConfig | None = None
    carbon: CarbonConfig | None = None
    users: dict[str, CurveIn] = {}
    assumptions: dict[str, str] = {}
    preview: bool = False
    year: int | None = None
    rules: CaseRules | None = None

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


@dataclass(frozen=True, eq=False)
class LoadedCase:
    """A case with its curves read.

    Parameters
    ----------
    case : Case
    folder : Path
        What file names are relative to.
    load : Series
        [MW]
    fields : dict
        Keyword arguments of `Site`, without prices where there is a tariff.
    users : DataFrame, optional
        Consumption of each user [MW].
    series : tuple of dict
        Name and provenance of every curve.
    """

    case: Case
    folder: Path
    load: pd.Series
    fields: Mapping[str, Any]
    users: pd.DataFrame | None = None
    series: tuple[dict[str, Any], ...] = field(default=())

    def site(self, rulebook: Rulebook | None = None, **grid: Any) -> Site:
        """The site, with *grid* fields (such as a tariff's prices) put in.

        Raises
        ------
        InputError
            With every fault of the site.
        """
        fields = dict(self.fields)
        if fields["grid"] is not None and grid:
            fields["grid"] = dataclasses.replace(fields["grid"], **grid)
        if self.case.limits_from_rules and rulebook is not None:
            fields["limits"] = limits_with_rules(self.case, fields["limits"], rulebook)
        return Site(load=self.load, **fields)


RULE_LIMITS = {
    "min_self_use_of_generation": "energy.direct.self_use_of_generation",
    "min_self_use_of_consumption": "energy.direct.self_use_of_consumption",
    "max_export_share": "energy.direct.export_share",
}


def limits_with_rules(case: Case, limits: parts.Limits, rulebook: Rulebook) -> parts.Limits:
    """Limits with the shares the case leaves out taken from the rules in force."""
    written: BaseModel = case.limits
    given = written.model_fields_set
    found: dict[str, Any] = {
        name: rulebook.number(rule_id)
        for name, rule_id in RULE_LIMITS.items()
        if name not in given and rulebook.get(rule_id) is not None
    }
    return dataclasses.replace(limits, **found)


def read_case(path: Path) -> LoadedCase:
    """Read a case file and its curves.

    Raises
    ------
    InputError
        With every fault found, unknown keys with the nearest known one.
    """
    tree = read_tree(path)
    return load_case(validate(tree, Case, file=path.name), path.parent)


def read_energy(
    energy: Mapping[str, Any], folder: Path, *, tree: Any = None, file: str = "park.yaml"
) -> LoadedCase:
    """Read the ``energy:`` part of a park file and its curves.

    Raises
    ------
    InputError
        With every fault found.
    """
    part = tree["energy"] if tree is not None and "energy" in tree else energy
    case = validate(part, Case, file=file, root=tree, prefix=("energy",) if tree else ())
    return load_case(case, folder)


def load_case(case: Case, folder: Path) -> LoadedCase:
    """Read the curves of a case and make the parts of its site.

    Raises
    ------
    InputError
        With every curve that cannot be used.
    """
    reader = _Reader(folder)
    load = reader.load(case.load)
    if load is None:
        raise InputError(reader.problems)
    fields: dict[str, Any] = {
        name: tuple(reader.part(kind, item) for item in getattr(case, name))
        for name, kind in _LISTS.items()
    }
    fields["grid"] = None if case.grid is None else reader.part(parts.Grid, case.grid)
    limits: BaseModel = case.limits
    fields["limits"] = parts.Limits(**limits.model_dump())
    for name in ("discount_rate", "weather_years", "unserved_price", "project_years"):
        fields[name] = getattr(case, name)
    users = {name: reader.curve(curve, f"users.{name}") for name, curve in case.users.items()}
    if reader.problems:
        raise InputError(reader.problems)
    table = pd.DataFrame(users, index=load.index) if users else None
    return LoadedCase(case, folder, load, fields, table, tuple(reader.series))


_LISTS: dict[str, type] = {
    "sources": parts.Source,
    "storages": parts.Storage,
    "shiftable": parts.ShiftableLoad,
    "interruptible": parts.InterruptibleLoad,
    "electrolysers": parts.Electrolyser,
    "fixed_assets": parts.FixedAsset,
}


class _Reader:
    """Reads curves of one case on one index, noting every fault."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.series: list[dict[str, Any]] = []
        self.tables: dict[Path, pd.DataFrame | None] = {}
        self.index: pd.DatetimeIndex | None = None

    def load(self, curve: CurveIn) -> pd.Series | None:
        """The load, which sets the index of everything else."""
        if isinstance(curve, list):
            self._fault("load_inline", "load", _("负荷要有时间，请用文件给出。"))
            return None
        found = self.curve(curve, "load")
        if found is None:
            return None
        if not isinstance(found.index, pd.DatetimeIndex):
            self._fault("load_time", "load", _("负荷文件的第一列不是时间。"), got=str(curve))
            return None
        self.index = found.index
        return found

    def part(self, kind: type, item: BaseModel) -> Any:
        """One of the site's dataclasses, with its curves read."""
        hints = get_type_hints(kind)
        values: dict[str, Any] = {}
        name = getattr(item, "name", kind.__name__.lower())
        for key in type(item).model_fields:
            value = getattr(item, key)
            where = f"{name}.{key}"
            if key == "demand_charges":
                value = tuple(self.part(parts.DemandCharge, one) for one in value)
            elif _file_form(hints[key]) is not hints[key] and isinstance(value, str | Curve | list):
                mask = hints[key] in (parts.Mask, parts.Mask | None)
                value = self.curve(value, where, mask=mask)
                value = (
                    np.zeros(0 if self.index is None else len(self.index))
                    if (value is None)
                    else value
                )
            elif key == "max_mw" and isinstance(value, str | Curve | list):
                value = self.curve(value, where)
            values[key] = value
        return kind(**values)

    def curve(self, curve: Any, where: str, *, mask: bool = False) -> pd.Series | None:
        """One curve, or None with the fault noted."""
        if isinstance(curve, list):
            found = pd.Series(curve, index=self._plain_index(len(curve)))
            self.series.append({"name": where, "provenance": {"kind": "inline"}, "quality": {}})
        else:
            spec = Curve(file=curve) if isinstance(curve, str) else curve
            read = self._read(spec, where)
            if read is None:
                return None
            found = read
        if mask:
            return found.astype(bool)
        return found

    def _plain_index(self, length: int) -> pd.Index[Any]:
        same = self.index is not None and length == len(self.index)
        return self.index if same and self.index is not None else pd.RangeIndex(length)

    def _read(self, spec: Curve, where: str) -> pd.Series | None:
        path = self.folder / spec.file
        table = self._table(path, where)
        if table is None:
            return None
        time = spec.time or str(table.columns[0])
        values = [str(name) for name in table.columns if str(name) != time]
        column = spec.column or (values[0] if len(values) == 1 else None)
        if len(table.columns) == 1:
            time, column = "", str(table.columns[0])
        if column is None or column not in table:
            self._no_column(where, spec, values)
            return None
        numbers = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float) * spec.scale
        stamps = _times(table[time]) if time and time in table else None
        index = self._plain_index(len(numbers)) if stamps is None else stamps
        found = pd.Series(numbers, index=index, name=where)
        self.series.append(_provenance(where, path, spec, column, found))
        return found

    def _no_column(self, where: str, spec: Curve, values: list[str]) -> None:
        guess = nearest(spec.column or "", values)
        if spec.column is None:
            message = _("文件 {file} 有多个数值列，请用 column 指明。", file=spec.file)
        else:
            message = _("文件 {file} 没有“{column}”列。", file=spec.file, column=spec.column)
        remedy = _("是否应为“{guess}”？", guess=guess) if guess else ""
        self._fault("curve_column", where, message, remedy, allowed="、".join(values))

    def _table(self, path: Path, where: str) -> pd.DataFrame | None:
        if path not in self.tables:
            self.tables[path] = self._open(path, where)
        return self.tables[path]

    def _open(self, path: Path, where: str) -> pd.DataFrame | None:
        if not path.is_file():
            text = _("找不到曲线文件 {file}。", file=path.name)
            self._fault("no_file", where, text, _("文件名相对于案例文件所在的文件夹。"))
            return None
        try:
            return _OPEN.get(path.suffix.lower(), _read_csv)(path)
        except (OSError, ValueError, ImportError, pd.errors.ParserError) as error:
            text = _("曲线文件 {file} 读不出：{detail}", file=path.name, detail=str(error))
            self._fault("curve_file", where, text)
            return None

    def _fault(self, code: str, where: str, message: str, remedy: str = "", **more: Any) -> None:
        self.problems.append(
            Problem(
                Severity.ERROR, code, message, remedy, column=where, touches=("energy",), **more
            )
        )


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, encoding="utf-8-sig")
    except UnicodeDecodeError:
        return pd.read_csv(path, encoding="gbk")


_OPEN: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".xlsx": lambda path: pd.read_excel(path, engine="calamine"),
    ".parquet": pd.read_parquet,
}


def _times(column: pd.Series) -> pd.DatetimeIndex | None:
    """Times of a column, or None when it does not hold any."""
    if pd.api.types.is_numeric_dtype(column):
        return None
    found = pd.to_datetime(column, errors="coerce")
    if isinstance(found, pd.Series) and found.isna().all():
        return None
    return pd.DatetimeIndex(found)


def _provenance(
    where: str, path: Path, spec: Curve, column: str, found: pd.Series
) -> dict[str, Any]:
    """Where a curve comes from and how good it is: as its own record says, or looked at here."""
    file = {
        "file": spec.file,
        "column": column,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "scale": spec.scale,
    }
    subject = _subject(where)
    whole = isinstance(found.index, pd.DatetimeIndex) and found.notna().all()
    if subject is None or not whole:
        kept = store.sidecar(path) or {"provenance": {"kind": "file"}, "quality": {}}
        quality = {**kept["quality"], "steps": len(found)}
        return {"name": where, "provenance": {**kept["provenance"], **file}, "quality": quality}
    described = store.describe(found, subject, name=where, path=path)
    return {
        **described,
        "provenance": {**described["provenance"], **file},
        "quality": {**described["quality"], "steps": len(found)},
    }


def _subject(where: str) -> Subject | None:
    """What a curve measures, by its place in the case; None for prices and masks."""
    if where == "load" or where.startswith("users."):
        return Subject.LOAD
    name, _dot, field_name = where.rpartition(".")
    if field_name != "profile":
        return None
    kinds = ((Subject.PV, ("pv", "solar", "光伏")), (Subject.WIND, ("wind", "风")))
    return next((kind for kind, words in kinds if any(w in name.lower() for w in words)), None)
