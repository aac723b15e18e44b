"""What a capacity, a column of the schedule or a cost item is, apart from what it is called.

Each is told by its kind and its owner, the part of the site it belongs to. The public label is
made from the two, never read back into them: it is the short one (``pv``, ``battery_power``)
where no other label of the site reads the same, else ``kind:owner`` (``source:battery_power``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from greenland.energy.site.series import Array
    from greenland.energy.site.site import Site


class CapacityKind(StrEnum):
    """What a capacity is of."""

    SOURCE = "source"
    STORAGE_POWER = "storage_power"
    STORAGE_ENERGY = "storage_energy"
    STORAGE_CHARGE_POWER = "storage_charge_power"
    ELECTROLYSER = "electrolyser"
    GRID = "grid"


class ColumnKind(StrEnum):
    """What a column of the schedule holds."""

    LOAD = "load"
    SOURCE = "source"  # available output, of a generator what it gives
    TAKEN = "taken"  # of a source whose output is bought
    IMPORT = "import"
    EXPORT = "export"
    CURTAILMENT = "curtailment"
    UNSERVED = "unserved"
    CHARGE = "charge"
    DISCHARGE = "discharge"
    ENERGY = "energy"
    GRID_CHARGE = "grid_charge"
    GRID_DISCHARGE = "grid_discharge"
    GRID_ENERGY = "grid_energy"
    SHIFTABLE = "shiftable"
    INTERRUPTED = "interrupted"
    ELECTROLYSER = "electrolyser"


class CostKind(StrEnum):
    """What an item of the annual cost is paid for."""

    SOURCE = "source"
    PURCHASE = "purchase"  # of what is taken of a source
    SHORTFALL = "shortfall"  # of what has to be taken of it
    FUEL = "fuel"
    START = "start"
    STORAGE = "storage"
    ELECTROLYSER = "electrolyser"
    FIXED_ASSET = "fixed_asset"
    ENERGY_PURCHASE = "energy_purchase"
    SELF_USE_FEES = "self_use_fees"
    CAPACITY_CHARGE = "capacity_charge"
    DEMAND_CHARGE = "demand_charge"
    GRID = "grid"
    GRID_FIXED = "grid_fixed"
    EXPORT_INCOME = "export_income"
    INTERRUPTION = "interruption"
    PRODUCT = "product"
    UNSERVED = "unserved"


Kind = CapacityKind | ColumnKind | CostKind

STORED = frozenset({ColumnKind.ENERGY, ColumnKind.GRID_ENERGY})
"""Columns that are energies [MWh] at the end of each step, not powers."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A capacity, column or cost item by what it is.

    Parameters
    ----------
    kind : CapacityKind, ColumnKind or CostKind
    owner : str
        Name of the part it belongs to; empty where there is only one of the kind.
    """

    kind: Kind
    owner: str = ""

    @property
    def unit(self) -> str:
        """MW, MWh, or yuan/yr."""
        if isinstance(self.kind, CostKind):
            return "yuan/yr"
        return "MWh" if self.kind in STORED or self.kind is CapacityKind.STORAGE_ENERGY else "MW"

    @property
    def qualified(self) -> str:
        """``kind:owner``, which no two identities share: no kind holds a colon."""
        return f"{self.kind}:{self.owner}" if self.owner else str(self.kind)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready kind, owner (None for the only one of its kind) and unit."""
        return {"kind": str(self.kind), "owner": self.owner or None, "unit": self.unit}


Labels = dict[Identity, str]

_PARTS: dict[Kind, str] = {
    CapacityKind.STORAGE_POWER: "{}_power",
    CapacityKind.STORAGE_ENERGY: "{}_energy",
    CapacityKind.STORAGE_CHARGE_POWER: "{}_charge_power",
    **{
        kind: f"{{}}_{kind}"
        for kind in (
            *(ColumnKind.CHARGE, ColumnKind.DISCHARGE, ColumnKind.ENERGY),
            *(ColumnKind.GRID_CHARGE, ColumnKind.GRID_DISCHARGE, ColumnKind.GRID_ENERGY),
            ColumnKind.TAKEN,
        )
    },
}
_ALWAYS_QUALIFIED = (
    *(CostKind.INTERRUPTION, CostKind.PRODUCT, CostKind.PURCHASE),
    *(CostKind.SHORTFALL, CostKind.FUEL, CostKind.START),
)
# What the schedule and the table of months call something of their own.
_COLUMN_WORDS = frozenset(
    {
        *(ColumnKind.LOAD, ColumnKind.IMPORT, ColumnKind.EXPORT, ColumnKind.CURTAILMENT),
        *(ColumnKind.UNSERVED, ColumnKind.CHARGE, ColumnKind.DISCHARGE, "month"),
    }
)


def _short(key: Identity) -> str:
    """The label of an identity where nothing else is called so."""
    if not key.owner or key.kind in _ALWAYS_QUALIFIED:
        return key.qualified
    return _PARTS.get(key.kind, "{}").replace("{}", key.owner)


def _unambiguous(keys: Iterator[Identity], words: Collection[str] = ()) -> Labels:
    """Short labels where these are told apart from all others and from *words*."""
    labels = {key: _short(key) for key in keys}
    while True:
        times = Counter(labels.values())
        ambiguous = {
            key: key.qualified
            for key, text in labels.items()
            if text != key.qualified and (times[text] > 1 or text in words)
        }
        if not ambiguous:
            return labels
        labels |= ambiguous


def capacity_labels(site: Site) -> Labels:
    """Label of every capacity of a site, in the order they are reported."""
    return _unambiguous(_capacities(site), {CapacityKind.GRID})


