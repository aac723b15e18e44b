"""Reads the curves of a case on the index of its load, noting every fault."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pandas as pd
from pydantic import BaseModel

from greenland.energy import site as parts
from greenland.energy.case.schema import Curve, CurveIn, file_form
from greenland.energy.profiles import Subject, store
from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.yamlfile import nearest


class CaseReader:
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
