"""Limits that a plan keeps over a year, and references to those a site has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenland.energy.site.limit_kinds import (
    CONNECTION,
    LIMIT_KINDS,
    PART_LIMITS,
    SITE_LIMITS,
    LimitKind,
)
from greenland.energy.site.readings import SelfUse
from greenland.energy.site.series import infinite_as_none
from greenland.i18n import Text, _

if TYPE_CHECKING:
    from greenland.energy.site.site import Site


@dataclass(frozen=True)
class Limits:
    """What a plan must keep to over a year; None: no such limit.

    Parameters
    ----------
    min_self_use_of_generation : float, optional
        Least self-use over available generation [0-1], in the reading of *self_use_reading*.
    min_self_use_of_consumption : float, optional
        Least self-use over consumption [0-1], always storage loss excluded.
    max_export_share : float, optional
        Most export over available generation [0-1].
    max_export_share_of_delivered : float, optional
        Most export over what is not curtailed, that is export and self-use in reading 1 [0-1];
        the denominator some provinces take instead of available generation.
    max_curtailment_share : float, optional
        Most curtailment over available generation [0-1].
    max_unserved_share : float, optional
        Most load left unserved over load [0-1]; without it all load is served.
    max_land_mu, max_roof_m2 : float, optional
        Land [亩] and roof [m2] for new sources.
    max_capex_yuan : float, optional
        Most initial investment in new capacity [yuan].
    max_co2_t : float, optional
        Most emission of energy bought [tCO2/yr].
    max_peak_valley_ratio : float, optional
        Most (highest - lowest) over highest exchanged power [0-1]; import counts positive.
    self_use_reading : SelfUse
        ``"both"`` (default), ``"a"`` (reading 1, gross) or ``"b"`` (reading 2, storage loss
        excluded).

    References
    ----------
    发改能源〔2025〕650号 (shares of self-use and export); docs/energy-model.md (formulas).

    Examples
    --------
    >>> from greenland.energy import Limits
    >>> Limits(min_self_use_of_generation=0.6, max_export_share=0.2).max_export_share
    0.2
    """

    min_self_use_of_generation: float | None = None
    min_self_use_of_consumption: float | None = None
    max_export_share: float | None = None
    max_export_share_of_delivered: float | None = None
    max_curtailment_share: float | None = None
    max_unserved_share: float | None = None
    max_land_mu: float | None = None
    max_roof_m2: float | None = None
    max_capex_yuan: float | None = None
    max_co2_t: float | None = None
    max_peak_valley_ratio: float | None = None
    self_use_reading: SelfUse | str = SelfUse.BOTH

    def __post_init__(self) -> None:
        infinite_as_none(self, *(kind.field for kind in SITE_LIMITS if not kind.is_share))


@dataclass(frozen=True)
class LimitRef:
    """One limit of a site.

    Parameters
    ----------
    kind : LimitKind
    owner : str
        Name of the part it belongs to; empty for limits of the site and of the connection.
    """

    kind: LimitKind
    owner: str = ""

    def __str__(self) -> str:
        """Return the label in records and indexes: ``kind``, or ``kind:owner``."""
        return f"{self.kind.key}:{self.owner}" if self.owner else self.kind.key

    @property
    def words(self) -> Text:
        """The limit in words, with the part it belongs to."""
        name = _(self.kind.label)
        return _("{owner}的{name}", owner=self.owner, name=name) if self.owner else name

    def to_record(self) -> dict[str, str | None]:
        """JSON-ready label, kind and owner."""
        return {
            "limit": str(self),
            "limit_kind": self.kind.key,
            "limit_owner": self.owner or None,
        }


def limit_ref(key: str, owner: str = "") -> LimitRef:
    """The limit of a kind, of a part where it belongs to one.

    Examples
    --------
    >>> str(limit_ref("land")), str(limit_ref("max_mw", "wind"))
    ('land', 'max_mw:wind')
    """
    return LimitRef(LIMIT_KINDS[key], owner)


def limits_of_site(site: Site) -> dict[LimitRef, float]:
    """Every limit that is set for a site, with its value.

    Parameters
    ----------
    site : Site

    Returns
    -------
    dict
        In the order of the table, those of parts part by part; values in the unit people read
        them in (shares as decimals, budget in 10 000 yuan), what exists included.
    """
    return {ref: value / ref.kind.field_per_unit for ref, value in _given(site)}


def _given(site: Site) -> Iterator[tuple[LimitRef, float]]:
    for kind in SITE_LIMITS:
        value = kind.value_in(site.limits)
        if value is not None:
            yield LimitRef(kind), float(value)
    for field in ("sources", "storages", "electrolysers", "interruptible", "generators"):
        for part in getattr(site, field):
            for kind in PART_LIMITS:
                value = kind.value_of(part) if field in kind.parts else None
                if value is not None:
                    there = getattr(part, kind.existing) if kind.existing else 0.0
                    yield LimitRef(kind, part.name), value + there
    grid = site.grid
    if grid is not None:
        capacity = grid.capacity_mw if grid.capacity_mw is not None else grid.max_capacity_mw
        if capacity is not None:
            yield LimitRef(CONNECTION), capacity


def limits_by_label(site: Site) -> dict[str, LimitRef]:
    """The limits that are set for a site, by their labels in records and indexes."""
    return {str(ref): ref for ref in limits_of_site(site)}
