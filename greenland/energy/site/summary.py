"""What the console and notebooks show of a site."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from greenland.i18n import _
from greenland.summary import Summary, listed, quantity

if TYPE_CHECKING:
    from greenland.energy.site.site import Site


def site_summary(item: Site) -> Summary:
    """Horizon, load, what may supply it, and the limits that are set."""
    steps = _(
        "{count} 步，每步 {hours}，自 {first} 起",
        count=len(item.index),
        hours=quantity(item.step_hours, "h"),
        first=f"{item.index[0]:%Y-%m-%d}",
    )
    energy = float(item.load.sum()) * item.step_hours
    load = _(
        "最大 {most}，共 {energy}",
        most=quantity(float(item.load.max()), "MW"),
        energy=quantity(energy, "MWh"),
    )
    flexible = [
        *(one.name for one in item.shiftable),
        *(one.name for one in item.interruptible),
        *(one.name for one in item.electrolysers),
    ]
    set_limits = [
        f"{one.name} {quantity(value)}"
        for one in fields(item.limits)
        if isinstance(value := getattr(item.limits, one.name), int | float)
    ]
    lines = [
        (_("负荷"), load),
        (_("电源"), listed(source.name for source in item.sources)),
        (_("储能"), listed(storage.name for storage in item.storages)),
        (_("电网"), _("不接入") if item.grid is None else _("接入")),
    ]
    if flexible:
        lines.append((_("可调负荷"), listed(flexible)))
    return Summary(steps, (*lines, (_("约束"), listed(set_limits))))
