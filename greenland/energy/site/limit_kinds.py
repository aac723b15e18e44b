"""The one table of the kinds of limits.

`LIMIT_KINDS` says of each kind where its value stands, which side of it is kept, what it is
counted in and how it is called. Checks of a site, the replay, shadow prices, explanations and
records all read it; only the rows of the model and the value in the replay are written beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from greenland.energy.site.readings import SelfUse
from greenland.i18n import N_

if TYPE_CHECKING:
    from greenland.energy.site.limits import Limits


class Sense(StrEnum):
    """Which side of a limit is kept."""

    LEAST = ">="
    MOST = "<="


class LimitQuantity(StrEnum):
    """What a limit bounds; of a share, what it is a share of."""

    OF_GENERATION = "of_generation"  # available generation
    OF_DELIVERED = "of_delivered"  # available generation less curtailment
    OF_CONSUMPTION = "of_consumption"
    OF_LOAD = "of_load"  # firm load
    OF_INTERRUPTIBLE = "of_interruptible"
    OF_PEAK = "of_peak"  # highest exchanged power
    EMISSION = "emission"
    AREA = "area"
    MONEY = "money"
    POWER = "power"
    ENERGY = "energy"
    HOURS = "hours"
    PRODUCT = "product"
    FUEL = "fuel"


_SHARES = frozenset(
    {
        *(LimitQuantity.OF_GENERATION, LimitQuantity.OF_CONSUMPTION, LimitQuantity.OF_LOAD),
        *(LimitQuantity.OF_INTERRUPTIBLE, LimitQuantity.OF_PEAK, LimitQuantity.OF_DELIVERED),
    }
)
# Shares of something that is decided too: they are ratios of two decisions.
_OF_DECISIONS = frozenset(
    {
        *(LimitQuantity.OF_GENERATION, LimitQuantity.OF_CONSUMPTION, LimitQuantity.OF_PEAK),
        LimitQuantity.OF_DELIVERED,
    }
)
_SIZES = frozenset(
    {LimitQuantity.POWER, LimitQuantity.ENERGY, LimitQuantity.AREA, LimitQuantity.MONEY}
)


@dataclass(frozen=True)
class LimitKind:
    """One kind of limit.

    Parameters
    ----------
    key : str
        Name of its family of rows in the model, and in records. Holds no colon.
    label : str
        What people call it.
    sense : Sense
    quantity : LimitQuantity
    field : str
        Where its value stands: a field of `Limits`, or of the parts in *parts*.
    unit : str
        Unit people read it in; empty for shares.
    parts : tuple of str
        Fields of `Site` whose parts may have such a limit each; empty for a limit of the site.
    none : float, optional
        Value of *field* that means "no such limit", beside None.
    existing : str
        Field of the part whose value is added: what is there already.
    field_per_unit : float
        What *field* counts for one *unit*.
    row_per_unit : float
        What the rows of the model count for one *unit* (a share: for one whole).
    reading : SelfUse, optional
        In which reading of self-use the limit is this one.
    rule : str
        Rule whose value a case may take where it gives none.
    """

    key: str
    label: str
    sense: Sense
    quantity: LimitQuantity
    field: str
    unit: str = ""
    parts: tuple[str, ...] = ()
    none: float | None = None
    existing: str = ""
    field_per_unit: float = 1.0
    row_per_unit: float = 1.0
    reading: SelfUse | None = None
    rule: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is a share, given as decimal and read in percent."""
        return self.quantity in _SHARES

    @property
    def is_ratio_of_decisions(self) -> bool:
        """Whether what it is a share of is decided too."""
        return self.quantity in _OF_DECISIONS

    @property
    def is_size(self) -> bool:
        """Whether it bounds what may be built."""
        return self.quantity in _SIZES

    @property
    def is_least(self) -> bool:
        """Whether its value is the least that is kept, not the most."""
        return self.sense is Sense.LEAST

    def value_in(self, limits: Limits) -> float | None:
        """Value of a limit of the site; None where it is not set, or in another reading only."""
        chosen = SelfUse(limits.self_use_reading)
        if self.reading is not None and not chosen.includes(self.reading):
            return None
        value: float | None = getattr(limits, self.field)
        return value

    def value_of(self, part: Any) -> float | None:
        """Value of a limit of a part; None where it is not set."""
        value = getattr(part, self.field)
        return None if value is None or value == self.none else float(value)


_INFINITE = float("inf")
_LEAST, _MOST = Sense.LEAST, Sense.MOST

