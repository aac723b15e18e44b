"""Columns of the facts of load, resource and losses: (name, unit, kind, decimals)."""

from __future__ import annotations

from typing import Any

from greenland.i18n import N_
from greenland.report.labels.units import YUAN

FACTS: dict[str, tuple[Any, ...]] = {
    "energy_mwh": (N_("用电量"), "MWh", "number", 0),
    "peak_mw": (N_("最大负荷"), "MW", "number", 2),
    "min_mw": (N_("最小负荷"), "MW", "number", 2),
    "mean_mw": (N_("平均负荷"), "MW", "number", 2),
    "load_factor": (N_("负荷率"), "", "share"),
    "at_peak_mw": (N_("总负荷最大时的负荷"), "MW", "number", 2),
    "peak_valley_mw": (N_("最大日峰谷差"), "MW", "number", 2),
    "peak_valley_share": (N_("最大日峰谷差率"), "", "share"),
    "load_hours": (N_("最大负荷利用小时数"), "h", "number", 0),
    "capacity_factor": (N_("容量系数"), "", "share"),
    "full_load_hours": (N_("年可利用小时数"), "h", "number", 0),
    "p10": (N_("一成年份超过（P10）"), "h", "number", 0),
    "p50": (N_("半数年份超过（P50）"), "h", "number", 0),
    "p90": (N_("九成年份超过（P90）"), "h", "number", 0),
    "temperature": (N_("平均气温"), "℃", "number", 1),
    "ghi_kwh_m2": (N_("水平面总辐射"), "kWh/m²", "number", 1),
    "direct_kwh_m2": (N_("水平面直接辐射"), "kWh/m²", "number", 1),
    "diffuse_kwh_m2": (N_("散射辐射"), "kWh/m²", "number", 1),
    "wind_speed": (N_("平均风速"), "m/s", "number", 2),
    "possible": (N_("可用发电量"), "MWh", "number", 0),
    "unit_price": (N_("单价（元/kW，储能容量为元/kWh）"), "", "number", 0),
    "size_text": (N_("新增规模"), "", "text"),
    "amount_yuan": (N_("投资"), YUAN, "yuan"),
    "source_mw": (N_("电源装机"), "MW", "number", 1),
    "storage_mwh": (N_("储能容量"), "MWh", "number", 1),
    "price_kwh": (N_("单位供电成本"), N_("元/kWh"), "number", 4),
    "flexible": (N_("柔性负荷"), "MW", "number", 2),
}
