"""What would place a project that was left out, seen from the land and limits left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import Text, _, joined
from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.data import Prepared
from greenland.land.reallocate.settings import COLUMN_LABELS, LIMIT_UNITS
from greenland.land.reallocate.sites import EPS, ParcelGroups
from greenland.park.dictionary import choice_name

if TYPE_CHECKING:
    from greenland.land.reallocate.answer import Answer


def remedies(prepared: Prepared, answer: Answer) -> pd.DataFrame:
    """Every project of the pipeline: placed or not, why not, and what would place it.

    Returns
    -------
    DataFrame
        ``shortfalls`` lists resource, needed, available and short; removing all of them
        places the project beside those already placed, these on their least land.
    """
    best, plain = answer.best, answer.greedy
    rows = []
    table = prepared.table.drop_duplicates("project_id")
    for name, title, asked in zip(
        table["project_id"].tolist(),
        table["project_name"].tolist(),
        table["requested_area_mu"].tolist(),
        strict=True,
    ):
        p = prepared.positions.get(name)
        row: dict[str, Any] = {
            "project_id": name,
            "project_name": title,
            "placed": p is not None and p in best.pieces,
            "area_mu": sum(best.pieces[p].values()) if p in best.pieces else None,
            "requested_area_mu": asked,
            "benefit": float(prepared.projects.benefit[p]) if p is not None else None,
            "greedy_placed": p is not None and p in plain.pieces,
            "reason": None,
            "remedy": None,
            "shortfalls": [],
        }
        if p is None:
            row["reason"], row["remedy"] = prepared.refused[name]
        elif p not in best.pieces:
            row["reason"], row["remedy"], row["shortfalls"] = _shortfalls(prepared, answer, p)
        rows.append(row)
    return pd.DataFrame(rows)


def _shortfalls(
    prepared: Prepared, answer: Answer, p: int
) -> tuple[Text, Text, list[dict[str, Any]]]:
    projects, land = prepared.projects, prepared.land
    best, groups = answer.least_land, answer.groups
    short: list[dict[str, Any]] = []
    fixes: list[Text] = []
    inside = np.array([use in projects.uses[p] for use in land.use])
    use = _("、".join(choice_name("land_use", name) for name in sorted(projects.uses[p])))
    largest, scattered = _land_left(best, groups, inside)
    need = float(projects.least[p])
    if largest < need - EPS:
        short.append(_item("area_mu", need, largest))
        fixes.append(
            _(
                "增加一处连片不小于 {need} 亩的{use}用地"
                "（现余最大连片 {largest} 亩，差 {short} 亩）",
                need=f"{need:.2f}",
                use=use,
                largest=f"{largest:.2f}",
                short=f"{need - largest:.2f}",
            )
        )
        if scattered >= need:
            fixes.append(_("或整合零散余地（共 {area} 亩，互不相邻）", area=f"{scattered:.2f}"))
    power, load = _power(best, groups, inside, need), float(projects.power[p])
    if load > power + EPS:
        short.append(_item("power_mw", load, power))
        text = _("{use}用地供电增加到 {need} MW（现可用 {have} MW）", use=use,
                 need=f"{load:.2f}", have=f"{power:.2f}")  # fmt: skip
        fixes.append(text)
    for name, left in best.limits_left.items():
        amount = need if name == "area_mu" else float(projects.needs[name][p])
        if amount > left + EPS:
            short.append(_item(f"limit_{name}", amount, max(left, 0.0)))
            label = _(COLUMN_LABELS[name])
            gap = f"{amount - left:.2f} {LIMIT_UNITS[name]}"
            fixes.append(_("园区{label}上限再增加 {gap}", label=label, gap=gap))
    if not fixes:  # enough land in total, but no division of it leaves permitted pieces
        short.append(_item("shape", need, largest))
        fixes.append(
            _(
                "余地分割后不成块，放宽最小分割面积或将用地范围放宽到含 {area} 亩",
                area=f"{largest:.2f}",
            )
        )
    alone = _("没有面积、用途和供电都合适的用地")
    reason = alone if not len(answer.fits[p]) else _("效益较高的项目已占用资源")
    return reason, joined(fixes), short


def _item(resource: str, needed: float, available: float) -> dict[str, Any]:
    return {
        "resource": resource,
        "needed": needed,
        "available": available,
        "short": max(needed - available, 0.0),
    }


def _land_left(best: Allocation, groups: ParcelGroups, inside: np.ndarray) -> tuple[float, float]:
    """Largest connected land left of the allowed uses, and all of it [亩]."""
    left = np.where(inside, best.left, 0.0)
    usable = _usable(best, groups, inside)
    area_left = groups.total(left)[usable]
    return float(area_left.max(initial=0.0)), float(left.sum())


def _usable(best: Allocation, groups: ParcelGroups, inside: np.ndarray) -> np.ndarray:
    """Groups of allowed uses with land left on every parcel, parcels used whole untouched."""
    unusable = (best.left < best.land.least - EPS) | ~inside
    touched = best.left < best.land.area - EPS
    usable = groups.total(unusable.astype(float)) == 0
    for place in np.flatnonzero(usable).tolist():
        if any(touched[k] for k in groups.whole[place]):
            usable[place] = False
    return np.asarray(usable)


def _power(best: Allocation, groups: ParcelGroups, inside: np.ndarray, need: float) -> float:
    """Most power on a site large enough; on any site where none is large enough [MW]."""
    if np.isnan(best.land.power[inside]).any() or not inside.any():
        return float("inf")
    usable = _usable(best, groups, inside)
    power = groups.total(np.nan_to_num(best.power_left))[usable]
    large = groups.total(best.left)[usable] >= need - EPS
    if large.any():
        return float(power[large].max())
    return float("inf")
