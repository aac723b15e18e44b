"""Reasons in words, row by row: what is missing, and which of several things hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _, joined

Reasons: TypeAlias = "pd.Series[Any]"

PART_LABELS = {
    "area_mu": N_("宗地面积"),
    "land_mu": N_("用地面积"),
    "fixed_investment_wan": N_("固定资产投资额"),
    "floor_area_m2": N_("总建筑面积"),
    "high_storey_area_m2": N_("层高超8米建筑面积"),
    "building_base_m2": N_("建筑物占地面积"),
    "green_m2": N_("绿地面积"),
    "admin_land_m2": N_("行政办公及生活服务设施用地面积"),
    "admin_floor_m2": N_("行政办公及生活服务设施建筑面积"),
    "tax_wan": N_("税收"),
    "revenue_wan": N_("营业收入"),
    "output_wan": N_("工业总产值"),
    "value_added_wan": N_("工业增加值"),
    "energy_tce": N_("综合能源消费量"),
    "electricity_mwh": N_("用电量"),
    "emission_t": N_("主要污染物排放量"),
    "employees": N_("年平均职工人数"),
    "rd_wan": N_("R&D经费支出"),
    "water_m3": N_("用水量"),
    "technical_upgrade_wan": N_("技术改造投资"),
}


def lacking(parts: Mapping[str, pd.Series], *, positive: Iterable[str] = ()) -> Reasons:
    """Say row by row which parts are missing, or zero where they must be positive.

    Parameters
    ----------
    parts : mapping of column id to Series
        Ids are keys of `PART_LABELS`; all on one index.
    positive : iterable of str
        Parts that stand in a denominator.

    Returns
    -------
    Series of Text or None
        None where nothing is missing.
    """
    index = next(iter(parts.values())).index
    flags: dict[Text, np.ndarray] = {}
    for name, values in parts.items():
        label = _(PART_LABELS[name])
        flags[_("缺少{what}", what=label)] = values.isna().to_numpy(bool)
        if name in positive:
            bad = (values <= 0).fillna(False).to_numpy(bool)
            flags[_("{what}为零或负数", what=label)] = bad
    return reasons(index, flags)


def reasons(index: pd.Index, flags: Mapping[Text, np.ndarray]) -> Reasons:
    """Join, row by row, the messages whose flag is up; None where none is.

    Messages are put together once per combination of flags, not once per row.
    """
    texts = list(flags)
    code = np.zeros(len(index), dtype=np.int64)
    for place, flag in enumerate(flags.values()):
        code |= flag.astype(np.int64) << place
    kinds, where = np.unique(code, return_inverse=True)
    text_of = np.empty(len(kinds), dtype=object)
    for place, kind in enumerate(kinds.tolist()):
        up = [text for bit, text in enumerate(texts) if kind >> bit & 1]
        text_of[place] = joined(up) if up else None
    return pd.Series(text_of[where], index=index, dtype=object, name="reason")
