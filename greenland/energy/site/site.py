"""A site: a load to be supplied, with all that may supply it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property

import pandas as pd

from greenland.energy.site.fixed_assets import FixedAsset
from greenland.energy.site.generators import Generator
from greenland.energy.site.grid import Grid
from greenland.energy.site.horizon import horizon_years, step_hours
from greenland.energy.site.limits import Limits
from greenland.energy.site.loads import Electrolyser, InterruptibleLoad, ShiftableLoad
from greenland.energy.site.readings import WeatherYears
from greenland.energy.site.sources import Source
from greenland.energy.site.storage import Storage
from greenland.i18n import _
from greenland.summary import Summarised, Summary, listed, quantity


@dataclass(frozen=True, eq=False, repr=False)
class Site(Summarised):
    """A load to be supplied, with all that may supply it.

    Parameters
    ----------
    load : Series
        Firm load [MW] on a regular DatetimeIndex, hourly or finer, or in steps of 2, 3, 4 or 6
        hours; several weather years may follow each other, with breaks only between them.
    sources : sequence of Source
        What may generate, new and existing.
    storages : sequence of Storage
        What may store.
    grid : Grid, optional
        None: off-grid.
    limits : Limits
        What a plan must keep to over a year.
    discount_rate : float
        [1/yr], as decimal.
    shiftable, interruptible, electrolysers : sequences
        Flexible loads; interruptible ones are part of *load*, the others are on top of it.
    fixed_assets : sequence of FixedAsset
        What is built in any case, at a cost no decision changes.
    weather_years : WeatherYears
        Whether annual limits hold on average or in each weather year.
    unserved_price : float
        Cost of unserved load [yuan/kWh].
    project_years : int
        Life over which the objective ``"npv"`` counts [years].
    generators : sequence of Generator
        What generates when it is turned on.

    Raises
    ------
    InputError
        With every fault found.

    Examples
    --------
    >>> load = pd.Series(1.0, index=pd.date_range("2025-01-01", periods=48, freq="30min"))
    >>> site = Site(load, grid=Grid(import_price=0.5))
    >>> site.step_hours
    0.5
    """

    load: pd.Series
    sources: Sequence[Source] = ()
    storages: Sequence[Storage] = ()
    grid: Grid | None = None
    limits: Limits = field(default_factory=Limits)
    discount_rate: float = 0.07
    shiftable: Sequence[ShiftableLoad] = ()
    interruptible: Sequence[InterruptibleLoad] = ()
    electrolysers: Sequence[Electrolyser] = ()
    fixed_assets: Sequence[FixedAsset] = ()
    weather_years: WeatherYears | str = WeatherYears.AVERAGE
    unserved_price: float = 0.0
    project_years: int = 25
    generators: Sequence[Generator] = ()

    def __post_init__(self) -> None:
        from greenland.energy.site.checks import require_sound

        require_sound(self)

    def _summary(self) -> Summary:
        steps = _(
            "{count} 步，每步 {hours}，自 {first} 起",
            count=len(self.index),
            hours=quantity(self.step_hours, "h"),
            first=f"{self.index[0]:%Y-%m-%d}",
        )
        energy = float(self.load.sum()) * self.step_hours
        load = _(
            "最大 {most}，共 {energy}",
            most=quantity(float(self.load.max()), "MW"),
            energy=quantity(energy, "MWh"),
        )
        flexible = [
            *(one.name for one in self.shiftable),
            *(one.name for one in self.interruptible),
            *(one.name for one in self.electrolysers),
        ]
        set_limits = [
            f"{one.name} {quantity(value)}"
            for one in fields(self.limits)
            if isinstance(value := getattr(self.limits, one.name), int | float)
        ]
        lines = [
            (_("负荷"), load),
            (_("电源"), listed(one.name for one in self.suppliers)),
            (_("储能"), listed(storage.name for storage in self.storages)),
            (_("电网"), _("不接入") if self.grid is None else _("接入")),
        ]
        if flexible:
            lines.append((_("可调负荷"), listed(flexible)))
        return Summary(steps, (*lines, (_("约束"), listed(set_limits))))

    @property
    def index(self) -> pd.DatetimeIndex:
        """Beginning of every step."""
        return pd.DatetimeIndex(self.load.index)

    @cached_property
    def step_hours(self) -> float:
        """Length of a step [h]."""
        return step_hours(self.index)

    @cached_property
    def years(self) -> float:
        """Horizon in years, a leap year counting as one [yr]."""
        return horizon_years(self.index)

    @property
    def sellers(self) -> tuple[Source, ...]:
        """Sources whose output is bought by the kWh taken."""
        return tuple(item for item in self.sources if item.purchase is not None)

    @property
    def suppliers(self) -> tuple[Source | Generator, ...]:
        """All that generates: sources, then generators."""
        return (*self.sources, *self.generators)

    @property
    def green_suppliers(self) -> tuple[Source | Generator, ...]:
        """Of these, what is green: sources, then green generators."""
        return (*self.sources, *self.green_generators)

    @property
    def green_generators(self) -> tuple[Generator, ...]:
        """Generators whose energy counts as green."""
        return tuple(item for item in self.generators if item.is_green)

    @property
    def other_generators(self) -> tuple[Generator, ...]:
        """Generators whose energy does not."""
        return tuple(item for item in self.generators if not item.is_green)

    def charges_from_grid(self, item: Storage) -> bool:
        """Whether a storage may hold grid energy: it is allowed to, and there is a grid."""
        return item.grid_charging and self.grid is not None
