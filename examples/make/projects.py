"""The project reserve of the invented example park."""

from __future__ import annotations

import datetime as dt

from industries import INDUSTRIES

_TCE = {item.code: item.tce_per_wan for item in INDUSTRIES}
_EMISSION = {item.code: item.emission_per_wan for item in INDUSTRIES}


def _project(
    number: int,
    name: str,
    code: str,
    area: float,
    investment: float,
    revenue: float | None,
    tax: float,
    **more: object,
) -> dict[str, object]:
    """One project of the reserve; areas in 亩, money in 万元."""
    project: dict[str, object] = {
        "project_id": f"XM-{number:02d}",
        "project_name": f"{name}（虚构）",
        "investor": f"{name[:2]}投资（虚构）",
        "project_state": ("negotiating", "signed", "approved")[number % 3],
        "priority": "normal",
        "industry_code": code,
        "industry_edition": "2017",
        "land_use": "industrial",
        "requested_area_mu": area,
        "min_area_mu": round(area * 0.8, 1),
        "max_area_mu": round(area * 1.15, 1),
        "fixed_investment_wan": investment,
        "revenue_wan": revenue,
        "output_wan": None if revenue is None else round(revenue * 1.01, 0),
        "tax_wan": tax,
        "value_added_wan": None if revenue is None else round(revenue * 0.25, 0),
        "energy_tce": round((revenue or 0) * 0.25 * _TCE.get(code, 0.22) * 0.82, 0) or None,
        "power_mw": round(area * 0.16, 1),
        "emission_t": round((revenue or 0) * 0.25 * _EMISSION.get(code, 0.0003) * 0.8, 2) or None,
        "employees": round(area * 3.2),
        "floor_area_m2": round(area * 666.67 * 1.05, 0),
        "high_storey_area_m2": round(area * 666.67 * 0.2, 0),
        "building_coefficient": 0.42,
        "green_ratio": 0.14,
        "admin_land_share": 0.055,
        "admin_floor_area_share": 0.11,
        "capacity_category": "encouraged" if number % 2 else "permitted",
        "negative_list": False,
    }
    project.update(more)
    return project


PIPELINE = (
    _project(1, "高纯硅基负极材料", "3985", 96, 78_000, 132_000, 5_100, priority="province"),
    _project(2, "光伏级单晶硅片", "3985", 150, 98_000, 165_000, 6_100, power_mw=46.0,
             production_date=dt.date(2027, 6, 10), ramp_months=4, facility_id="BD-01"),
    _project(3, "有机硅单体", "2614", 120, 61_000, 70_000, 3_400, energy_tce=29_000),
    _project(4, "再生铝合金锭", "3216", 88, 52_000, 96_000, 2_900),
    _project(5, "铝合金轮毂", "3670", 60, 24_500, 32_000, 1_250,
             production_date=dt.date(2027, 3, 1), ramp_months=3, facility_id="BD-02"),
    _project(6, "汽车铝压铸件", "3670", 46, 19_800, 27_500, 1_050),
    _project(7, "铝箔坯料", "3252", 72, 31_000, 61_000, 1_750,
             production_date=dt.date(2027, 5, 15), ramp_months=6, facility_id="BD-02"),
    _project(8, "新能源电缆", "3831", 50, 20_500, 41_000, 1_350),
    _project(9, "锂电池电芯", "3841", 130, 92_000, 178_000, 6_200, priority="state", power_mw=38.0,
             production_date=dt.date(2027, 10, 1), ramp_months=6, facility_id="BD-01"),
    _project(10, "储能电池系统集成", "3841", 64, 46_000, 92_000, 3_300,
             production_date=dt.date(2027, 9, 1), ramp_months=3, facility_id="BD-01"),
    _project(11, "磷酸铁锂正极", "3985", 84, 51_000, 77_000, 2_500, energy_tce=19_500),
    _project(12, "三七饮片加工", "2730", 26, 9_800, 15_600, 1_180),
    _project(13, "中药配方颗粒", "2740", 38, 15_400, 23_000, 1_900, priority="province"),
    _project(14, "冻干蔬菜", "1371", 32, 8_400, 14_800, 430),
    _project(15, "野生菌精深加工", "1371", 24, 6_400, 10_900, 350),
    _project(16, "鲜花饼及烘焙", "1411", 18, 5_900, 9_700, 330),
    _project(17, "精制普洱茶", "1530", 20, 3_100, 3_900, 130),
    _project(18, "精酿白酒扩建", "1512", 36, 9_600, 15_300, 1_480),
    _project(19, "可降解包装", "2926", 28, 8_300, 13_900, 440),
    _project(20, "纸浆模塑餐盒", "2231", 26, 6_200, 9_100, 280),
    _project(21, "装配式钢结构", "3311", 58, 14_600, 21_500, 640),
    _project(22, "废旧锂电回收", "4210", 44, 15_800, 29_000, 1_150, emission_t=11.0),
    _project(23, "黄磷技改搬迁", "2619", 110, 22_000, 26_000, 900, negative_list=True),
    _project(
        24, "工业硅扩能", "3218", 140, 60_000, 91_000, 2_700,
        capacity_category="restricted", power_mw=95.0, energy_tce=64_000,
    ),
    _project(25, "小水泥粉磨站", "3011", 62, 7_900, 9_800, 260, capacity_category="eliminated"),
    _project(26, "冷链物流中心", "5990", 54, 14_000, 8_200, 310, land_use="storage"),
    _project(27, "数字算力节点", "6450", 30, 36_000, None, 900, power_mw=28.0, energy_tce=None),
    _project(28, "职工技能实训基地", "8336", 22, 6_000, 900, 20, priority="livelihood"),
)  # fmt: skip
