"""A wind turbine: its power curve, from windpowerlib's library or the user, and its losses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import Defaults
from greenland.energy.profiles.method import CURVE_PEAK, LEAST_VALUES
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import N_, _
from greenland.yamlfile import nearest

Numbers = npt.NDArray[np.float64]

REFERENCE_DENSITY = 1.225  # kg/m³, the density power curves are given for


@dataclass(frozen=True)
class Turbine:
    """A turbine with what is lost behind it; None takes the rule's default.

    Parameters
    ----------
    type : str, optional
        Name in windpowerlib's library, such as ``"V126/3450"``; not used with a `curve`.
    curve : Series, optional
        The user's power curve: output [kW, or per unit with a greatest value of 1] by wind
        speed [m/s]; for air of ``attrs["air_density"]`` [kg/m³], 1.225 when not stated. See
        `power_curve.read_curve`.
    hub_height : float, optional
        [m]
    wake_loss, other_losses : float, optional
        As decimals.
    availability : float, optional
        As decimal.
    rated_kw : float, optional
        Rated power of the user's curve [kW]; its greatest value when None. Needed to know the
        size of a turbine whose curve is per unit.
    """

    type: str | None = None
    curve: pd.Series | None = None
    hub_height: float | None = None
    wake_loss: float | None = None
    availability: float | None = None
    other_losses: float | None = None
    rated_kw: float | None = None


@dataclass(frozen=True)
class Machine:
    """A `Turbine` with every default resolved; `output` is per unit of rated power."""

    name: str
    speeds: Numbers
    output: Numbers
    rated_kw: float
    hub_height: float
    wake_loss: float
    availability: float
    other_losses: float
    curve_density: float = REFERENCE_DENSITY
    problems: tuple[Problem, ...] = ()

    @property
    def kept(self) -> float:
        """Share of the output that is left after wake, downtime and other losses."""
        return (1 - self.wake_loss) * self.availability * (1 - self.other_losses)

    def as_record(self) -> dict[str, object]:
        """What the turbine was calculated with, as plain values."""
        return {
            "name": self.name,
            "rated_kw": self.rated_kw,
            "curve_density": self.curve_density,
            "hub_height": self.hub_height,
            "wake_loss": self.wake_loss,
            "availability": self.availability,
            "other_losses": self.other_losses,
        }


@cache
def library_turbines() -> tuple[str, ...]:
    """Names of the turbines with a power curve in windpowerlib's library."""
    with library_quiet():
        from windpowerlib import get_turbine_types

        table = get_turbine_types(print_out=False)
    return tuple(table.loc[table["has_power_curve"], "turbine_type"])


@cache
def _library_curve(name: str) -> tuple[Numbers, Numbers, float]:
    """Speeds [m/s], output per unit and rated power [kW] of a turbine of the library."""
    if name not in library_turbines():
        guess = nearest(name, library_turbines())
        raise input_error(
            "turbine_unknown",
            _("功率曲线库中没有机型“{name}”。", name=name),
            got=name,
            remedy=_("是否应为“{guess}”？", guess=guess)
            if guess
            else _("请查看 greenland energy profile turbines，或自行给出功率曲线表。"),
        )
    with library_quiet():
        from windpowerlib import WindTurbine

        turbine = WindTurbine(hub_height=100, turbine_type=name)
    curve = turbine.power_curve
    speeds = curve["wind_speed"].to_numpy(dtype=float)
    return (
        speeds,
        curve["value"].to_numpy(dtype=float) / turbine.nominal_power,
        (float(turbine.nominal_power) / 1000.0),
    )


def _user_curve(turbine: Turbine) -> tuple[Numbers, Numbers, float]:
    """Check the user's curve and bring it to per unit."""
    assert turbine.curve is not None
    curve = turbine.curve.sort_index()
    speeds, power = curve.index.to_numpy(dtype=float), curve.to_numpy(dtype=float)
    faults: list[str] = []
    rated = turbine.rated_kw or float(power.max(initial=0.0))
    per_unit_curve = turbine.rated_kw is not None and 0 < power.max(initial=0.0) <= 1.0
    share = power if per_unit_curve else power / (rated or 1.0)
    if len(speeds) < LEAST_VALUES or not np.isfinite(speeds).all() or not np.isfinite(power).all():
        faults.append(_("功率曲线至少要有三个点，且不得有空值。"))
    elif (np.diff(speeds) <= 0).any() or speeds[0] < 0:
        faults.append(_("功率曲线的风速必须不小于零且不重复。"))
    elif power.min() < 0 or power.max() <= 0:
        faults.append(_("功率曲线的出力必须不小于零。"))
    elif not CURVE_PEAK[0] <= share.max() <= CURVE_PEAK[1]:
        faults.append(
            _(
                "功率曲线的最大值 {most} 与额定功率 {rated} kW 不符，请核对单位。",
                most=f"{power.max():g}",
                rated=f"{rated:g}",
            )
        )
    if faults:
        raise InputError(Problem(Severity.ERROR, "power_curve", text) for text in faults)
    return speeds, share, rated


def resolve(turbine: Turbine, values: Defaults) -> Machine:
    """Fill the defaults of a turbine from the rules and get its power curve.

    Raises
    ------
    InputError
        If the library has no such turbine, the user's curve is unusable, or a loss is not a
        share.
    """
    curve_density, problems = REFERENCE_DENSITY, ()
    if turbine.curve is not None:
        curve_density = float(turbine.curve.attrs.get("air_density", REFERENCE_DENSITY))
        problems = tuple(turbine.curve.attrs.get("problems", ()))
        name = turbine.type or str(_("用户功率曲线"))
        speeds, output, rated = _user_curve(turbine)
    else:
        name = turbine.type or str(values.get("wind.turbine"))
        speeds, output, rated = _library_curve(name)
    machine = Machine(
        name,
        speeds,
        output,
        rated,
        hub_height=values.number("wind.hub_height", turbine.hub_height),
        wake_loss=values.number("wind.wake_loss", turbine.wake_loss),
        availability=values.number("wind.availability", turbine.availability),
        other_losses=values.number("wind.other_losses", turbine.other_losses),
        curve_density=curve_density,
        problems=problems,
    )
    _check_shares(machine)
    return machine


def _check_shares(machine: Machine) -> None:
    problems = [
        Problem(
            Severity.ERROR,
            "turbine_share",
            _("风电的{name}应在 0 与 1 之间。", name=_(label)),
            got=str(value),
            allowed="0–1",
        )
        for label, value in (
            (N_("尾流损失"), machine.wake_loss),
            (N_("可利用率"), machine.availability),
            (N_("其他损失"), machine.other_losses),
        )
        if not 0 <= value <= 1
    ]
    if problems:
        raise InputError(problems)
