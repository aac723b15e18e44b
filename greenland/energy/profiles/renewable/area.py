"""From roofs to megawatts and from megawatts to land."""

from __future__ import annotations

from dataclasses import dataclass

from greenland.energy.profiles.defaults import defaults
from greenland.rules.book import Rulebook


@dataclass(frozen=True, slots=True)
class RoofPotential:
    """What a roof can carry: usable area [m²], modules [MW, DC] and inverters [MW, AC]."""

    usable_m2: float
    dc_mw: float
    ac_mw: float


def roof_capacity(
    roof_m2: float,
    *,
    usable_share: float | None = None,
    module_efficiency: float | None = None,
    dc_ac_ratio: float | None = None,
    rulebook: Rulebook | None = None,
) -> RoofPotential:
    """PV capacity a roof can carry, modules laid flat on the usable part.

    Parameters
    ----------
    roof_m2 : float
        Roof area [m²].
    usable_share, module_efficiency, dc_ac_ratio : float, optional
        As decimals; the rules' values when None.

    Notes
    -----
    Standard conditions are 1000 W/m², so a square metre carries *efficiency* kW.
    """
    values = defaults(rulebook)
    usable = roof_m2 * values.number("pv.roof_usable_share", usable_share)
    dc = usable * values.number("pv.module_efficiency", module_efficiency) / 1000.0
    return RoofPotential(usable, dc, dc / values.number("pv.dc_ac_ratio", dc_ac_ratio))


def land_area_ha(
    dc_mw: float,
    *,
    ground_coverage: float | None = None,
    module_efficiency: float | None = None,
    rulebook: Rulebook | None = None,
) -> float:
    """Ground that a plant of *dc_mw* takes [ha]: module area over the ground coverage ratio.

    Roads, substation and slopes come on top; the site's own figure is better where known.
    """
    values = defaults(rulebook)
    module_m2 = dc_mw * 1000.0 / values.number("pv.module_efficiency", module_efficiency)
    return module_m2 / values.number("pv.ground_coverage", ground_coverage) / 10000.0
