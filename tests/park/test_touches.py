"""Columns touch every evaluation that reads them: an error in one must not reach it unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from greenland.evaluations import EVALUATIONS
from greenland.park import Park, read_park
from greenland.park.dictionary import ColumnType, columns
from greenland.park.row_errors import ROW_SHEETS

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "yunnan_park"
# In the order they are made; the re-allocation takes long and reads nothing the others do not.
KEYS = [
    item.key
    for item in EVALUATIONS.values()
    if item.key.startswith("land.") and item.name not in ("geometry", "reallocation")
]
# Only shown beside a verdict; a wrong one is told by itself.
SHOWN = {"firm_name", "holder_name", "parcel_name", "parcel_id", "project_name"}


@cache
def park() -> Park:
    return read_park(EXAMPLE)


@cache
def made(key: str) -> Any:
    return evaluate(key, park())


def evaluate(key: str, of: Park) -> Any:
    """The evaluation alone; the results it takes are those of the park as it is."""
    taken = {EVALUATIONS[name].name: made(name) for name in EVALUATIONS[key].takes}
    return import_module(EVALUATIONS[key].module).evaluate(of, **taken)


def record(result: Any) -> str:
    return json.dumps(result.to_record(), default=str, sort_keys=True)


def without_untouched(key: str) -> Park:
    """The park with columns blank in every other row that do not touch an evaluation."""
    tables = dict(park().tables)
    for sheet in ROW_SHEETS:
        table = tables[sheet].copy()
        for item in columns(sheet):
            if key in item.touches or item.id in SHOWN or item.type is ColumnType.TEXT:
                continue
            empty = pd.NaT if table[item.id].dtype.kind == "M" else None
            table.loc[table.index[::2], item.id] = empty
        tables[sheet] = table
    return replace(park(), tables=tables)


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_an_evaluation_reads_only_what_touches_it(key: str) -> None:
    assert record(evaluate(key, without_untouched(key))) == record(made(key))
