"""Columns and codes of the power outlook and the carbon account."""

from __future__ import annotations

from typing import Any

from greenland.i18n import N_
from greenland.report.labels.units import WAN

_PER_WAN, _PER_MU = N_("tCO₂/万元"), N_("tCO₂/亩")
_TCE, _TCE_PER_MU = N_("吨标煤"), N_("吨标煤/亩")
_PIECES, _MONTHS = N_("个"), N_("个月")
_GAS = (N_("万m³"), N_("吨标煤/万m³"), N_("tCO₂/万m³"))
_COAL = (N_("吨标煤/t"), N_("吨标煤/GJ"))
POWER_UNITS = frozenset((_PER_WAN, _PER_MU, _TCE_PER_MU, _PIECES, _MONTHS, *_GAS, *_COAL))

POWER_COLUMNS: dict[str, tuple[Any, ...]] = {
    "where": (N_("范围"), "", "text"),
    "rank_name": (N_("次序依据"), "", "text"),
    "station_name": (N_("供电设施"), "", "text"),
    "scenario": (N_("情景"), "", "coded"),
    "energy_mwh": (N_("用电量"), "MWh", "number", 0),
    "demand_mwh": (N_("用电量"), "MWh", "number", 0),
    "open_mwh": (N_("未落实电量"), "MWh", "number", 0),
    "peak_mw": (N_("最大负荷"), "MW", "number", 1),
    "needed_mw": (N_("需要的电力"), "MW", "number", 1),
    "all_in_mw": (N_("主变全部运行的能力"), "MW", "number", 1),
    "capability_mw": (N_("供电能力"), "MW", "number", 1),
    "shortage_mw": (N_("最大缺口"), "MW", "number", 2),
    "margin_mw": (N_("余量"), "MW", "number", 2),
    "left_mw": (N_("可接入的最大负荷"), "MW", "number", 1),
    "projects": (N_("计入的项目"), _PIECES, "int"),
    "short_months": (N_("缺电月数"), _MONTHS, "int"),
    "first_month": (N_("最早缺电月份"), "", "text"),
    "shift_mw": (N_("错峰"), "MW", "number", 2),
    "avoid_mw": (N_("避峰"), "MW", "number", 2),
    "cut_mw": (N_("限电"), "MW", "number", 2),
    "reduction_mw": (N_("压减负荷"), "MW", "number", 2),
    "room_mw": (N_("可压减负荷"), "MW", "number", 2),
    "reduced_months": (N_("压减月数"), _MONTHS, "int"),
    "reduced_hours": (N_("压减小时数"), "h", "number", 0),
    "reduced_share": (N_("压减占可压减"), "", "share"),
    "step": (N_("措施"), "", "coded"),
    "lost_mwh": (N_("少用电量"), "MWh", "number", 0),
    "lost_wan": (N_("损失增加值"), WAN, "number", 0),
    "before_mw": (N_("采取前缺口"), "MW", "number", 2),
    "after_mw": (N_("采取后缺口"), "MW", "number", 2),
    "months_before": (N_("采取前缺电月数"), _MONTHS, "int"),
    "months_after": (N_("采取后缺电月数"), _MONTHS, "int"),
    "remedy_kind": (N_("措施"), "", "coded"),
    "project": (N_("是否储备项目"), "", "bool"),
    "carrier": (N_("能源种类"), "", "coded"),
    "amount": (N_("消费量"), "", "number"),
    "industry_group": (N_("行业"), "", "text"),
    "grid_mwh": (N_("电网电量"), "MWh", "number", 0),
    "certified_mwh": (N_("绿证覆盖电量"), "MWh", "number", 0),
    "equivalent_tce": (N_("综合能耗（当量值）"), _TCE, "number", 0),
    "equal_value_tce": (N_("综合能耗（等价值）"), _TCE, "number", 0),
    "scope1_tco2": (N_("范围一排放"), "tCO₂", "number", 0),
    "scope2_electricity_tco2": (N_("范围二排放（电力）"), "tCO₂", "number", 0),
    "scope2_heat_tco2": (N_("范围二排放（热力）"), "tCO₂", "number", 0),
    "total_tco2": (N_("排放（绿证抵扣前）"), "tCO₂", "number", 0),
    "net_tco2": (N_("二氧化碳排放"), "tCO₂", "number", 0),
    "net_tco2_per_wan": (N_("单位增加值排放"), _PER_WAN, "number", 3),
    "net_tco2_per_mu": (N_("亩均排放"), _PER_MU, "number", 1),
    "tce_per_wan": (N_("单位增加值能耗"), N_("吨标煤/万元"), "number", 3),
    "tce_per_mu": (N_("亩均能耗"), _TCE_PER_MU, "number", 1),
    "estimated": (N_("推算说明"), "", "text"),
}

POWER_VALUES: dict[str, dict[str, str]] = {
    "scenario": {"low": N_("低"), "expected": N_("中"), "high": N_("高")},
    "step": {"shift": N_("错峰"), "avoid": N_("避峰"), "cut": N_("限电")},
    "remedy_kind": {
        "shift": N_("企业错峰"),
        "source": N_("电源或储能"),
        "transformer": N_("增加一台主变"),
        "advance": N_("提前投运"),
        "delay": N_("项目推迟到下一年"),
    },
    "carrier": {
        "grid": N_("电网电力"),
        "certified": N_("电网电力（绿证覆盖）"),
        "direct": N_("绿电直连"),
        "own": N_("自发自用"),
        "coal": N_("原煤"),
        "coke": N_("焦炭"),
        "gas": N_("天然气"),
        "diesel": N_("柴油"),
        "lpg": N_("液化石油气"),
        "heat": N_("外购热力"),
        "steam": N_("外购蒸汽"),
        "heat_sold": N_("外供热力"),
        "other": N_("其他能源"),
        "process": N_("生产过程"),
    },
}
