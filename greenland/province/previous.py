"""Key results of the years before: from a history, a folder of results, or an earlier report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from greenland.errors import InputError, input_error
from greenland.history import Entry, History
from greenland.i18n import Text, _
from greenland.province.folders import PROVINCE, park_folders
from greenland.province.member import Failed
from greenland.province.park_work import ParkTask, members_of_folders
from greenland.province.result import FORMAT
from greenland.workers import Watch


def folder_entries(
    where: Path, *, watch: Watch | None = None, tell: Callable[[Failed], None] | None = None
) -> tuple[list[Entry], list[Failed]]:
    """Key results of last year's park folders, evaluated.

    Parameters
    ----------
    where : Path
        A folder of park folders.
    watch, tell : callable, optional
        As in `greenland.province.evaluate`.

    Returns
    -------
    entries : list of Entry
    failed : list of Failed
        Folders nothing came out of, said to be last year's.

    Raises
    ------
    InputError
        If it has no park folder.
    """
    tasks = [ParkTask(folder, energy=False) for folder in park_folders(where)]
    names = [str(_last_years(task.folder.name)) for task in tasks]

    def told(one: Failed) -> None:
        if tell is not None:
            tell(_failed_then(one))

    found = members_of_folders(tasks, names, watch=watch, tell=told)
    entries = [one.entry for one in found if not isinstance(one, Failed)]
    return entries, [_failed_then(one) for one in found if isinstance(one, Failed)]


def report_entries(where: Path) -> list[Entry] | None:
    """Key results of last year's report.

    Parameters
    ----------
    where : Path
        A ``province.json``, or the folder of a report of the province.

    Returns
    -------
    list of Entry or None
        None where there is no report: it is a folder of park folders, if anything.

    Raises
    ------
    InputError
        If it is no report.
    """
    file = where / PROVINCE if where.is_dir() else where
    return _of_report(file) if file.is_file() else None


def _last_years(name: str) -> Text:
    return _("上年：{name}", name=name)


def _failed_then(one: Failed) -> Failed:
    return replace(one, folder=_last_years(one.folder))


def _of_report(file: Path) -> list[Entry]:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
        if content["format"] != FORMAT:
            raise _not_one(file)
        return [_entry(park) for park in content["parks"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise _not_one(file) from error


def _entry(park: dict[str, Any]) -> Entry:
    values = {
        str(key): float(item["value"])
        for key, item in park["results"].items()
        if item["value"] is not None
    }
    name, level, kind = (str(park[item]) for item in ("name", "level", "type"))
    version = str(park["greenland"])
    return Entry(str(park["park"]), int(park["year"]), name, level, kind, values, version)


def _not_one(file: Path) -> InputError:
    return input_error(
        "province_json",
        _("这不是 greenland province 写出的 {file}。", file=PROVINCE),
        remedy=_("请给出上年报告的文件夹，或上年各园区结果所在的文件夹。"),
        file=str(file),
    )


def kept_entries(where: str, year: int) -> list[Entry]:
    """Key results a history keeps of the years before one; nothing where there is none yet."""
    with History(where) as history:
        if not history.exists:
            return []
        years = [earlier for earlier in history.years() if earlier < year]
        return [entry for earlier in years for entry in history.entries(earlier)]
