"""The ``compliance:`` part of a case or park file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from greenland.energy.tariff.spellings import spellings


def _answer(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return spellings("answer").get(value, value) if isinstance(value, str) else value


Answer = Annotated[Literal["yes", "no", "unknown"], BeforeValidator(_answer)]


class ComplianceConfig(BaseModel):
    """The ``compliance:`` part of a case or park file.

    Parameters
    ----------
    connection : str
        ``grid`` (并网型) or ``off_grid`` (离网型).
    commissioning_year : int, optional
        Decides whether a project is new from 2030; the assessed year when left out.
    voltage_kv : float, optional
        Connection voltage [kV].
    line_km : float, optional
        Length of the dedicated line [km].
    grid_has_330kv : bool
    export_allowed : bool, optional
        False where the spot market does not run continuously.
    planned_peak_valley_ratio : float, optional
        Of the exchanged power, as decimal, by the project's own plan.
    different_owners, multi_user : bool, optional
        What the conditions that depend on it ask.
    zero_carbon_park : bool
        Whether the targets of 910 are held against the plan.
    clean_energy_share, solid_waste_used_share, waste_heat_used_share, water_reused_share : float
        Guide indicators of 910, as decimals, optional; the plan does not know them.
    unit_consumption_level : int, optional
        The worst level the energy use per product of the park's firms reaches in the standards of
        energy limits, 1 the best; also a guide indicator.
    answers : mapping of condition to yes, no or unknown
    """

    model_config = ConfigDict(extra="forbid")

    connection: Literal["grid", "off_grid"] = "grid"
    commissioning_year: int | None = None
    voltage_kv: float | None = Field(default=None, gt=0)
    line_km: float | None = Field(default=None, ge=0, le=10_000)
    grid_has_330kv: bool = False
    export_allowed: bool | None = None
    planned_peak_valley_ratio: float | None = Field(default=None, ge=0, le=2)
    different_owners: bool | None = None
    multi_user: bool | None = None
    zero_carbon_park: bool = False
    clean_energy_share: float | None = Field(default=None, ge=0, le=1)
    solid_waste_used_share: float | None = Field(default=None, ge=0, le=1)
    waste_heat_used_share: float | None = Field(default=None, ge=0, le=1)
    water_reused_share: float | None = Field(default=None, ge=0, le=1)
    unit_consumption_level: int | None = Field(default=None, ge=1, le=4)
    answers: dict[str, Answer] = {}
