"""Sums over the parks of a province: only over those that have the figure, and of how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from greenland.history import Entry
from greenland.key_results import KEYS
from greenland.province.member import Member

RATIOS = {  # key: above, below
    "standard_land_share": ("standard_land_ha", "industrial_supplied_ha"),
    "unsupplied_disposal_rate": ("unsupplied_disposed_ha", "unsupplied_stock_ha"),
    "idle_disposal_rate": ("idle_disposed_ha", "idle_stock_ha"),
    "rd_intensity": ("above_scale_rd_wan", "above_scale_revenue_wan"),
    "energy_per_value_added": ("energy_tce", "value_added_wan"),
    "water_per_value_added": ("water_m3", "value_added_wan"),
    "self_use_of_consumption": ("self_use_mwh", "load_mwh"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of all parks together.

    Parameters
    ----------
    key : str
    value : float, optional
        Over the parks that have it; None where none has.
    parks : int
        How many have it.
    of : int
        How many parks there are.
    missing : tuple of str
        Names of those among the evaluated that have not.
    before, same : float, optional
        Last year's and this year's, over the parks that have both.
    same_parks : int
        How many these are.
    """

    key: str
    value: float | None
    parks: int
    of: int
    missing: tuple[str, ...]
    before: float | None = None
    same: float | None = None
    same_parks: int = 0

    @property
    def change(self) -> float | None:
        """Relative change over the parks that have both; of a share, the difference."""
        if self.same is None or self.before is None:
            return None
        if KEYS[self.key].is_share:
            return self.same - self.before
        return self.same / self.before - 1 if self.before > 0 else None


def total(
    key: str, members: Sequence[Member], of: int, before: Mapping[str, Entry] | None = None
) -> Total:
    """The sum of a figure, or the ratio of two sums over the parks that have both."""
    names = RATIOS.get(key, (key,))
    having = [member for member in members if _has(member.entry, names)]
    missing = tuple(member.name for member in members if not _has(member.entry, names))
    pairs = [
        (member.entry, earlier)
        for member in having
        if (earlier := (before or {}).get(member.entry.park)) is not None and _has(earlier, names)
    ]
    return Total(
        key,
        _over([member.entry for member in having], names),
        len(having),
        of,
        missing,
        _over([earlier for _now, earlier in pairs], names),
        _over([now for now, _earlier in pairs], names),
        len(pairs),
    )


def _has(entry: Entry, names: Sequence[str]) -> bool:
    return all(name in entry.values for name in names)


def _over(entries: Sequence[Entry], names: Sequence[str]) -> float | None:
    """Sum of the first, over the sum of the second where there is one."""
    if not entries:
        return None
    sums = [sum(entry.values[name] for entry in entries) for name in names]
    if len(sums) == 1:
        return sums[0]
    return sums[0] / sums[1] if sums[1] > 0 else None


def totals(
    members: Sequence[Member], of: int, before: Mapping[str, Entry] | None = None
) -> list[Total]:
    """Every figure that adds up and every ratio of such, in the order of the key results."""
    keys = [key for key, item in KEYS.items() if item.summed or key in RATIOS]
    return [total(key, members, of, before) for key in keys]


@dataclass(frozen=True, slots=True)
class YearOfSales:
    """Industrial land sold in one year by all parks that say so.

    Parameters
    ----------
    year, parks : int
    standard_land_ha, industrial_supplied_ha : float
    """

    year: int
    parks: int
    standard_land_ha: float
    industrial_supplied_ha: float

    @property
    def share(self) -> float | None:
        """Share of standard land, as decimal; None where nothing was sold."""
        sold = self.industrial_supplied_ha
        return self.standard_land_ha / sold if sold > 0 else None


def sales_by_year(members: Sequence[Member], until: int) -> list[YearOfSales]:
    """Land sold by year, up to the assessed one."""
    years = sorted({year for member in members for year in member.sold if year <= until})
    found = []
    for year in years:
        rows = [member.sold[year] for member in members if year in member.sold]
        found.append(YearOfSales(year, len(rows), sum(r[0] for r in rows), sum(r[1] for r in rows)))
    return found


@dataclass(frozen=True, slots=True)
class YearOfDisposal:
    """Stock and disposal of one ledger in one year, of all parks that state both.

    Parameters
    ----------
    ledger : str
    year, parks : int
    stock_ha, disposed_ha : float
    """

    ledger: str
    year: int
    parks: int
    stock_ha: float
    disposed_ha: float

    @property
    def rate(self) -> float | None:
        """Share disposed of, as decimal; None where there was nothing."""
        return self.disposed_ha / self.stock_ha if self.stock_ha > 0 else None


def disposal_by_year(members: Sequence[Member], until: int) -> list[YearOfDisposal]:
    """Stock and disposal by ledger and year, up to the assessed one."""
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for member in members:
        for row in member.disposal:
            if row["stock_ha"] is None or row["disposed_ha"] is None or row["year"] > until:
                continue
            pair = (row["stock_ha"], row["disposed_ha"])
            found.setdefault((row["ledger"], row["year"]), []).append(pair)
    order = {"unsupplied": 0, "idle": 1}
    return [
        YearOfDisposal(
            ledger,
            year,
            len(pairs),
            sum(one for one, _two in pairs),
            sum(two for _one, two in pairs),
        )
        for (ledger, year), pairs in sorted(
            found.items(), key=lambda item: (order.get(item[0][0], 2), item[0][1])
        )
    ]
