"""Read ``results.json`` back, of this version or an older one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _
from greenland.record.alone import is_energy_alone, record_of_energy
from greenland.record.record import FORMAT, Record
from greenland.record.upgrade import OLDEST, upgraded

PARTS = ("park", "land", "energy", "rules", "problems")
_MOST_FAULTS = 20


def read_record(path: Path | str) -> Record:
    """Read a results record.

    Parameters
    ----------
    path : path
        ``results.json`` of this version or an earlier one.

    Returns
    -------
    Record
        As types; those of earlier versions brought to the present form.

    Raises
    ------
    InputError
        If the file is not JSON, is not a results record, or was written by a later version.

    Examples
    --------
    >>> import tempfile
    >>> from greenland import assess
    >>> from greenland.park import example_folder
    >>> assessment = assess(example_folder(), parts=())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = assessment.to_json(f"{folder}/results.json")
    ...     read_record(path).language
    'zh'
    """
    path = Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise input_error(
            "results_json",
            _("文件不是有效的 JSON：{detail}", detail=str(error)),
            remedy=_("请选择 greenland assess 写出的 results.json。"),
            file=path.name,
        ) from error
    return as_record(data, file=path.name)


def as_record(data: Record | Mapping[str, Any], *, file: str = "") -> Record:
    """What a results file was read into, as types; an older layout is brought up to date.

    Parameters
    ----------
    data : Record or mapping
        As in ``results.json``, or as ``greenland energy size --json`` writes it.
    file : str
        Name of the file, for the messages.

    Raises
    ------
    InputError
        If it is not a results record, or of a later version.
    """
    if isinstance(data, Record):
        return data
    if is_energy_alone(data):
        data = record_of_energy(data)
    absent = [key for key in PARTS if key not in data] if isinstance(data, Mapping) else PARTS
    if absent:
        raise input_error(
            "results_json",
            _("这不是评价结果文件，缺少：{missing}", missing="、".join(absent)),
            remedy=_("请选择 greenland assess 写出的 results.json。"),
            file=file,
        )
    written = data.get("format")
    if not isinstance(written, int) or not OLDEST <= written <= FORMAT:
        raise input_error(
            "results_format",
            _("结果文件的版式与本程序不同。"),
            remedy=_("请用写出它的那个版本，或重新运行 greenland assess。"),
            file=file,
            got=str(written),
            allowed=f"{OLDEST}～{FORMAT}",
        )
    try:
        if written < FORMAT:
            return upgraded(data)
        return Record.model_validate(data)
    except ValidationError as error:
        raise InputError(_faults(error, file)) from error


def _faults(error: ValidationError, file: str) -> list[Problem]:
    """Where a file departs from the layout, the first of many."""
    return [
        Problem(
            Severity.ERROR,
            "results_layout",
            _("结果文件的内容与版式不符：{detail}", detail=fault["msg"]),
            _("请勿手工修改结果文件；请重新运行 greenland assess。"),
            file=file,
            column=".".join(str(part) for part in fault["loc"]),
            got=str(fault["input"])[:80],
        )
        for fault in error.errors()[:_MOST_FAULTS]
    ]
