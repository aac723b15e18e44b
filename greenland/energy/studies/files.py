"""The cases of a study as tables: CSV, and Parquet where its library is installed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from greenland.files import whole

CSV, PARQUET = "cases.csv", "cases.parquet"


def write_tables(frame: pd.DataFrame, folder: Path) -> list[Path]:
    """Write a row for each case, whole or not at all.

    Returns
    -------
    list of Path
        Of what was written; without the extra ``parquet`` the CSV alone.
    """
    with whole(folder / CSV) as temporary:
        frame.to_csv(temporary, index=False, encoding="utf-8-sig", lineterminator="\n")
    try:
        with whole(folder / PARQUET) as temporary:
            _one_kind(frame).to_parquet(temporary, index=False)
    except ImportError:
        return [folder / CSV]
    return [folder / CSV, folder / PARQUET]


def _one_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns that hold values of several kinds as text: Parquet has one kind for a column."""
    table = frame.copy()
    for name in table.columns:
        if table[name].dtype == object and len({type(one) for one in table[name].dropna()}) > 1:
            table[name] = [None if one is None or one != one else str(one) for one in table[name]]
    return table
