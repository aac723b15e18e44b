"""Base of the results of the land programme: tables that know the units of their columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from greenland.land.indicators import INDICATOR_UNITS
from greenland.park.dictionary import SHEETS, ColumnType, columns
from greenland.results import with_units
from greenland.summary import Summarised

# Ends of names, as docs/nomenclature.md has them; a ratio (``tax_per_mu``) has none of these.
_ENDINGS = {
    "_mu": "亩",
    "_ha": "公顷",
    "_m2": "㎡",
    "_wan": "万元",
    "_yuan": "元",
    "_mw": "MW",
    "_mwh": "MWh",
    "_tce": "吨标煤",
    "_share": "share",
    "_m": "m",
}
_PLAIN = {"months": "月", "longitude": "°", "latitude": "°"}


class LandResult(Summarised):
    """A result whose tables carry ``attrs["units"]``; for dataclasses."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            value: Any = getattr(self, item.name)
            if isinstance(value, pd.DataFrame):
                with_units(value, units_of(value.columns))


def units_of(names: Iterable[Any]) -> dict[str, str]:
    """Units of columns by their names; names without a unit of their own are left out.

    Parameters
    ----------
    names : iterable
        Of columns, as in docs/nomenclature.md and the column dictionary.

    Returns
    -------
    dict
        ``"share"`` for decimals between 0 and 1. Left out are text, counts, dates, and columns
        whose unit differs from row to row, which stands beside them.

    Examples
    --------
    >>> units_of(["parcel_id", "area_mu", "tax_per_mu", "green_ratio"])
    {'area_mu': '亩', 'tax_per_mu': '万元/亩·年', 'green_ratio': 'share'}
    """
    found = ((str(name), _unit(str(name))) for name in names)
    return {name: unit for name, unit in found if unit}


@cache
def _unit(name: str) -> str:
    known = _known().get(name)
    if known is not None:
        return known
    if name.endswith("_standard"):  # what the indicator is held against
        return _unit(name.removesuffix("_standard"))
    if "_per_" in name and not name.endswith("_potential_mu"):
        return ""
    return next((unit for end, unit in _ENDINGS.items() if name.endswith(end)), "")


@cache
def _known() -> MappingProxyType[str, str]:
    """Indicators and columns of the workbook; shares are decimals once they are read."""
    sheets = {
        item.id: "share" if item.type is ColumnType.SHARE else item.unit
        for sheet in SHEETS
        for item in columns(sheet)
        if item.unit
    }
    return MappingProxyType({**sheets, **INDICATOR_UNITS, **_PLAIN})
