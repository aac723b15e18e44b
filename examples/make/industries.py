"""Industries and names of the invented example park.

Ratios in ``industries.csv`` are round figures of a plausible size, not statistics of any place.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


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


def _read() -> tuple[Industry, ...]:
    text = ("code", "suffix")
    with Path(__file__).with_name("industries.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Industry(
                **{
                    key: value if key in text else float(value)
                    for key, value in row.items()
                    if key not in ("firms", "utility")
                },
                firms=int(row["firms"]),
                utility=bool(row["utility"]),
            )
            for row in csv.DictReader(stream)
        )


INDUSTRIES = _read()

_FIRST = [
    "云岭",
    "滇中",
    "彩云",
    "龙川江",
    "紫溪",
    "鹿城",
    "金沙",
    "苍岭",
    "元谋",
    "禄丰",
    "牟定",
    "南华",
]
_SECOND = ["恒源", "鑫泰", "瑞丰", "华锐", "宏远", "天成", "和润", "明泽"]
FIRM_NAMES = tuple(f"{first}{second}" for second in _SECOND for first in _FIRST)
