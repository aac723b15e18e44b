"""A field of modules: how it stands, what it is made of, and its defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import Defaults
from greenland.energy.profiles.place import Place
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _


class Tracking(StrEnum):
    """How the modules follow the sun."""

    FIXED = "fixed"
    SINGLE_AXIS = "single_axis"


class Mounting(StrEnum):
    """How freely air passes behind the modules."""

    OPEN_RACK = "open_rack"
    ROOF = "roof"


class Rated(StrEnum):
    """What one unit of capacity means."""

    DC = "dc"
    AC = "ac"


TRACKING_LABELS = {Tracking.FIXED: N_("固定支架"), Tracking.SINGLE_AXIS: N_("单轴跟踪")}


MOUNTING_LABELS = {Mounting.OPEN_RACK: N_("地面支架"), Mounting.ROOF: N_("屋顶平铺")}


RATED_LABELS = {Rated.DC: N_("直流侧容量（组件）"), Rated.AC: N_("交流侧容量（逆变器）")}


# pvlib's names of the Sandia cell-temperature parameters.
_THERMAL = {
    Mounting.OPEN_RACK: "open_rack_glass_glass",
    Mounting.ROOF: "close_mount_glass_glass",
}


@dataclass(frozen=True, slots=True)
class Array:
    """One field of modules that face the same way; None takes the rule's default.

    Parameters
    ----------
    tilt : float, optional
        From the horizontal [degrees]; the place's latitude when None. Not used by trackers.
    azimuth : float
        Direction the modules face, or a tracker's axis points [degrees from north, clockwise].
    tracking : Tracking
    max_angle : float
        Largest turn of a tracker [degrees].
    bifaciality : float
        Rear over front efficiency, as decimal; 0 for modules of one face.
    row_height : float
        Height of a row's centre above the ground, for bifacial modules [m].
    row_pitch : float
        Distance between rows, for bifacial modules [m].
    ground_coverage : float, optional
        Module area over ground area, as decimal.
    dc_ac_ratio : float, optional
        DC over AC capacity.
    losses : float, optional
        Losses between modules and inverter, as decimal.
    soiling : float
        Further loss by dirt, as decimal; off (0) by default, for `losses` has an ordinary share.
    snow : bool
        Whether snow lying on the modules is counted; needs a column ``snowfall`` [cm per step].
    share : float
        Weight of this array when several make up a plant (share of DC capacity).
    """

    tilt: float | None = None
    azimuth: float = 180.0
    tracking: Tracking = Tracking.FIXED
    mounting: Mounting = Mounting.OPEN_RACK
    max_angle: float = 60.0
    bifaciality: float = 0.0
    row_height: float = 1.5
    row_pitch: float = 6.0
    ground_coverage: float | None = None
    albedo: float | None = None
    dc_ac_ratio: float | None = None
    losses: float | None = None
    inverter_efficiency: float | None = None
    temperature_coefficient: float | None = None
    soiling: float = 0.0
    snow: bool = False
    share: float = 1.0

    def problems(self) -> list[Problem]:
        """Every value that stands outside what it can be."""
        limits: tuple[tuple[str, float | None, float, float], ...] = (
            (N_("倾角"), self.tilt, 0, 90),
            (N_("方位角"), self.azimuth, 0, 360),
            (N_("双面系数"), self.bifaciality, 0, 1),
            (N_("容配比"), self.dc_ac_ratio, 0.5, 3),
            (N_("系统损失"), self.losses, 0, 0.99),
            (N_("污秽损失"), self.soiling, 0, 0.99),
            (N_("地面覆盖率"), self.ground_coverage, 0.01, 1),
            (N_("反照率"), self.albedo, 0, 1),
            (N_("逆变器效率"), self.inverter_efficiency, 0.5, 1),
            (N_("容量占比"), self.share, 1e-9, float("inf")),
        )
        return [
            Problem(
                Severity.ERROR,
                "pv_array",
                _("光伏阵列的{name}超出范围。", name=_(label)),
                got=str(value),
                allowed=_("{low} 至 {high}", low=low, high=high),
            )
            for label, value, low, high in limits
            if value is not None and not low <= value <= high
        ]


@dataclass(frozen=True, slots=True)
class Spec:
    """An `Array` with every default resolved."""

    array: Array
    tilt: float
    ground_coverage: float
    albedo: float
    dc_ac_ratio: float
    losses: float
    inverter_efficiency: float
    temperature_coefficient: float
    thermal: dict[str, float] = field(default_factory=dict)


def resolve(array: Array, place: Place, values: Defaults) -> Spec:
    """Fill the defaults of an array from the rules.

    Raises
    ------
    InputError
        With every value out of its range.
    """
    problems = array.problems()
    if problems:
        raise InputError(problems)
    with library_quiet():
        from pvlib.temperature import TEMPERATURE_MODEL_PARAMETERS
    return Spec(
        array,
        tilt=abs(place.latitude) if array.tilt is None else array.tilt,
        ground_coverage=values.number("pv.ground_coverage", array.ground_coverage),
        albedo=values.number("pv.albedo", array.albedo),
        dc_ac_ratio=values.number("pv.dc_ac_ratio", array.dc_ac_ratio),
        losses=values.number("pv.losses", array.losses),
        inverter_efficiency=values.number("pv.inverter_efficiency", array.inverter_efficiency),
        temperature_coefficient=values.number(
            "pv.temperature_coefficient", array.temperature_coefficient
        ),
        thermal=dict(TEMPERATURE_MODEL_PARAMETERS["sapm"][_THERMAL[array.mounting]]),
    )


def resolve_all(
    arrays: Array | Sequence[Array] | None, place: Place, values: Defaults
) -> list[Spec]:
    """Resolve one array, several, or (None) the default one; see `resolve`."""
    if arrays is None or isinstance(arrays, Array):
        return [resolve(arrays or Array(), place, values)]
    return [resolve(item, place, values) for item in arrays]


def array_record(spec: Spec) -> dict[str, object]:
    """What an array was calculated with, as plain values."""
    return {
        "tilt": None if spec.array.tracking is Tracking.SINGLE_AXIS else spec.tilt,
        "azimuth": spec.array.azimuth,
        "tracking": str(spec.array.tracking),
        "mounting": str(spec.array.mounting),
        "bifaciality": spec.array.bifaciality,
        "dc_ac_ratio": spec.dc_ac_ratio,
        "losses": spec.losses,
        "soiling": spec.array.soiling,
        "snow": spec.array.snow,
        "share": spec.array.share,
    }
