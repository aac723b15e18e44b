"""Finished curves on disk: a CSV people can open, and beside it where the curve comes from.

``pv.csv`` has its provenance and quality in ``pv.csv.json``; whoever reads the one finds the
other, so that "synthetic" is not lost on the way into a report.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from greenland import files
from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles.curve_file import read_curve
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.readings import SPOILS, Readings
from greenland.energy.profiles.series_format import PER_UNIT, SeriesFormat
from greenland.energy.profiles.timeline import TIMEZONE
from greenland.energy.profiles.years_apart import years_apart
from greenland.errors import GreenlandError, InputError, Problem, Severity, input_error
from greenland.i18n import Text, _
from greenland.results import plain_value
from greenland.rules.book import Rulebook

SIDECAR = ".json"
DECIMALS = 6


def sidecar_path(path: Path) -> Path:
    """Where the provenance of a curve file stands."""
    return path.with_name(path.name + SIDECAR)


def write(path: Path, series: pd.Series, *, decimals: int = DECIMALS) -> Path:
    """Write a curve as CSV in Beijing time, and its provenance and quality beside it.

    Parameters
    ----------
    path : Path
        Ending in ``.csv``; its folder must exist.
    series : Series
        With its unit in the provenance.
    decimals : int
        Digits kept after the point.

    Returns
    -------
    Path
        The curve's file; `sidecar_path` tells that of the provenance.
    """
    index = pd.DatetimeIndex(series.index)
    local = index.tz_convert(TIMEZONE) if index.tz is not None else index
    record = provenance.of(series)
    unit = str(record.get("unit", ""))
    header = f"{series.name}({unit})" if unit else str(series.name)
    table = pd.DataFrame(
        {"time": local.strftime("%Y-%m-%d %H:%M"), header: series.round(decimals).to_numpy()}
    )
    files.write_text(path, table.to_csv(index=False, lineterminator="\n"))
    write_sidecar(path, series)
    return path


def write_sidecar(path: Path, series: pd.Series) -> Path:
    """Write the provenance and quality of a series beside the file it was written to.

    Returns
    -------
    Path
        Of the provenance file.
    """
    record, sheet = provenance.of(series), series.attrs.get("quality", {})
    said: dict[str, Any] = {}
    _collect_texts([record, sheet], said)
    content = {
        "format": 1,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "name": str(series.name),
        "provenance": plain_value(record),
        "quality": plain_value(sheet),
        "texts": said,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    return files.write_text(sidecar_path(path), text + "\n")


def _collect_texts(value: Any, said: dict[str, Any]) -> None:
    """Keep the message id and arguments of every text, so that it can be said again."""
    if isinstance(value, Text):
        said[str(value)] = [value.message_id, plain_value(value.message_args)]
    elif isinstance(value, Mapping):
        for item in value.values():
            _collect_texts(item, said)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect_texts(item, said)


def _say_again(value: Any, said: Mapping[str, Any]) -> Any:
    """The same record with its messages in the language in use."""
    if isinstance(value, str):
        return Text(*said[value]) if value in said else value
    if isinstance(value, dict):
        return {key: _say_again(item, said) for key, item in value.items()}
    if isinstance(value, list):
        return [_say_again(item, said) for item in value]
    return value


def sidecar(path: Path) -> dict[str, Any] | None:
    """Provenance and quality beside a curve file, or None without one.

    If the curve was changed after it was written, the record says so under
    ``provenance.changed``.

    Raises
    ------
    InputError
        If there is one that cannot be read.
    """
    beside = sidecar_path(path)
    if not beside.is_file():
        return None
    try:
        content = json.loads(beside.read_text(encoding="utf-8"))
        said = dict(content.get("texts", {}))
        record = dict(_say_again(content["provenance"], said))
        sheet = dict(_say_again(content["quality"], said))
        digest = content.get("sha256")
    except (ValueError, KeyError, TypeError) as error:
        raise input_error(
            "sidecar",
            _("曲线的来源记录无法读取。"),
            file=beside.name,
            got=str(error)[:60],
            remedy=_("请重新生成曲线，或删去该文件。"),
        ) from error
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        record["changed"] = True
        record["notes"] = [*record.get("notes", []), _("曲线文件在生成之后被改动过。")]
    return {"provenance": record, "quality": sheet}


def read(path: Path, *, column: str | None = None, name: str | None = None) -> pd.Series:
    """Read a finished curve, with what stands beside it.

    Parameters
    ----------
    path : Path
    column : str, optional
        Needed when the file has several.
    name : str, optional
        Of the series; the column's header when None.

    Returns
    -------
    Series
        In MW where the header states a unit of power or energy, else as the values stand.

    Raises
    ------
    InputError
        If the file has no time or value column, or values are missing.
    """
    # a finished curve may be of load or of output
    form = SeriesFormat(value=column)
    found = read_curve(path, form, subject=Subject.WIND, default_unit=PER_UNIT)
    if found.readings is None:
        raise input_error("meter_time", _("找不到时间列。"), file=path.name)
    wrong = [item for item in found.readings.problems if item.code in SPOILS]
    if wrong:
        raise InputError(replace(item, severity=Severity.ERROR) for item in wrong)
    series = found.readings.series
    missing = series.isna().to_numpy()
    if missing.any():
        raise input_error(
            "curve_missing",
            _("曲线有 {count} 个空值或缺少的时刻。", count=int(missing.sum())),
            file=path.name,
            got=str(series.index[int(missing.argmax())]),
            remedy=_("请用 greenland energy profile load 等命令整理后再用。"),
        )
    series = series.rename(name or found.column or path.stem)
    beside = sidecar(path)
    if beside is not None:
        series.attrs.update(beside)
    return series


def describe(
    series: pd.Series,
    subject: Subject,
    *,
    name: str | None = None,
    path: Path | None = None,
    place: Place | None = None,
    rulebook: Rulebook | None = None,
    readings: Readings | None = None,
) -> dict[str, Any]:
    """Name, provenance and quality of a curve in use, for the report's list of series.

    Parameters
    ----------
    series : Series
        Load [MW] or per-unit output on a regular index.
    subject : Subject
    name : str, optional
    path : Path, optional
        Its file: provenance and quality beside it win over a sheet made here.
    place : Place, optional
    rulebook : Rulebook, optional
    readings : Readings, optional
        How the file was understood: its notes and assumptions are told.

    Returns
    -------
    dict
        ``name``, ``provenance``, ``quality``, and both in phrases for readers under
        ``source_texts`` and ``quality_texts``. Without any record the curve counts as the user's
        own, and its quality sheet is made here.
    """
    title = name or str(series.name)
    beside = sidecar(path) if path is not None and path.is_file() else None
    if beside is not None:
        made, sheet = beside["provenance"], beside["quality"]
    else:
        made = provenance.of(series) or _own(subject, path, readings)
        sheet = series.attrs.get("quality") or _sheet(
            series, title, subject, place, rulebook, readings
        )
    return {
        "name": title,
        "provenance": made,
        "quality": sheet,
        "source_texts": provenance.phrases(made),
        "quality_texts": quality.phrases(sheet),
    }


def _own(subject: Subject, path: Path | None, readings: Readings | None) -> dict[str, Any]:
    """Provenance of a curve nothing is known of but how it was read."""
    said = [] if readings is None else list(readings.notes)
    return provenance.record(
        Kind.GIVEN,
        unit="pu" if subject in (Subject.PV, Subject.WIND) else "MW",
        sources=[path.name] if path is not None else [],
        notes=[_("来源未注明。"), *said],
    )


def _sheet(
    series: pd.Series,
    title: str,
    subject: Subject,
    place: Place | None,
    rulebook: Rulebook | None,
    readings: Readings | None,
) -> dict[str, Any]:
    """Quality sheet of a curve that has none; its faults stand in the sheet, none is raised."""
    index = pd.DatetimeIndex(series.index)
    local = series.set_axis(index.tz_localize(TIMEZONE) if index.tz is None else index)
    whole = local.rename(title)
    apart = years_apart(pd.DatetimeIndex(whole.index))
    years = [whole[year] for year in apart] if len(apart) > 1 else [whole]
    try:
        made = [
            quality.assess(
                year,
                subject,
                defaults(rulebook),
                place=place,
                per_unit=subject in (Subject.PV, Subject.WIND),
                problems=() if readings is None else readings.problems,
                assumptions=() if readings is None else readings.assumptions,
            ).to_record()
            for year in years
        ]
        return made[0] if len(made) == 1 else _of_years(made)
    except InputError as error:
        return {"problems": [problem.as_record() for problem in error.problems]}
    except GreenlandError as error:  # a rule that no pack of the park has
        problem = Problem(Severity.WARNING, "quality_not_made", str(error))
        return {"problems": [problem.as_record()]}


def _of_years(sheets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What was found in the years of a curve, each looked at by itself."""
    found = [problem for sheet in sheets for problem in sheet["problems"]]
    return {"problems": [one for n, one in enumerate(found) if one not in found[:n]]}
