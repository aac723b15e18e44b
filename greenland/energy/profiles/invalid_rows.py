"""Readings whose own row says that they are not valid: 无效, 坏数据, invalid, 是否有效 = 否."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.power_units import folded
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.errors import Problem, Severity
from greenland.i18n import Text, _

Numbers = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

# 状态 故障 or 备注 停电 may be of the plant, whose reading of nought is true
_MARKS = re.compile(r"质量|品质|状态|标志|标识|有效|quality|status|flag|valid", re.IGNORECASE)
_INVALID = re.compile(
    r"无效(?:数据|值)?|坏(?:数|值|数据)?|不可[用信](?:数据)?|缺测|缺失|bad|invalid|missing"
)
_WHETHER = re.compile(r"是否有效|^有效$|^(?:is.?)?valid$")
_NO = re.compile(r"否|n|no|f|false|0(?:\.0)?")


def without_invalid(table: ReadingTable, values: Numbers, log: ReadingLog) -> Numbers:
    """Readings, a row each, with NaN where a column of marks calls them invalid; it is told."""
    result = values
    for name, marked in _marks(table.frame):
        marked = marked & np.isfinite(result).reshape(len(result), -1).any(axis=1)
        if not marked.any():
            continue
        result = result.copy()
        result[marked] = np.nan
        first = int(np.argmax(marked))
        log.report(
            "reading_invalid",
            _told(name, marked),
            _("请核对原始数据。"),
            sheet=table.sheet,
            row=int(table.rows[first]),
            column=name,
            got=str(table.frame[name].iloc[first]),
        )
    return result


def without_marked(
    frame: pd.DataFrame, names: Sequence[str], file: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """A table whose rows marked as invalid have no readings in some columns; and what is said."""
    problems = []
    for name, marked in _marks(frame):
        frame = frame.copy()
        frame.loc[marked, list(names)] = np.nan
        problems.append(
            Problem(
                Severity.WARNING,
                "reading_invalid",
                _told(name, marked),
                _("请核对原始数据。"),
                file=file,
                column=name,
            )
        )
    return frame, problems


def _told(name: str, marked: Marks) -> Text:
    count = int(marked.sum())
    return _("{count} 行在“{name}”列注明无效，读数按缺测计。", count=count, name=name)


def _marks(frame: pd.DataFrame) -> Iterator[tuple[str, Marks]]:
    """Columns that call some rows invalid, and which."""
    for name in frame.columns:
        header = folded(str(name))
        if not _MARKS.search(header):
            continue
        words = _NO if _WHETHER.search(header) else _INVALID
        says = {
            cell: bool(words.fullmatch(folded(str(cell)))) for cell in frame[name].dropna().unique()
        }
        marked = frame[name].map(lambda cell, says=says: says.get(cell, False)).to_numpy(dtype=bool)
        if marked.any():
            yield str(name), marked
