"""The schedule of a plan as a file: one row per step, CSV, Excel or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from greenland.errors import MissingExtraError, unwritable
from greenland.files import whole
from greenland.i18n import _

if TYPE_CHECKING:
    from greenland.energy.plan.plan import Plan

FORMATS = ("csv", "xlsx", "parquet")


def hourly_table(plan: Plan) -> pd.DataFrame:
    """Every column of a plan's schedule, with its unit in the heading.

    Returns
    -------
    DataFrame
        Column ``time`` (start of each step), then ``label (MW)`` or ``label (MWh)``.
    """
    table = plan.schedule
    units = plan.column_kinds["unit"]
    named = table.rename(columns={name: f"{name} ({units[name]})" for name in table.columns})
    return named.rename_axis("time").reset_index()


def write_hourly(plan: Plan, path: Path, form: str) -> None:
    """Write the schedule of a plan.

    Parameters
    ----------
    plan : Plan
    path : Path
    form : {"csv", "xlsx", "parquet"}
        CSV is UTF-8 with the mark Excel looks for; Excel has no time zones, there times are the
        local ones.

    Raises
    ------
    InputError
        If the file cannot be written.
    MissingExtraError
        If Parquet is asked for and its library is not installed.
    """
    table = hourly_table(plan)
    try:
        with whole(path) as temporary:
            if form == "csv":
                table.to_csv(temporary, index=False, encoding="utf-8-sig", lineterminator="\n")
            elif form == "xlsx":
                table["time"] = table["time"].dt.tz_localize(None)
                with temporary.open("wb") as stream:
                    table.to_excel(stream, index=False, engine="xlsxwriter")
            else:
                table.to_parquet(temporary, index=False)
    except ImportError as error:
        raise MissingExtraError("parquet", _("写出 Parquet 文件")) from error
    except OSError as error:
        raise unwritable(path, error) from error
