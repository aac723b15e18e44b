"""Tables become plain rows, column by column, as value by value."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.results import State, plain_value, records


def test_columns_of_every_kind_are_plain() -> None:
    frame = pd.DataFrame(
        {
            "whole": [1, 2],
            "number": [1.5, np.nan],
            "endless": [np.inf, -1.0],
            "flag": [True, False],
            "maybe": pd.array([True, None], dtype="boolean"),
            "year": pd.array([2025, None], dtype="Int64"),
            "text": pd.Series(["a", None], dtype="str"),
            "said": pd.Series([_("第{row}行", row=2), None], dtype=object),
            "state": pd.Series([State.MET, None], dtype=object),
            "day": pd.to_datetime(["2025-01-31", None]),
            "moment": pd.to_datetime(["2025-01-31 08:30", None]),
            "codes": pd.Series([("a", "b"), ()], dtype=object),
        }
    )
    rows = records(frame)
    json.dumps(rows, allow_nan=False)
    slow = [[plain_value(value) for value in frame[name].tolist()] for name in frame.columns]
    assert [list(row.values()) for row in rows] == [list(row) for row in zip(*slow, strict=True)]
    assert rows[0]["day"] == dt.date(2025, 1, 31).isoformat()
    assert rows[1] == dict.fromkeys(frame) | {
        "whole": 2,
        "endless": -1.0,
        "flag": False,
        "codes": [],
    }


def test_the_index_enters_under_its_name() -> None:
    frame = pd.DataFrame({"x": [1.0]}, index=pd.Index([7], name="row"))
    assert records(frame, index="row") == [{"row": 7, "x": 1.0}]
    assert records(frame) == [{"x": 1.0}]
