"""Every assumption of the outlook, with its value and whose it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from greenland.energy.outlook import Settings
from greenland.i18n import _
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


def _value(value: object) -> str:
    if isinstance(value, list):
        return " > ".join(map(str, value))
    if isinstance(value, dict):
        return "；".join(f"{key}: {_value(item)}" for key, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
