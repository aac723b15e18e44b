"""Stages of standard land, from the dates of its parcels."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import N_
from greenland.land.standard_land.values import JUDGED


class Stage(StrEnum):
    """How far a parcel of standard land has come."""

    SUPPLIED = "supplied"
    CONSTRUCTION = "construction"
    ACCEPTED = "accepted"
    SUPERVISION = "supervision"


STAGE_LABELS = {
    Stage.SUPPLIED: N_("按标出让，尚未开工"),
    Stage.CONSTRUCTION: N_("按标施建"),
    Stage.ACCEPTED: N_("已竣工验收，待达产复核"),
    Stage.SUPERVISION: N_("已达产复核，日常监督"),
}


STAGE_DATES = ("actual_start_date", "actual_completion_date", "production_review_date")


def stage(parcels: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series[Any]:
    """Stage every parcel has reached on a day, from its dates.

    Parameters
    ----------
    parcels : DataFrame
        With ``actual_start_date``, ``actual_completion_date``, ``production_review_date``.
    as_of : Timestamp

    Returns
    -------
    Series of Stage
    """
    reached = [
        (parcels["production_review_date"] <= as_of, Stage.SUPERVISION),
        (parcels["actual_completion_date"] <= as_of, Stage.ACCEPTED),
        (parcels["actual_start_date"] <= as_of, Stage.CONSTRUCTION),
    ]
    names = np.select(
        [mask.to_numpy(bool) for mask, _name in reached],
        [str(name) for _mask, name in reached],
        default=str(Stage.SUPPLIED),
    )
    return pd.Series(names.astype(object), index=parcels.index, name="stage", dtype=object)


def is_standard_land(parcels: pd.DataFrame) -> pd.Series[bool]:
    """Parcels marked as standard land, or left unmarked but with a promised indicator."""
    promised = parcels[[f"promised_{name}" for name in JUDGED]].notna().any(axis=1)
    marked = parcels["standard_land"]
    return marked.fillna(False).astype(bool) | (marked.isna() & promised)