def _capacities(site: Site) -> Iterator[Identity]:
    for source in site.suppliers:
        yield Identity(CapacityKind.SOURCE, source.name)
    for storage in site.storages:
        yield Identity(CapacityKind.STORAGE_POWER, storage.name)
        yield Identity(CapacityKind.STORAGE_ENERGY, storage.name)
        if storage.decides_charge_power:
            yield Identity(CapacityKind.STORAGE_CHARGE_POWER, storage.name)
    for electrolyser in site.electrolysers:
        yield Identity(CapacityKind.ELECTROLYSER, electrolyser.name)
    if site.grid is not None:
        yield Identity(CapacityKind.GRID)


def column_labels(site: Site) -> Labels:
    """Label of every column the schedule of a site may have, in the order they are reported."""
    return _unambiguous(_columns(site), _COLUMN_WORDS)


def _columns(site: Site) -> Iterator[Identity]:
    yield Identity(ColumnKind.LOAD)
    sellers = {item.name for item in site.sellers}
    for source in site.suppliers:
        yield Identity(ColumnKind.SOURCE, source.name)
        if source.name in sellers:
            yield Identity(ColumnKind.TAKEN, source.name)
    for kind in (
        *(ColumnKind.IMPORT, ColumnKind.EXPORT, ColumnKind.CURTAILMENT),
        ColumnKind.UNSERVED,
    ):
        yield Identity(kind)
    for storage in site.storages:
        for kind in (ColumnKind.CHARGE, ColumnKind.DISCHARGE, ColumnKind.ENERGY):
            yield Identity(kind, storage.name)
        if storage.grid_charging:
            for kind in (
                *(ColumnKind.GRID_CHARGE, ColumnKind.GRID_DISCHARGE),
                ColumnKind.GRID_ENERGY,
            ):
                yield Identity(kind, storage.name)
    for shift in site.shiftable:
        yield Identity(ColumnKind.SHIFTABLE, shift.name)
    for cut in site.interruptible:
        yield Identity(ColumnKind.INTERRUPTED, cut.name)
    for electrolyser in site.electrolysers:
        yield Identity(ColumnKind.ELECTROLYSER, electrolyser.name)


def cost_labels(site: Site) -> Labels:
    """Label of every item the annual cost of a site may have."""
    return _unambiguous(_costs(site))


def _costs(site: Site) -> Iterator[Identity]:
    owned: tuple[tuple[CostKind, Sequence[Any]], ...] = (
        (CostKind.SOURCE, site.suppliers),
        (CostKind.PURCHASE, site.sellers),
        (CostKind.SHORTFALL, site.sellers),
        (CostKind.FUEL, site.generators),
        (CostKind.START, (*site.generators, *site.electrolysers)),
        (CostKind.STORAGE, site.storages),
        (CostKind.ELECTROLYSER, site.electrolysers),
        (CostKind.FIXED_ASSET, site.fixed_assets),
        (CostKind.INTERRUPTION, site.interruptible),
        (CostKind.PRODUCT, site.electrolysers),
    )
    for kind, parts in owned:
        for part in parts:
            yield Identity(kind, part.name)
    owners = {kind for kind, _parts in owned}
    yield from (Identity(kind) for kind in CostKind if kind not in owners)


class Capacities:
    """Labelled capacities of a site, looked up by what they are.

    Parameters
    ----------
    site : Site
    values : mapping of label to float
        As `Plan.capacities` [MW], [MWh].
    """

    def __init__(self, site: Site, values: Mapping[str, float] | pd.Series) -> None:
        given = {str(label): float(value) for label, value in values.items()}
        self._values = {
            key: given[label] for key, label in capacity_labels(site).items() if label in given
        }

    def of(self, kind: CapacityKind, owner: str = "") -> float:
        """A capacity [MW], [MWh].

        Raises
        ------
        KeyError
            If there is no such capacity.
        """
        return self._values[Identity(kind, owner)]

    def get(self, kind: CapacityKind, owner: str = "", default: float = 0.0) -> float:
        """A capacity, or *default* where there is none [MW], [MWh]."""
        return self._values.get(Identity(kind, owner), default)


class Columns:
    """Columns of a schedule, looked up by what they are.

    Parameters
    ----------
    site : Site
    table : DataFrame
        As `Plan.schedule` [MW], [MWh].
    """

    def __init__(self, site: Site, table: pd.DataFrame) -> None:
        self.table = table
        self._labels = column_labels(site)

    def __len__(self) -> int:
        return len(self.table)

    def of(self, kind: ColumnKind, owner: str = "") -> Array:
        """A column; zeros where the schedule has none [MW], [MWh]."""
        label = self._labels.get(Identity(kind, owner))
        if label is None or label not in self.table:
            return np.zeros(len(self.table))
        return self.table[label].to_numpy(dtype=float)

    def total(self, kind: ColumnKind, owners: Collection[str]) -> Array:
        """Sum of the columns of some owners [MW], [MWh]."""
        parts = [self.of(kind, owner) for owner in owners]
        return np.asarray(sum(parts, np.zeros(len(self.table))))


def described(labels: Labels, shown: Collection[str]) -> pd.DataFrame:
    """Kind, owner and unit of labels, on the labels as index; those *shown* only."""
    rows = {label: key for key, label in labels.items() if label in shown}
    return pd.DataFrame(
        [[str(key.kind), key.owner, key.unit] for key in rows.values()],
        index=pd.Index(rows, dtype=object),
        columns=["kind", "owner", "unit"],
    )
