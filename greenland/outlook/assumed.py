"""Every assumption of the outlook, with its value and whose it is."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pandas as pd

from greenland.energy.outlook import Settings
from greenland.i18n import N_, _
from greenland.outlook.order import STAGE_LABELS, UNRATED
from greenland.outlook.supply import Supplies
from greenland.rules import Rulebook


def assumptions(
    rulebook: Rulebook, settings: Settings, coincidence: str, supplies: Supplies, curves: bool
) -> pd.DataFrame:
    """Item, value, source and rule of each assumption."""
    least, most = float(settings.coincidence.min()), float(settings.coincidence.max())
    shown = f"{least:.3f}" if np.isclose(least, most) else f"{least:.3f}–{most:.3f}"
    rows: list[dict[str, object]] = [
        {
            "item": rulebook.rule("energy.outlook.coincidence").name,
            "value": shown,
            "source": coincidence,
            "rule_id": "energy.outlook.coincidence",
        }
    ]
    for name in (
        "energy.outlook.between_stations",
        "energy.outlook.reserve",
        "energy.outlook.overload",
        "energy.tariff.power_factor",
        "energy.outlook.low_day",
        "energy.outlook.fallback_shape",
        "energy.outlook.scenarios",
        "energy.outlook.order",
        "energy.outlook.per_mu_order",
        "energy.outlook.stage_order",
    ):
        rule = rulebook.rule(name)
        rows.append(
            {"item": rule.name, "value": _value(rule.value), "source": rule.source, "rule_id": name}
        )
    if np.isinf(supplies.supply.limit_mw).any():
        rows.append(_row(_("园区受电能力"), _("不限"), _("没有线路和月度可受电能力，只校核变电站")))
    if np.isnan(supplies.hours).any():
        text = _("由负荷曲线推算") if curves else _("没有数据，损失电量和增加值不计算")
        rows.append(_row(_("高峰紧张小时数"), "", text))
    if np.isnan(supplies.supply.contracted_mwh).any():
        rows.append(_row(_("已签约购电量"), "", _("有月份没有填报，不作电量平衡")))
    return pd.DataFrame(rows, columns=["item", "value", "source", "rule_id"])


def _row(item: str, value: str, source: str) -> dict[str, object]:
    return {"item": item, "value": value, "source": source, "rule_id": None}


_WORDS = {
    "leading": N_("主导产业"),
    "per_mu": N_("亩均分类"),
    "stage": N_("项目阶段"),
    UNRATED: N_("未分类"),
    **STAGE_LABELS,
    "low": N_("低"),
    "expected": N_("中"),
    "high": N_("高"),
    "two_shifts": N_("两班"),
}


def _value(value: object) -> str:
    """A rule's value in words; a list is an order, and a table tells what belongs to what."""
    if isinstance(value, list):
        words = map(_value, value)
        return reduce(lambda one, two: _("{left} > {right}", left=one, right=two), words)
    if isinstance(value, dict):
        parts = (_("{title}：{text}", title=_value(k), text=_all(v)) for k, v in value.items())
        return reduce(lambda one, two: _("{left}；{right}", left=one, right=two), parts)
    if isinstance(value, float):
        return f"{value:g}"
    return _(_WORDS[value]) if isinstance(value, str) and value in _WORDS else str(value)


def _all(values: list[object]) -> str:
    return reduce(lambda one, two: _("{left}、{right}", left=one, right=two), map(_value, values))