SITE_LIMITS = (
    LimitKind(
        "self_use_of_generation",
        N_("自发自用占可用发电量比例（口径一）"),
        _LEAST,
        LimitQuantity.OF_GENERATION,
        "min_self_use_of_generation",
        reading=SelfUse.GROSS,
        rule="energy.direct.self_use_of_generation",
    ),
    LimitKind(
        "self_use_of_generation_net",
        N_("自发自用占可用发电量比例（口径二，扣储能损耗）"),
        _LEAST,
        LimitQuantity.OF_GENERATION,
        "min_self_use_of_generation",
        reading=SelfUse.NET,
    ),
    LimitKind(
        "self_use_of_consumption",
        N_("自发自用占总用电量比例"),
        _LEAST,
        LimitQuantity.OF_CONSUMPTION,
        "min_self_use_of_consumption",
        rule="energy.direct.self_use_of_consumption",
    ),
    LimitKind(
        "export_share",
        N_("上网比例"),
        _MOST,
        LimitQuantity.OF_GENERATION,
        "max_export_share",
        rule="energy.direct.export_share",
    ),
    LimitKind(
        "export_share_of_delivered",
        N_("上网占上网与自发自用之和的比例"),
        _MOST,
        LimitQuantity.OF_DELIVERED,
        "max_export_share_of_delivered",
    ),
    LimitKind(
        "curtailment_share",
        N_("弃电率"),
        _MOST,
        LimitQuantity.OF_GENERATION,
        "max_curtailment_share",
    ),
    LimitKind("unserved_share", N_("缺供比例"), _MOST, LimitQuantity.OF_LOAD, "max_unserved_share"),
    LimitKind("co2", N_("年碳排放"), _MOST, LimitQuantity.EMISSION, "max_co2_t", "tCO2"),
    LimitKind("land", N_("用地"), _MOST, LimitQuantity.AREA, "max_land_mu", "亩"),
    LimitKind("roof", N_("屋顶"), _MOST, LimitQuantity.AREA, "max_roof_m2", "m2"),
    LimitKind(
        "budget",
        N_("初投资"),
        _MOST,
        LimitQuantity.MONEY,
        "max_capex_yuan",
        "万元",
        field_per_unit=1e4,
        row_per_unit=10.0,  # rows are in thousand yuan
    ),
    LimitKind(
        "peak_valley",
        N_("交换功率峰谷差率"),
        _MOST,
        LimitQuantity.OF_PEAK,
        "max_peak_valley_ratio",
    ),
)
"""Limits of the site as a whole; their fields are those of `Limits`."""

PART_LIMITS = (
    LimitKind(
        "max_mw",
        N_("装机上限"),
        _MOST,
        LimitQuantity.POWER,
        "max_mw",
        "MW",
        parts=("sources", "storages", "electrolysers", "generators"),
        none=_INFINITE,
        existing="existing_mw",
    ),
    LimitKind(
        "max_mwh",
        N_("储能容量上限"),
        _MOST,
        LimitQuantity.ENERGY,
        "max_mwh",
        "MWh",
        parts=("storages",),
        none=_INFINITE,
        existing="existing_mwh",
    ),
    LimitKind(
        "max_charge_mw",
        N_("充电功率上限"),
        _MOST,
        LimitQuantity.POWER,
        "max_charge_mw",
        "MW",
        parts=("storages",),
        none=_INFINITE,
        existing="existing_charge_mw",
    ),
    LimitKind(
        "hours_max",
        N_("储能最长时长"),
        _MOST,
        LimitQuantity.HOURS,
        "max_hours",
        "h",
        parts=("storages",),
    ),
    LimitKind(
        "hours_min",
        N_("储能最短时长"),
        _LEAST,
        LimitQuantity.HOURS,
        "min_hours",
        "h",
        parts=("storages",),
    ),
    LimitKind(
        "electrolyser_product",
        N_("年产量"),
        _LEAST,
        LimitQuantity.PRODUCT,
        "min_product_t",
        "t",
        parts=("electrolysers",),
        none=0.0,
    ),
    LimitKind(
        "generator_fuel",
        N_("年燃料量"),
        _MOST,
        LimitQuantity.FUEL,
        "max_fuel",
        N_("单位燃料"),
        parts=("generators",),
        row_per_unit=1e-3,  # rows are in thousand units
    ),
    LimitKind(
        "interruption_share",
        N_("中断比例"),
        _MOST,
        LimitQuantity.OF_INTERRUPTIBLE,
        "max_share",
        parts=("interruptible",),
        none=1.0,
    ),
)
"""Limits of single parts."""

CONNECTION = LimitKind(
    "grid_capacity",
    N_("接入容量"),
    _MOST,
    LimitQuantity.POWER,
    "capacity_mw",
    "MW",
    parts=("grid",),
)
"""The connected capacity: fixed, or the most it may be decided to be."""

LIMIT_KINDS = {kind.key: kind for kind in (*SITE_LIMITS, *PART_LIMITS, CONNECTION)}
