"""Check the outlines of a park against its ledger and against each other."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from greenland.i18n import _
from greenland.land.geometry.areas import differences
from greenland.land.geometry.gaps import gaps
from greenland.land.geometry.map_shapes import features
from greenland.land.geometry.neighbours import adjacent, misfits, near_pairs, overlaps
from greenland.land.geometry.plane import library, one_per_parcel, to_plane
from greenland.land.geometry.result import GeometryResult
from greenland.results import NotEvaluated, State

if TYPE_CHECKING:
    from greenland.park import Park


def evaluate(park: Park) -> GeometryResult | NotEvaluated:
    """Check the outlines of a park.

    Parameters
    ----------
    park : Park
        With `geometry`, the outlines of its parcels.

    Returns
    -------
    GeometryResult or NotEvaluated
        The latter when the park has no outlines or no ledger.

    Raises
    ------
    MissingExtraError
        If there are outlines but the libraries are not installed.

    References
    ----------
    Limits of the differences, overlaps and gaps are rules of this project, to be confirmed:
    ``greenland rules land.geometry``.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> result.totals["parcels"]
    172
    """
    if park.geometry is None:
        return NotEvaluated(_("没有宗地图形。"))
    parcels, rules = park.tables["parcels"], park.rulebook
    if parcels.empty:
        return NotEvaluated(_("宗地台账没有数据，宗地图形无从核对。"))
    frame = one_per_parcel(park.geometry)
    if frame.empty:
        return NotEvaluated(_("图形文件中没有可用的宗地图形。"))
    shapely, plane = library("shapely"), to_plane(frame)
    shapes = plane.geometry.to_numpy()
    areas = pd.Series(shapely.area(shapes), index=frame["parcel_id"].tolist())
    table = differences(parcels, areas, rules)
    pairs = near_pairs(shapes, rules.number("land.geometry.adjacency_distance_m"))
    misfit = misfits(shapes, pairs)
    return GeometryResult(
        differences=table,
        overlaps=overlaps(plane, rules, pairs, misfit),
        gaps=gaps(plane, rules, misfit),
        adjacent=adjacent(plane, rules, pairs),
        unknown=tuple(sorted(set(frame["parcel_id"]) - set(parcels["parcel_id"].dropna()))),
        features=features(plane),
        totals={
            "parcels": len(table),
            "drawn": int(table["drawn_mu"].notna().sum()),
            "flagged": int((table["state"] == State.FAILED).sum()),
            "drawn_mu": float(table["drawn_mu"].sum()),
            "ledger_mu": float(table.loc[table["drawn_mu"].notna(), "area_mu"].sum()),
        },
    )


def adjacency(park: Park, parcels: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Adjacent parcels of each parcel by their outlines; empty without outlines.

    Parameters
    ----------
    park : Park
    parcels : collection of str, optional
        Look among these parcel numbers only; among all when left out.
    """
    if park.geometry is None:
        return {}
    frame = park.geometry
    if parcels is not None:
        frame = frame[frame["parcel_id"].isin(parcels)]
    frame = one_per_parcel(frame)
    if frame.empty:
        return {}
    table = adjacent(to_plane(frame), park.rulebook)
    neighbours: dict[str, list[str]] = {}
    for parcel, other in zip(table["parcel_id"].tolist(), table["other_id"].tolist(), strict=True):
        neighbours.setdefault(parcel, []).append(other)
        neighbours.setdefault(other, []).append(parcel)
    return {name: tuple(others) for name, others in sorted(neighbours.items())}
