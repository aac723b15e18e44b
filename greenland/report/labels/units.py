"""Units as messages to translate, and how the energy side writes them."""

from __future__ import annotations

from greenland.i18n import N_

MU = N_("亩")
HA = N_("公顷")
WAN = N_("万元")
WAN_PER_MU = N_("万元/亩")
WAN_PER_MU_YEAR = N_("万元/亩·年")
WAN_PER_HA = N_("万元/公顷")
WAN_PER_TCE = N_("万元/吨标煤")
WAN_PER_T = N_("万元/吨")
WAN_PER_PERSON = N_("万元/人·年")
WAN_PER_MWH = N_("万元/MWh")
YEARS = N_("年")
MONTHS = N_("个月")
YUAN = N_("元")
YUAN_PER_YEAR = N_("元/年")
YUAN_PER_KWH = N_("元/kWh")
PER_HA = N_("人/公顷")
POINTS = N_("分")
PLOTS = N_("宗")
FIRMS = N_("家")

UNITS = frozenset(
    (
        *(MU, HA, WAN, WAN_PER_MU, WAN_PER_MU_YEAR, WAN_PER_HA, WAN_PER_TCE, WAN_PER_T),
        *(WAN_PER_PERSON, WAN_PER_MWH, YEARS, MONTHS, YUAN, YUAN_PER_YEAR, YUAN_PER_KWH),
        *(PER_HA, POINTS, PLOTS, FIRMS),
        *(N_("亿元"), N_("亿元/年"), N_("万元/年"), N_("人"), N_("吨标煤"), N_("吨"), N_("月")),
        *(N_("元/kW"), N_("元/kWh·年"), N_("元/kVA·月"), N_("元/kW·月"), N_("元/kW·年"), N_("项")),
        *(N_("亿元/亩"), N_("倍"), N_("天"), N_("小时"), N_("元/MWh"), N_("个"), N_("米")),
        *(
            N_("kgCO₂/kWh"),
            N_("元/吨"),
            N_("吨标煤/万元"),
            N_("m³/万元"),
            N_("kgCO₂/元"),
            N_("MWh/年"),
            N_("每年"),
            N_("万亩"),
            N_("平方公里"),
            N_("小时/月"),
            N_("小时/年"),
            N_("千克标煤/kWh"),
            N_("元/公里"),
            N_("每小时"),
            N_("每开"),
            N_("元/kW(h)"),
            N_("名"),
            N_("㎡"),
            N_("公里"),
        ),
    )
)

# Units as the energy side writes them.
UNIT_ALIASES = {
    "yuan": YUAN,
    "yuan/yr": YUAN_PER_YEAR,
    "yuan/kWh": YUAN_PER_KWH,
    "yuan/kW": N_("元/kW"),
    "yuan/(kW·yr)": N_("元/kW·年"),
    "yuan/(kWh·yr)": N_("元/kWh·年"),
    "yuan/(kVA·month)": N_("元/kVA·月"),
    "yuan/(kW·month)": N_("元/kW·月"),
    "yuan/MWh": N_("元/MWh"),
    "yr": YEARS,
    "year": YEARS,
    "h/month": N_("小时/月"),
    "h/yr": N_("小时/年"),
    "kgce/kWh": N_("千克标煤/kWh"),
    **{f"tCO2/{per}": f"tCO₂/{per}" for per in ("tce", "t", "GJ", "MWh", "万m³")},
    "tce": N_("吨标煤"),
    "yuan/km": N_("元/公里"),
    "m": N_("米"),
    "1": "",
    "1/yr": "share",
    "yuan/kW(h)": N_("元/kW(h)"),
    "1/h": N_("每小时"),
    "1/K": N_("每开"),
    "MWh/yr": N_("MWh/年"),
    "share/yr": N_("每年"),
    "h": N_("小时"),
    "kgCO2/kWh": "kgCO₂/kWh",
    "tCO2": "tCO₂",
    "mu": MU,
    "m2": "㎡",
}
