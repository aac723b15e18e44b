"""Industries, names and projects of the invented example park.

Ratios are round figures of a plausible size, not statistics of any place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Industry:
    """An industry of the example and its middling figures.

    Parameters
    ----------
    code : str
        GB/T 4754-2017 class.
    firms : int
        Number of firms.
    land_mu : float
        Land of a middling firm above designated size [亩].
    revenue_per_mu, investment_per_mu : float
        [万元/亩·年], [万元/亩]
    tax_share, value_added_share, rd_share : float
        Of revenue, of output, of revenue, as decimal.
    tce_per_wan, emission_per_wan, water_per_wan : float
        Per 万元 of value added [吨标煤, 吨, m³].
    mwh_per_tce : float
        Electricity beside each tonne of energy used [MWh].
    added_per_head : float
        Value added per employee [万元/人].
    """

    code: str
    suffix: str
    firms: int
    land_mu: float
    revenue_per_mu: float
    investment_per_mu: float
    tax_share: float
    value_added_share: float
    rd_share: float
    tce_per_wan: float
    emission_per_wan: float
    water_per_wan: float
    mwh_per_tce: float
    added_per_head: float
    floor_area_ratio: float
    utility: bool = False


INDUSTRIES = (
    Industry("3218", "硅业", 5, 150, 640, 420, 0.031, 0.24, 0.021, 2.60, 0.0042, 6, 2.6, 46, 0.72),
    Industry("3985", "硅材料", 5, 118, 980, 610, 0.036, 0.27, 0.036, 1.45, 0.0018, 9, 2.5, 52, 1.15),
    Industry("3216", "铝业", 3, 210, 760, 450, 0.026, 0.21, 0.012, 3.10, 0.0046, 5, 2.9, 58, 0.68),
    Industry("3252", "铝材", 6, 74, 690, 330, 0.028, 0.19, 0.019, 0.62, 0.0009, 4, 2.2, 34, 0.92),
    Industry("2611", "化工", 5, 96, 410, 340, 0.044, 0.26, 0.024, 2.05, 0.0051, 14, 1.3, 38, 0.66),
    Industry("2624", "肥业", 5, 88, 330, 260, 0.030, 0.22, 0.015, 1.60, 0.0036, 11, 1.1, 30, 0.64),
    Industry("2740", "药业", 6, 52, 470, 310, 0.079, 0.37, 0.046, 0.28, 0.0004, 6, 1.0, 36, 1.18),
    Industry("1371", "蔬果食品", 7, 34, 290, 190, 0.027, 0.23, 0.010, 0.24, 0.0006, 9, 1.0, 17, 1.12),
    Industry("1392", "豆制品食品", 5, 28, 260, 180, 0.026, 0.22, 0.009, 0.27, 0.0007, 10, 1.0, 16, 1.10),
    Industry("1530", "茶业", 5, 26, 240, 170, 0.034, 0.29, 0.011, 0.17, 0.0002, 4, 1.1, 18, 1.14),
    Industry("1512", "酒业", 4, 40, 360, 230, 0.092, 0.36, 0.008, 0.35, 0.0008, 12, 0.9, 24, 1.05),
    Industry("2926", "塑业", 5, 27, 310, 200, 0.029, 0.20, 0.014, 0.30, 0.0004, 3, 1.9, 20, 1.12),
    Industry("3021", "水泥制品", 5, 46, 200, 150, 0.030, 0.21, 0.006, 1.20, 0.0021, 5, 0.9, 22, 0.76),
    Industry("3311", "金属结构", 6, 38, 300, 190, 0.028, 0.20, 0.013, 0.26, 0.0004, 2, 1.6, 23, 0.86),
    Industry("3841", "电池", 4, 92, 1120, 560, 0.033, 0.23, 0.042, 0.42, 0.0003, 4, 2.3, 44, 1.24),
    Industry("3670", "汽车部件", 5, 44, 430, 270, 0.034, 0.23, 0.029, 0.24, 0.0003, 3, 1.8, 27, 0.94),
    Industry("2231", "纸制品", 5, 30, 270, 170, 0.027, 0.19, 0.009, 0.44, 0.0008, 8, 1.2, 19, 1.02),
    Industry("4210", "再生资源", 4, 48, 350, 160, 0.038, 0.14, 0.010, 0.31, 0.0007, 3, 1.2, 25, 0.82),
    Industry("4620", "水处理", 1, 58, 60, 210, 0.020, 0.42, 0.006, 0.60, 0.0001, 1, 2.6, 30, 0.62, True),
    Industry("4430", "热力", 1, 44, 150, 230, 0.022, 0.31, 0.006, 4.20, 0.0065, 3, 0.4, 32, 0.70, True),
)

_FIRST = "云岭 滇中 彩云 龙川江 紫溪 鹿城 金沙 苍岭 元谋 禄丰 牟定 南华".split()
_SECOND = "恒源 鑫泰 瑞丰 华锐 宏远 天成 和润 明泽".split()
FIRM_NAMES = tuple(f"{first}{second}" for second in _SECOND for first in _FIRST)


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
        "energy_tce": round((revenue or 0) * 0.25 * 0.55, 0) or None,
        "power_mw": round(area * 0.16, 1),
        "emission_t": round((revenue or 0) * 0.25 * 0.0006, 2) or None,
        "employees": round(area * 3.2),
        "floor_area_m2": round(area * 666.67 * 1.05, 0),
        "high_storey_area_m2": round(area * 666.67 * 0.2, 0),
        "building_coefficient": 0.42,
        "green_ratio": 0.14,
        "admin_land_share": 0.055,
        "capacity_category": "encouraged" if number % 2 else "permitted",
        "negative_list": False,
    }
    project.update(more)
    return project


PIPELINE = (
    _project(1, "高纯硅基负极材料", "3985", 96, 78_000, 132_000, 5_100, priority="province"),
    _project(2, "光伏级单晶硅片", "3985", 150, 98_000, 165_000, 6_100, power_mw=46.0),
    _project(3, "有机硅单体", "2614", 120, 61_000, 70_000, 3_400, energy_tce=21_000),
    _project(4, "再生铝合金锭", "3216", 88, 52_000, 96_000, 2_900),
    _project(5, "铝合金轮毂", "3670", 60, 24_500, 32_000, 1_250),
    _project(6, "汽车铝压铸件", "3670", 46, 19_800, 27_500, 1_050),
    _project(7, "铝箔坯料", "3252", 72, 31_000, 61_000, 1_750),
    _project(8, "新能源电缆", "3831", 50, 20_500, 41_000, 1_350),
    _project(9, "锂电池电芯", "3841", 130, 92_000, 178_000, 6_200, priority="state", power_mw=38.0),
    _project(10, "储能电池系统集成", "3841", 64, 46_000, 92_000, 3_300),
    _project(11, "磷酸铁锂正极", "3985", 84, 51_000, 77_000, 2_500, energy_tce=19_500),
    _project(12, "三七饮片加工", "2730", 26, 9_800, 15_600, 1_180),
    _project(13, "中药配方颗粒", "2740", 38, 15_400, 23_000, 1_900, priority="province"),
    _project(14, "冻干蔬菜", "1371", 32, 7_400, 11_800, 330),
    _project(15, "野生菌精深加工", "1371", 24, 5_900, 9_400, 300),
    _project(16, "鲜花饼及烘焙", "1411", 18, 4_300, 7_100, 240),
    _project(17, "精制普洱茶", "1530", 20, 3_100, 3_900, 130),
    _project(18, "精酿白酒扩建", "1512", 36, 9_600, 15_300, 1_480),
    _project(19, "可降解包装", "2926", 28, 8_300, 12_500, 390),
    _project(20, "纸浆模塑餐盒", "2231", 26, 6_200, 9_100, 280),
    _project(21, "装配式钢结构", "3311", 58, 12_600, 18_500, 520),
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
