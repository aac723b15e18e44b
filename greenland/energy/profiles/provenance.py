"""Where a series comes from, in a small plain record that ends in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.i18n import N_, _


class Kind(StrEnum):
    """What a series was made from."""

    MEASURED = "measured"
    BILLS = "bills"
    SHAPE = "shape"
    WEATHER = "weather"
    SYNTHETIC = "synthetic"
    COMBINED = "combined"
    GIVEN = "given"


KIND_LABELS = {
    Kind.MEASURED: N_("实测"),
    Kind.BILLS: N_("由电费账单还原"),
    Kind.SHAPE: N_("由典型日形状推算"),
    Kind.WEATHER: N_("由气象数据计算"),
    Kind.SYNTHETIC: N_("合成（非实测）"),
    Kind.COMBINED: N_("多条曲线合成的园区曲线"),
    Kind.GIVEN: N_("用户自备"),
}


def record(
    kind: Kind,
    *,
    unit: str,
    sources: Sequence[str] = (),
    notes: Sequence[str] = (),
    rules: Sequence[str] = (),
    parts: Sequence[dict[str, Any]] = (),
    synthetic: bool | None = None,
    **parameters: Any,
) -> dict[str, Any]:
    """Make the provenance record of a series.

    Parameters
    ----------
    kind : Kind
    unit : str
        Unit of the values: ``"MW"``, ``"pu"`` or ``"m/s"``.
    sources : sequence of str
        Files, or what stands in for them.
    notes : sequence of str
        What was done or assumed, in sentences for readers.
    rules : sequence of str
        Ids of the rules whose values went in.
    parts : sequence of dict
        Provenance of the series this one was made from.
    synthetic : bool, optional
        Whether any of it is invented; worked out from *kind* and *parts* when left out.
    **parameters
        What the series was made with: seed, tilt, full-load hours ….
    """
    invented = kind is Kind.SYNTHETIC or any(part.get("synthetic") for part in parts)
    return {
        "kind": str(kind),
        "synthetic": invented if synthetic is None else synthetic,
        "unit": unit,
        "timezone": "Asia/Shanghai",
        "label": "left",
        "sources": list(sources),
        "notes": list(notes),
        "rules": list(rules),
        "parts": list(parts),
        **parameters,
    }


def attach(series: pd.Series, provenance: dict[str, Any]) -> pd.Series:
    """Put a provenance record on a series (changed in place, and returned)."""
    series.attrs["provenance"] = provenance
    return series


def of(series: pd.Series) -> dict[str, Any]:
    """The provenance record of a series; an empty dict if it has none."""
    found = series.attrs.get("provenance", {})
    return dict(found) if isinstance(found, dict) else {}


def is_synthetic(series: pd.Series) -> bool:
    """Whether any part of the series is invented."""
    return bool(of(series).get("synthetic"))


def leap_day(data: pd.Series | pd.DataFrame) -> str | None:
    """What was done about 29 February when the data was moved to its year; None if nothing."""
    record = data.attrs.get("provenance", {})
    found = record.get("leap_day") if isinstance(record, dict) else None
    return None if found is None else str(found)


def phrases(record: Mapping[str, Any]) -> list[str]:
    """Where a series comes from, for readers: its kind, its files, and what was done."""
    kind = record.get("kind")
    parts: list[str] = [_(KIND_LABELS[Kind(kind)])] if kind in set(Kind) else []
    if record.get("synthetic") and kind != Kind.SYNTHETIC:
        parts.append(_("含非实测部分"))
    if record.get("sources"):
        parts.append("、".join(str(item) for item in record["sources"]))
    return [*parts, *record.get("notes", [])]
