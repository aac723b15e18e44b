"""Share of industrial land sold as standard land, by year, and the path to the targets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.land.limits import within
from greenland.land.parts import zone_by_year
from greenland.results import State, plain_value
from greenland.rules import Rule, Rulebook
from greenland.units import MU_PER_HA

TARGETS = "land.standard_land.share_target"
SOLD = ("auction", "agreement", "flexible", "lease_then_grant", "lease_and_grant")  # 出让
INDUSTRIAL = ("industrial", "storage")


@dataclass(frozen=True)
class StandardLandShare:
    """Share of a year against its target, and the years before and after it.

    Parameters
    ----------
    history : DataFrame
        By year: ``standard_land_share`` (as decimal), ``standard_land_ha``,
        ``industrial_supplied_ha``, ``source`` and ``reason``.
    path : DataFrame
        By year: ``standard_land_share``, ``target``, ``needed`` (as decimal) and ``rule_id``.
    share : dict
        The assessed year against the target next due.
    """

    history: pd.DataFrame
    path: pd.DataFrame
    share: dict[str, Any]


def _from_history(supply_history: pd.DataFrame) -> pd.DataFrame:
    columns = ["standard_land_ha", "industrial_supplied_ha"]
    rows = supply_history.dropna(subset=["year"])
    rows = rows[rows[columns].notna().any(axis=1)]
    found = zone_by_year(rows, columns)
    found["source"] = "supply_history"
    return found


def _from_parcels(parcels: pd.DataFrame) -> pd.DataFrame:
    """Sum the parcels sold by year; a year with an unmarked parcel has no known share."""
    sold = parcels[
        parcels["supply_state"].eq("supplied")
        & parcels["land_use"].isin(INDUSTRIAL)
        & parcels["supply_mode"].isin(SOLD)
        & parcels["supply_date"].notna()
    ]
    year = sold["supply_date"].dt.year
    area = sold["area_mu"] / MU_PER_HA
    marked = sold["standard_land"].astype("Float64").astype("float64")
    frame = pd.DataFrame(
        {"year": year, "standard_land_ha": area * marked, "industrial_supplied_ha": area}
    )
    grouped = frame.groupby("year")[["standard_land_ha", "industrial_supplied_ha"]]
    found = grouped.sum()
    found[grouped.count().lt(grouped.size(), axis=0)] = np.nan
    found["source"] = "parcels"
    return found


def share_by_year(supply_history: pd.DataFrame, parcels: pd.DataFrame) -> pd.DataFrame:
    """Standard land sold over industrial land sold, by year.

    Parameters
    ----------
    supply_history : DataFrame
        The 历年供地 sheet; it counts wherever it has the year.
    parcels : DataFrame
        The 宗地台账 sheet, used for years the other leaves out.

    Returns
    -------
    DataFrame
        By year: ``standard_land_share`` (as decimal; NaN with a ``reason`` where it cannot be
        told or nothing was sold), the two areas [公顷] and the ``source`` of the figures.
    """
    stated = _from_history(supply_history)
    built = _from_parcels(parcels)
    stated.index = stated.index.astype("int64")
    built.index = built.index.astype("int64")
    if len(stated):  # the ledger fills gaps, it does not reach back before the sheet
        built = built[(built.index > stated.index.min()) & ~built.index.isin(stated.index)]
    frames = [frame for frame in (stated, built) if len(frame)]
    found = (pd.concat(frames) if frames else stated).sort_index()
    sold = found["industrial_supplied_ha"]
    found["standard_land_share"] = found["standard_land_ha"] / sold.where(sold > 0)
    nothing = sold.eq(0)
    unknown = found[["standard_land_ha", "industrial_supplied_ha"]].isna().any(axis=1)
    found["reason"] = pd.Series(
        [
            _("当年没有出让工业用地")
            if none
            else _("当年出让面积或标准地面积填写不全")
            if gap
            else None
            for none, gap in zip(nothing, unknown, strict=True)
        ],
        index=found.index,
        dtype=object,
    )
    found.index.name = "year"
    return found


def _targets(rulebook: Rulebook) -> dict[int, Rule]:
    """Target rules by the year that ends their id."""
    found = {}
    for rule in rulebook.under(TARGETS):
        year = rule.id.rsplit(".", 1)[1]
        if year.isdigit() and rule.value is not None:
            found[int(year)] = rule
    return dict(sorted(found.items()))


def needed_path(year: int, share: float, targets: dict[int, float]) -> pd.Series[float]:
    """Least share of each coming year on straight lines from today to each target.

    Parameters
    ----------
    year : int
        Assessed year.
    share : float
        Its share, as decimal.
    targets : dict of year to share
        Later targets; one that is already reached does not pull the line down.

    Examples
    --------
    >>> needed_path(2025, 0.6, {2028: 1.0}).round(3).to_dict()
    {2026: 0.733, 2027: 0.867, 2028: 1.0}
    """
    years, values = [year], [share]
    for target_year, target in sorted(targets.items()):
        if target_year > year:
            years.append(target_year)
            values.append(max(values[-1], target))
    ahead = np.arange(year + 1, years[-1] + 1)
    return pd.Series(np.interp(ahead, years, values), index=ahead, dtype="float64", name="needed")


def _path(history: pd.DataFrame, year: int, targets: dict[int, Rule]) -> pd.DataFrame:
    past = history.loc[history.index <= year, "standard_land_share"]
    values = {target: float(rule.value) for target, rule in targets.items()}  # type: ignore[arg-type]
    today = past.get(year, np.nan)
    needed = needed_path(year, float(today), values) if pd.notna(today) else pd.Series(dtype=float)
    first = int(past.index.min()) if len(past) else year
    last = max([year, *values])
    years = [y for y in range(first, last + 1) if y > year or y in past.index or y in values]
    path = pd.DataFrame({"year": years})
    path["standard_land_share"] = path["year"].map(past).astype("float64")
    path["target"] = path["year"].map(values).astype("float64")
    path["needed"] = path["year"].map(needed).astype("float64")
    rule_ids = {target: rule.id for target, rule in targets.items()}
    path["rule_id"] = pd.Series([rule_ids.get(y) for y in years], dtype=object)
    return path


def _judge(history: pd.DataFrame, year: int, targets: dict[int, Rule]) -> dict[str, Any]:
    due = next((target for target in targets if target >= year), None)
    row: dict[Any, Any] | None = history.to_dict("index").get(year)
    share = float(row["standard_land_share"]) if row is not None else math.nan
    found: dict[str, Any] = {
        "standard_land_share": share,
        "standard_land_ha": row["standard_land_ha"] if row is not None else None,
        "industrial_supplied_ha": row["industrial_supplied_ha"] if row is not None else None,
        "source": row["source"] if row is not None else None,
        "target": float(targets[due].value) if due else None,  # type: ignore[arg-type]
        "target_year": due,
        "rule_id": targets[due].id if due else None,
        "reason": None,
    }
    if row is None:
        found |= {"state": State.NO_DATA, "reason": _("没有 {year} 年的供地数据", year=year)}
    elif math.isnan(share):
        nothing = row["industrial_supplied_ha"] == 0
        state = State.NOT_APPLICABLE if nothing else State.NO_DATA
        found |= {"state": state, "reason": row["reason"]}
    elif due is None:
        found |= {"state": State.NOT_APPLICABLE, "reason": _("已启用的规则包没有标准地比例目标")}
    elif within(share, found["target"]):
        found["state"] = State.MET
    elif due > year:
        found |= {
            "state": State.NOT_DUE,
            "reason": _("目标年为 {year} 年，尚未到期，目前低于目标", year=due),
        }
    else:
        found["state"] = State.FAILED
    return found


def standard_land_share(
    supply_history: pd.DataFrame, parcels: pd.DataFrame, year: int, rulebook: Rulebook
) -> StandardLandShare:
    """Judge the share of the assessed year and lay the path to the targets.

    References
    ----------
    楚办发〔2023〕5号 第22项 (60 % by 2025); 云南省《进一步发展壮大园区经济行动计划》
    第24项 (100 % by 2028).
    """
    history = share_by_year(supply_history, parcels)
    targets = _targets(rulebook)
    share = plain_value(_judge(history, year, targets))
    return StandardLandShare(history, _path(history, year, targets), share)
