"""What every evaluation's result is made of: states, judgements, and JSON-ready records."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from greenland.errors import Problem
from greenland.i18n import N_, Text, _
from greenland.summary import Summarised, Summary

T = TypeVar("T")


class State(StrEnum):
    """Outcome of holding one value against one requirement."""

    MET = "met"
    FAILED = "failed"
    NOT_DUE = "not_due"
    OVERDUE = "overdue"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"


STATE_LABELS = {
    State.MET: N_("达标"),
    State.FAILED: N_("不达标"),
    State.NOT_DUE: N_("未到考核期"),
    State.OVERDUE: N_("逾期"),
    State.NO_DATA: N_("缺数据"),
    State.NOT_APPLICABLE: N_("不适用"),
}


class PerMuClass(StrEnum):
    """Class of a firm in the 亩均效益 evaluation."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, repr=False)
class NotEvaluated(Summarised):
    """An evaluation that was not made, and why.

    Parameters
    ----------
    reason : str
        In words, for people.
    problems : tuple of Problem
        Errors of the input that stopped it.

    Examples
    --------
    >>> from greenland import NotEvaluated
    >>> NotEvaluated("没有负荷曲线").to_record()["evaluated"]
    False
    """

    reason: str
    problems: tuple[Problem, ...] = ()

    def _summary(self) -> Summary:
        head = _("未计算：{reason}", reason=self.reason)
        return Summary(head, tuple((problem.code, problem.message) for problem in self.problems))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form: ``evaluated`` is false and ``reason`` says why."""
        return {
            "evaluated": False,
            "reason": self.reason,
            "problems": [problem.as_record() for problem in self.problems],
        }


def if_evaluated(result: T | NotEvaluated | None) -> T | None:
    """The result of an evaluation, or None when it was not made or not given."""
    return None if isinstance(result, NotEvaluated) else result


def with_units(table: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Put the units of a table's columns into ``table.attrs["units"]``; returns the table.

    Parameters
    ----------
    table : DataFrame
    units : mapping of column to unit
        Columns the table does not have are left out.
    """
    table.attrs["units"] = {name: unit for name, unit in units.items() if name in table.columns}
    return table


def plain_value(value: Any) -> Any:
    """Turn one value into what JSON can hold; missing and non-finite numbers become None.

    A message stays the message it is: for JSON it is a string.
    """
    kind = type(value)  # most values are plain already
    if kind is str or kind is int or kind is bool or kind is Text:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is dict:
        return {str(key): plain_value(item) for key, item in value.items()}
    if kind is list:
        return [plain_value(item) for item in value]
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, StrEnum):
        return str(value.value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return number if math.isfinite(number) else None
    if isinstance(value, pd.Timestamp | dt.datetime):
        midnight = value.time() == dt.time(0) and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, pd.DataFrame):
        return records(value)
    if isinstance(value, pd.Series | pd.Index | np.ndarray):
        return [plain_value(item) for item in value.tolist()]
    if isinstance(value, list | tuple | set | frozenset | Sequence) and not isinstance(value, str):
        return [plain_value(item) for item in value]
    return str(value)


def _plain_list(values: pd.Series) -> list[Any]:
    """`plain_value` of every item, by whole column where its dtype allows."""
    kind = values.dtype
    if isinstance(kind, np.dtype) and kind.kind in "biu":
        return values.tolist()
    if isinstance(kind, np.dtype) and kind.kind == "f":
        numbers = values.tolist()
        for place in np.flatnonzero(~np.isfinite(values.to_numpy())).tolist():
            numbers[place] = None
        return numbers
    if isinstance(kind, np.dtype) and kind.kind == "M":
        moments = values.to_numpy()
        days = moments.astype("datetime64[D]")
        if (np.isnat(moments) | (days == moments)).all():
            texts = np.datetime_as_string(days).tolist()
            return [None if text == "NaT" else text for text in texts]
    return [item if type(item) is str else plain_value(item) for item in values.tolist()]


def records(table: pd.DataFrame, *, index: str | None = None) -> list[dict[str, Any]]:
    """Rows of *table* as JSON-ready dicts.

    Parameters
    ----------
    table : DataFrame
    index : str, optional
        Name under which the index enters each row; left out when not given.
    """
    frame = table.reset_index(names=index) if index else table
    columns = [str(name) for name in frame.columns]
    lists = [_plain_list(values) for _name, values in frame.items()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
