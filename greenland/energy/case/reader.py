"""Reads the curves of a case on the index of its load, noting every fault."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pandas as pd
from pydantic import BaseModel

from greenland.energy import site as parts
from greenland.energy.case.curves import averaged, read_curve_of_case
from greenland.energy.case.schema import Curve, CurveIn, file_form
from greenland.energy.profiles import Subject, store
from greenland.energy.profiles.curve_file import CurveFile
from greenland.energy.site import Technology
from greenland.errors import InputError, MissingExtraError, Problem, Severity
from greenland.i18n import _
from greenland.yamlhints import short
from greenland.yamltree import is_ordinary_file

MONTHS = 12
_SUBJECTS = {Technology.PV: Subject.PV, Technology.WIND: Subject.WIND}
_PARTS = {
    parts.Source: "source",
    parts.Storage: "storage",
    parts.ShiftableLoad: "shiftable",
    parts.InterruptibleLoad: "interruptible",
    parts.Electrolyser: "electrolyser",
    parts.Generator: "generator",
    parts.FixedAsset: "fixed_asset",
    parts.Grid: "grid",
    parts.DemandCharge: "demand_charge",
}


@dataclass(frozen=True, slots=True)
class CurvePlace:
    """Where a curve stands in a case.

    Parameters
    ----------
    kind : str
        ``load``, ``user``, or what the curve's owner is, such as ``source``.
    owner : str
        Name of the user or the part; empty for the load and the grid.
    field : str
        Field of the part.
    subject : Subject, optional
        What the curve measures; None for prices, masks, and sources of no known technology.
    """

    kind: str
    owner: str = ""
    field: str = ""
    subject: Subject | None = None

    def __str__(self) -> str:
        """Return the place as people write it, such as ``pv.profile`` or ``users.A``."""
        if self.kind == "user":
            return f"users.{self.owner}"
        return f"{self.owner or self.kind}.{self.field}" if self.field else self.kind

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        named = {"name": str(self), "kind": self.kind}
        return named | {"owner": self.owner or None, "field": self.field or None}


LOAD = CurvePlace("load", subject=Subject.LOAD)


def user(name: str) -> CurvePlace:
    """The place of a user's consumption."""
    return CurvePlace("user", name, subject=Subject.LOAD)


