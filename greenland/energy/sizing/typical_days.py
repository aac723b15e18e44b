"""Typical days: which days of a horizon are alike, and the day that stands for each group.

Days are grouped by Ward's hierarchical clustering of their curves; the day nearest to the middle of
its group stands for it, scaled so that the group keeps its energy.

References
----------
Kotzur, Markewitz, Robinius, Stolten (2018), Impact of different time series aggregation methods on
optimal energy system design, Renewable Energy 117, 474-487.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.problem.data import ModelData
from greenland.energy.site import Array, Site
from greenland.errors import input_error
from greenland.i18n import _

HOURS_A_DAY = 24


@dataclass(frozen=True)
class TypicalDays:
    """Days of a horizon by groups.

    Parameters
    ----------
    first : tuple of Timestamp
        Beginning of every day of the horizon.
    group : array of int, shape (days,)
        Group of each day, counted from 0.
    medoids : array of int, shape (groups,)
        Number of the day that stands for each group.
    steps_per_day : int
    """

    first: tuple[pd.Timestamp, ...]
    group: NDArray[np.int64]
    medoids: NDArray[np.int64]
    steps_per_day: int

    @property
    def weights(self) -> NDArray[np.int64]:
        """Days in each group; they sum to the days of the horizon."""
        return np.bincount(self.group, minlength=len(self.medoids))

    @property
    def dates(self) -> tuple[pd.Timestamp, ...]:
        """The typical days."""
        return tuple(self.first[int(day)] for day in self.medoids)

    @property
    def first_of_group(self) -> NDArray[np.int64]:
        """First day of each group in the order of time."""
        return np.array([int(np.argmax(self.group == k)) for k in range(len(self.medoids))])


def whole_days(site: Site) -> int:
    """Steps of a day, of a horizon of whole days.

    Raises
    ------
    InputError
        If a day is cut short.
    """
    count = round(HOURS_A_DAY / site.step_hours)
    index = site.index
    days = index if index.tz is None else index.tz_localize(None)
    sizes = np.unique(days.floor("D"), return_counts=True)[1]
    if (sizes != count).any():
        raise input_error(
            "preview_days",
            _("典型日预览要求时段由整天组成，每天从 00:00 起。"),
            got=f"{index[0]} – {index[-1]}",
            column="load",
        )
    return count


def typical_days(data: ModelData, count: int) -> TypicalDays:
    """Choose typical days.

    Parameters
    ----------
    data : ModelData
        Of a horizon of whole days.
    count : int
        Groups; no more than days.

    Notes
    -----
    Each curve counts by its own range, so that a price of a few tenths weighs what a load of a
    hundred megawatts does; a curve that never changes counts nothing.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    per_day = whole_days(data.site)
    days = data.steps // per_day
    curves = [data.load, *data.pu, data.buy, data.sell, *data.purchase_price]
    parts = [
        curve.reshape(days, per_day) / span
        for curve in curves
        if (span := float(np.ptp(curve))) > 0
    ]
    wide = np.hstack(parts) if parts else np.zeros((days, 1))
    group = np.zeros(days, dtype=np.int64)
    if 1 < count < days:
        found = fcluster(linkage(wide, method="ward"), count, criterion="maxclust")
        group = np.unique(found, return_inverse=True)[1].astype(np.int64)
    elif count >= days:
        group = np.arange(days)
    medoids = []
    for k in range(int(group.max()) + 1):
        members = np.flatnonzero(group == k)
        middle = wide[members].mean(axis=0)
        medoids.append(int(members[np.argmin(((wide[members] - middle) ** 2).sum(axis=1))]))
    first = tuple(data.index[::per_day])
    return TypicalDays(first, group, np.array(medoids), per_day)


def with_typical_days(data: ModelData, typical: TypicalDays) -> ModelData:
    """The same horizon with every day replaced by the one that stands for its group.

    Load and output are those of that day, scaled to the mean energy of the group (output to one at
    most); prices are the means of the group, hour by hour; bounds are those of the day.
    """
    load, scale = _scaled(data.load, typical)
    return replace(
        data,
        load=load,
        pu=np.array([np.minimum(_scaled(row, typical)[0], 1.0) for row in data.pu]).reshape(
            data.pu.shape
        ),
        buy=_mean(data.buy, typical),
        sell=_mean(data.sell, typical),
        fee=_mean(data.fee, typical),
        emission=_mean(data.emission, typical),
        purchase_price=_each(data.purchase_price, typical),
        shift_profile=_each(data.shift_profile, typical),
        interruptible=np.array(
            [_of_day(row, typical) * scale for row in data.interruptible]
        ).reshape(data.interruptible.shape),
        import_cap=_of_day(data.import_cap, typical),
        export_cap=_of_day(data.export_cap, typical),
    )


def _of_day(values: Array, typical: TypicalDays) -> Array:
    """Values of the day that stands for each."""
    table = values.reshape(-1, typical.steps_per_day)
    return table[typical.medoids[typical.group]].ravel()


def _mean(values: Array, typical: TypicalDays) -> Array:
    """Means of the group of each day, hour by hour."""
    table = values.reshape(-1, typical.steps_per_day)
    means = np.array([table[typical.group == k].mean(axis=0) for k in range(len(typical.medoids))])
    return np.asarray(means[typical.group].ravel())


def _each(rows: Array, typical: TypicalDays) -> Array:
    return np.array([_mean(row, typical) for row in rows]).reshape(rows.shape)


def _scaled(values: Array, typical: TypicalDays) -> tuple[Array, Array]:
    """The day of each group, scaled to the mean energy of the group, and the scale."""
    own = _of_day(values, typical)
    table = (values.reshape(-1, typical.steps_per_day), own.reshape(-1, typical.steps_per_day))
    energy, have = (part.sum(axis=1) for part in table)
    means = np.bincount(typical.group, energy) / typical.weights
    due = means[typical.group]
    scale = np.divide(due, have, out=np.ones_like(due), where=have > 0)
    steps = np.repeat(scale, typical.steps_per_day)
    return own * steps, steps
