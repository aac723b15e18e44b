"""Parts of a zone (片区): which part a row describes, and figures of the whole zone by year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from greenland.land.sums import whole_sums

ZONE = "zone"  # the whole zone, beside its parts
MAIN = "main"  # 主区


def part_of(rows: pd.DataFrame, also: Sequence[str] = ()) -> pd.Series[str]:
    """Part of the zone each row describes.

    Parameters
    ----------
    rows : DataFrame
        With ``year`` and ``part``.
    also : sequence of str
        Columns that, with the year, tell rows of one part apart (the land code).

    Returns
    -------
    Series
        The part as stated. Rows without one describe the main zone where the year tells parts
        apart, and the whole zone where it does not, or where they repeat what stands for the
        main zone as well.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2024, 2024, 2025], "part": [None, "development", None]})
    >>> part_of(rows).tolist()
    ['main', 'development', 'zone']
    """
    part = rows["part"].astype(object)
    blank = part.isna()
    keys = list(zip(*(rows[name].tolist() for name in ("year", *also)), strict=True))
    of_main = {key for key, main in zip(keys, part.eq(MAIN), strict=True) if main}
    repeated = {key[0] for key, empty in zip(keys, blank, strict=True) if empty and key in of_main}
    year = rows["year"]
    apart = year.isin(year[~blank].unique()) & ~year.isin(repeated)
    meant = pd.Series(np.where(apart.to_numpy(bool), MAIN, ZONE), index=rows.index, dtype=object)
    return part.where(~blank, meant)


def zone_by_year(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Figures of the whole zone by year.

    Parameters
    ----------
    rows : DataFrame
        With ``year`` and ``part``; rows without a year are passed over.
    columns : sequence of str
        Figures that add up over the parts.

    Returns
    -------
    DataFrame
        By year: the figure stated for the whole zone, else the sum over its parts, missing when
        one of them is.
    """
    rows = rows[rows["year"].notna()]
    whole = part_of(rows).eq(ZONE)
    year = rows["year"].astype("int64")
    figures = rows[list(columns)].astype("float64")
    if whole.all() or not whole.any():  # nothing to complete from the other kind of rows
        return whole_sums(figures, [year])
    stated, summed = (whole_sums(figures[part], [year[part]]) for part in (whole, ~whole))
    return stated.combine_first(summed)[list(columns)].sort_index()