class CaseReader:
    """Reads curves of one case on one index, noting every fault."""

    def __init__(self, folder: Path, hours: int | None = None) -> None:
        self.folder, self.hours = folder, hours
        self.problems: list[Problem] = []
        self.series: list[dict[str, Any]] = []
        self.index: pd.DatetimeIndex | None = None

    def load(self, curve: CurveIn) -> pd.Series | None:
        """The load, which sets the index of everything else."""
        if isinstance(curve, list):
            self._fault("load_inline", LOAD, _("负荷要有时间，请用文件给出。"))
            return None
        found = self.curve(curve, LOAD)
        if found is None:
            return None
        if not isinstance(found.index, pd.DatetimeIndex):
            self._fault("load_time", LOAD, _("负荷文件的第一列不是时间。"), got=str(curve))
            return None
        self.index = found.index
        return found

    def part(self, kind: type, item: BaseModel) -> Any:
        """One of the site's dataclasses, with its curves read."""
        hints = get_type_hints(kind)
        values: dict[str, Any] = {}
        subject = None
        if kind is parts.Source:
            item = item.model_copy(update={"technology": self._technology(item)})
            subject = _SUBJECTS.get(item.technology)  # type: ignore[attr-defined]
        for key in type(item).model_fields:
            value = getattr(item, key)
            measured = subject if key == "profile" else None
            where = CurvePlace(_PARTS[kind], getattr(item, "name", ""), key, measured)
            if key == "demand_charges":
                value = tuple(self.part(parts.DemandCharge, one) for one in value)
            elif key == "purchase" and value is not None:
                value = self._purchase(value, getattr(item, "name", ""))
            elif key == "maintenance" and value is not None:
                value = parts.MaintenanceWindow(**value.model_dump())
            elif key == "contract" and value is not None:
                value = parts.ContractDemand(**value.model_dump())
            elif file_form(hints[key]) is not hints[key] and isinstance(value, str | Curve | list):
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

    def _purchase(self, item: Any, owner: str) -> parts.PurchaseContract:
        """A purchase contract; twelve prices are those of the months, January first."""
        price = item.price
        if isinstance(price, list) and len(price) == MONTHS and self.index is not None:
            price = pd.Series(np.asarray(price)[self.index.month - 1], index=self.index)
        elif isinstance(price, str | Curve | list):
            found = self.curve(price, CurvePlace("source", owner, "purchase.price"))
            price = (
                np.zeros(0 if self.index is None else len(self.index)) if found is None else found
            )
        return parts.PurchaseContract(price, item.min_take_mwh, item.shortfall_price)

    def _technology(self, item: Any) -> Technology | None:
        """What a source makes electricity from: as written, else as its curve's own record says."""
        given: Technology | None = item.technology
        if given is not None or isinstance(item.profile, list):
            return given
        file = item.profile if isinstance(item.profile, str) else item.profile.file
        beside = store.sidecar(self.folder / file) or {"quality": {}}
        said = beside["quality"].get("subject")
        return next((one for one, subject in _SUBJECTS.items() if subject == said), None)

    def curve(self, curve: Any, where: CurvePlace, *, mask: bool = False) -> pd.Series | None:
        """One curve, or None with the fault noted."""
        if isinstance(curve, list):
            found = pd.Series(curve, index=self._plain_index(len(curve)))
            inline = {"provenance": {"kind": "inline"}, "quality": {}}
            self.series.append(where.to_record() | inline)
        else:
            if curve == "":
                self._fault("no_file", where, _("没有填写曲线文件名。"))
                return None
            spec = Curve(file=curve) if isinstance(curve, str) else curve
            read = self._read(spec, where)
            if read is None:
                return None
            found = read
        if self.hours is not None and isinstance(found.index, pd.DatetimeIndex):
            try:
                found = averaged(found, self.hours, whole=mask)
            except InputError as error:
                self.problems += [_of_curve(problem, where) for problem in error.problems]
                return None
        if mask:
            return found.astype(bool)
        return found

    def _plain_index(self, length: int) -> pd.Index[Any]:
        same = self.index is not None and length == len(self.index)
        return self.index if same and self.index is not None else pd.RangeIndex(length)

    def _read(self, spec: Curve, where: CurvePlace) -> pd.Series | None:
        path = self.folder / spec.file
        if not is_ordinary_file(path):
            text = _("找不到曲线文件 {file}。", file=short(path.name))
            self._fault("no_file", where, text, _("文件名相对于案例文件所在的文件夹。"))
            return None
        try:
            read = self._curve_file(path, spec, where)
        except InputError as error:
            self.problems += [_of_case(problem, spec, where) for problem in error.problems]
            return None
        except MissingExtraError as error:
            text = _("曲线文件 {file} 读不出：{detail}", file=path.name, detail=str(error))
            self._fault("curve_file", where, text)
            return None
        index = read.values.index
        if not isinstance(index, pd.DatetimeIndex):
            index = self._plain_index(len(index))
        found = pd.Series(read.values.to_numpy(), index=index, name=str(where))
        self.series.append(_provenance(where, path, spec, read, found))
        return found

    def _curve_file(self, path: Path, spec: Curve, where: CurvePlace) -> CurveFile:
        """A curve from its file."""
        return read_curve_of_case(path, spec, where.subject)

    def _fault(
        self, code: str, where: CurvePlace, message: str, remedy: str = "", **more: Any
    ) -> None:
        more |= {"column": str(where), "touches": ("energy",)}
        self.problems.append(Problem(Severity.ERROR, code, message, remedy, **more))


def _of_curve(problem: Problem, where: CurvePlace) -> Problem:
    return replace(problem, column=str(where), touches=("energy",))


def _of_case(problem: Problem, spec: Curve, where: CurvePlace) -> Problem:
    """A problem of a curve file as one of the case, with the key that decides."""
    own: dict[str, Any] = {"column": str(where), "touches": ("energy",)}
    if problem.code == "meter_value":
        text = _("文件 {file} 有多个数值列，请用 column 指明。", file=spec.file)
        return Problem(Severity.ERROR, "curve_column", text, allowed=problem.got, **own)
    if problem.code == "meter_column":
        text = _("文件 {file} 没有“{column}”列。", file=spec.file, column=spec.column or spec.time)
        remedy, allowed = problem.remedy, problem.allowed
        return Problem(Severity.ERROR, "curve_column", text, remedy, allowed=allowed, **own)
    column = " ".join(part for part in (str(where), problem.column) if part)
    return replace(
        problem,
        severity=Severity.ERROR,
        column=column,
        file=problem.file or spec.file,
        touches=("energy",),
    )


def _provenance(
    where: CurvePlace, path: Path, spec: Curve, read: CurveFile, found: pd.Series
) -> dict[str, Any]:
    """Where a curve comes from and how good it is: as its own record says, or looked at here."""
    file = {
        "file": spec.file,
        "column": read.column,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "scale": spec.scale,
    }
    if spec.factor != 1.0:
        file["factor"] = spec.factor
    place, subject = where.to_record(), where.subject
    whole = isinstance(found.index, pd.DatetimeIndex) and found.notna().all()
    if subject is None or not whole:
        kept = store.sidecar(path) or {"provenance": {"kind": "file"}, "quality": {}}
        quality = {**kept["quality"], "steps": len(found)}
        return {**place, "provenance": {**kept["provenance"], **file}, "quality": quality}
    described = store.describe(found, subject, name=str(where), path=path, readings=read.readings)
    return {
        **place,
        **described,
        "provenance": {**described["provenance"], **file},
        "quality": {**described["quality"], "steps": len(found)},
    }
