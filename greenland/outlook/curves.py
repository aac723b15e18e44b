"""Load curves of the firms, with or without a case that is sized.

They stand under ``outlook.curves`` of park.yaml, else under ``energy.users``, else in the columns
of a ``users.csv`` beside it. Only those are read that a firm names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from greenland.energy.case.reader import CaseReader, CurvePlace, user
from greenland.energy.case.schema import Case, Curve
from greenland.energy.outlook.inputs import MONTHS
from greenland.energy.profiles import Subject
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.park.inside import file_inside
from greenland.yamlfile import FileName, validate

if TYPE_CHECKING:
    from greenland.park import Park

BESIDE = "users.csv"
_NO_COLUMN = "curve_column"


class OutlookConfig(BaseModel):
    """``outlook`` of park.yaml.

    Parameters
    ----------
    curves : str or mapping of name to file
        One file whose column headers are the names, or the file and column of each name; power in
        MW unless the header states another unit.
    """

    model_config = ConfigDict(extra="forbid")

    curves: FileName | dict[str, FileName | Curve] | None = None


def read_curves(park: Park) -> pd.DataFrame | None:
    """Power of each firm that names a curve [MW], a year or more of it; None where there is none.

    Raises
    ------
    InputError
        If ``outlook`` of park.yaml, or a curve that is named, cannot be used. What is wrong with
        the curves of ``energy.users`` is told by the sizing too.
    """
    given = _config(park).curves
    names = _named(park)
    if not names:
        return None
    if isinstance(given, str):
        return _of_file(park.folder, given, names)
    if given is not None:
        specs = {name: _spec(one) for name, one in given.items() if name in names}
        places = {name: _place(f"outlook.curves.{name}") for name in specs}
        return _together(_read(CaseReader(park.folder), specs, places))
    energy = park.config.energy or {}
    if energy.get("users"):
        return _of_case(park, energy, names)
    if park.folder is not None and (park.folder / BESIDE).is_file():
        return _of_file(park.folder, BESIDE, names)
    return None


def _config(park: Park) -> OutlookConfig:
    part = park.config.outlook
    if part is None:
        return OutlookConfig()
    try:
        return validate(
            part, OutlookConfig, file="park.yaml", root=park.config.tree, prefix=("outlook",)
        )
    except InputError as error:
        raise _touching(error.problems) from error


def _named(park: Park) -> list[str]:
    """Names of curves among the firms of the assessed year."""
    table = park.tables["firm_energy"]
    names = table.loc[table["year"] == park.year, "curve"].dropna()
    return [str(name) for name in names.unique() if name]


def _spec(one: str | Curve) -> Curve:
    return Curve(file=one) if isinstance(one, str) else one


def _place(kind: str) -> CurvePlace:
    return CurvePlace(kind, subject=Subject.LOAD)


def _of_file(folder: Path, file: str, names: list[str]) -> pd.DataFrame:
    """The columns of one file; a name it has no column of is told by the row that names it."""
    reader = CaseReader(folder)
    specs = {name: Curve(file=file, column=name) for name in names}
    found = _read(reader, specs, {name: _place(file) for name in names}, lacking=True)
    return _together(found)


def _of_case(park: Park, energy: Mapping[str, Any], names: list[str]) -> pd.DataFrame | None:
    """Those of ``energy.users``, on the index of its load, as the sizing reads them."""
    try:
        users = {name: _user(value) for name, value in energy["users"].items() if name in names}
        load_file = _user(energy.get("load"))
    except ValidationError:
        return None  # told by the sizing, with its line
    reader = CaseReader(park.folder, energy.get("step_hours"))
    load = reader.load(load_file)
    if load is None or not _whole(load.index):
        return None
    curves = _read(reader, users, {name: user(name) for name in users})
    return pd.DataFrame(curves, index=load.index)


def _user(value: Any) -> Any:
    """A curve of ``energy`` as the case takes it."""
    return Case.model_validate({"load": value}).load


def _read(
    reader: CaseReader,
    specs: Mapping[str, Any],
    places: Mapping[str, CurvePlace],
    *,
    lacking: bool = False,
) -> dict[str, pd.Series]:
    """Curves by name.

    Parameters
    ----------
    lacking : bool
        Whether a column that is not in the file is passed over.

    Raises
    ------
    InputError
        With every fault of every curve.
    """
    found = {}
    for name, spec in specs.items():
        file = spec.file if isinstance(spec, Curve) else spec
        if isinstance(file, str):
            try:
                file_inside(reader.folder, file)
            except InputError as error:
                raise _touching(error.problems) from error
        curve = reader.curve(spec, places[name])
        if curve is not None:
            found[name] = curve
    wrong = [one for one in reader.problems if not (lacking and one.code == _NO_COLUMN)]
    if wrong:
        raise _touching(wrong)
    return found


def _together(curves: Mapping[str, pd.Series]) -> pd.DataFrame:
    """One table, on the times all curves have.

    Raises
    ------
    InputError
        Where a curve has no times, the curves are not of the same times, or not of a whole year.
    """
    problems: list[Problem] = []
    first: pd.Index | None = None
    for name, curve in curves.items():
        if not isinstance(curve.index, pd.DatetimeIndex) or not _whole(curve.index):
            text = _("负荷曲线“{name}”不足一年，或没有时间。", name=name)
            problems.append(_problem(text, _("请给出至少一个完整年的曲线。"), curve))
        elif first is None:
            first = curve.index
        elif not curve.index.equals(first):
            text = _("负荷曲线“{name}”的时间和其他曲线不同，同时率无法推算。", name=name)
            problems.append(_problem(text, _("请换成同一年、同一步长的曲线。"), curve))
    if problems:
        raise InputError(problems)
    return pd.DataFrame(dict(curves))


def _whole(index: Any) -> bool:
    return isinstance(index, pd.DatetimeIndex) and len(set(index.month)) == MONTHS


def _problem(text: str, remedy: str, curve: pd.Series) -> Problem:
    got = _("{steps} 步", steps=len(curve))
    if isinstance(curve.index, pd.DatetimeIndex) and len(curve):
        got = _(
            "{steps} 步，{first} 至 {last}",
            steps=len(curve),
            first=f"{curve.index[0]:%Y-%m-%d}",
            last=f"{curve.index[-1]:%Y-%m-%d}",
        )
    return Problem(
        Severity.ERROR, "outlook_curve", text, remedy, file="park.yaml", column=str(curve.name),
        got=got, touches=("outlook",),
    )  # fmt: skip


def _touching(problems: Any) -> InputError:
    return InputError([replace(one, touches=("outlook",)) for one in problems])
