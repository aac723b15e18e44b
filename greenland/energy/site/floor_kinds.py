"""What parts are bounded by besides their limits: least sizes, and quotas of a day.

They are no requirement of a document, so that plans are not reported against them; but limits may
conflict with them, and then they are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenland.energy.site.limit_kinds import LimitKind, LimitQuantity, Sense
from greenland.energy.site.limits import LimitRef
from greenland.i18n import N_

if TYPE_CHECKING:
    from greenland.energy.site.site import Site

_POWERS = ("sources", "storages", "electrolysers", "generators")
LEAST_SIZES = (
    LimitKind(
        "min_mw",
        N_("装机下限"),
        Sense.LEAST,
        LimitQuantity.POWER,
        "min_mw",
        "MW",
        parts=_POWERS,
        none=0.0,
        existing="existing_mw",
    ),
    LimitKind(
        "min_mwh",
        N_("储能容量下限"),
        Sense.LEAST,
        LimitQuantity.ENERGY,
        "min_mwh",
        "MWh",
        parts=("storages",),
        none=0.0,
        existing="existing_mwh",
    ),
    LimitKind(
        "min_charge_mw",
        N_("充电功率下限"),
        Sense.LEAST,
        LimitQuantity.POWER,
        "min_charge_mw",
        "MW",
        parts=("storages",),
        none=0.0,
        existing="existing_charge_mw",
    ),
)
QUOTAS = (
    LimitKind(
        "daily_product_min",
        N_("日产量下限"),
        Sense.LEAST,
        LimitQuantity.PRODUCT,
        "min_daily_product_t",
        "t",
        parts=("electrolysers",),
        none=0.0,
    ),
    LimitKind(
        "daily_product_max",
        N_("日产量上限"),
        Sense.MOST,
        LimitQuantity.PRODUCT,
        "max_daily_product_t",
        "t",
        parts=("electrolysers",),
    ),
)
FLOOR_KINDS = {kind.key: kind for kind in (*LEAST_SIZES, *QUOTAS)}


def floors_of_site(site: Site) -> dict[LimitRef, float]:
    """Every least size and quota of a site, with its value, what exists included.

    [MW], [MWh], [t] a day.
    """
    found: dict[LimitRef, float] = {}
    for field in _POWERS:
        for part in getattr(site, field):
            for kind in FLOOR_KINDS.values():
                value = kind.value_of(part) if field in kind.parts else None
                if value is not None:
                    there = getattr(part, kind.existing) if kind.existing else 0.0
                    found[LimitRef(kind, part.name)] = value + there
    return found
