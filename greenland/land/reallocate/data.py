"""What goes into the re-allocation: land on offer, projects that take part, the park's limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import Text, _
from greenland.land.reallocate.settings import (
    COLUMN_LABELS,
    LandSource,
    ReallocationObjective,
    ReallocationSettings,
)
from greenland.land.reallocate.sites import EPS, Land, Projects, neighbours
from greenland.results import NotEvaluated, State

if TYPE_CHECKING:
    from greenland.land.admission import AdmissionResult
    from greenland.land.exit import ExitResult
    from greenland.land.stock import StockResult
    from greenland.park import Park
    from greenland.rules import Rulebook

_BENEFIT = {ReallocationObjective.TAX: "tax_wan", ReallocationObjective.REVENUE: "revenue_wan"}
FREED_ROUTES = ("reserve", "transfer")


@dataclass(frozen=True)
class Prepared:
    """Input of the search, and the projects that cannot take part with the reason."""

    land: Land
    projects: Projects
    limits: dict[str, float]
    table: pd.DataFrame
    positions: dict[str, int]
    refused: dict[str, tuple[Text, Text | None]]
    notes: tuple[Text, ...]


def prepare(
    park: Park,
    chosen: ReallocationSettings,
    stock: StockResult | None,
    exit: ExitResult | None,  # noqa: A002 (name of the evaluation)
    admission: AdmissionResult | None,
) -> Prepared | NotEvaluated:
    """Gather land and projects."""
    notes: list[Text] = []
    parcels = on_offer(park.tables["parcels"], chosen.sources, stock, exit)
    table = park.tables["pipeline"]
    if table.empty:
        return NotEvaluated(_("项目储备没有数据。"))
    usable = parcels[parcels["area_mu"] > 0]
    if usable.empty:
        return NotEvaluated(_("没有可供再配置的土地。"))
    if len(usable) < len(parcels):
        n = len(parcels) - len(usable)
        notes.append(_("{n} 宗可配置土地缺少面积，未参与", n=n))
    limits = {
        name: float(value)
        for name, value in chosen.limits.model_dump().items()
        if value is not None
    }
    if "power_mw" not in limits and park.power_left_mw is not None:
        limits["power_mw"] = park.power_left_mw
        notes.append(
            _(
                "没有给定供电上限，取年度电力供需分析的可接入最大负荷 {mw} MW",
                mw=f"{park.power_left_mw:.1f}",
            )
        )
    land = _land(park, usable, notes)
    silent = int(table["power_mw"].isna().sum())
    if silent:
        notes.append(_("{n} 个项目未填用电负荷，按不占用供电容量计", n=silent))
    projects, positions, refused = _projects(table, park.rulebook, chosen, limits, admission)
    return Prepared(land, projects, limits, table, positions, refused, tuple(notes))


def on_offer(
    parcels: pd.DataFrame,
    sources: list[LandSource],
    stock: StockResult | None,
    exit: ExitResult | None,  # noqa: A002
) -> pd.DataFrame:
    """Parcels that can be given to projects, with column ``source``.

    Land still to be supplied, approved land whose approval has not lapsed, and land that is
    decided to exit and comes back to the park or the market.
    """
    source = pd.Series(None, index=parcels.index, dtype=object)
    approved = parcels["supply_state"] == "approved_unsupplied"
    if stock is not None:
        lapsed = stock.unsupplied["state"].isin([State.OVERDUE, State.NOT_APPLICABLE])
        approved &= ~parcels.index.isin(stock.unsupplied.index[lapsed])
    source = source.mask(approved, str(LandSource.STOCK))
    source = source.mask(parcels["supply_state"] == "available", str(LandSource.AVAILABLE))
    if exit is not None:
        freed = (exit.parcels["decision"] == "exit") & exit.parcels["route"].isin(FREED_ROUTES)
        leaving = parcels.index.isin(exit.parcels.index[freed]) & (
            parcels["supply_state"] == "supplied"
        ).to_numpy(bool)
        source = source.mask(pd.Series(leaving, index=parcels.index), str(LandSource.EXIT))
    offered = parcels.assign(source=source)
    return offered[source.isin([str(item) for item in sources])].drop_duplicates("parcel_id")


def _land(park: Park, usable: pd.DataFrame, notes: list[Text]) -> Land:
    ids = [str(name) for name in usable["parcel_id"].tolist()]
    listed = dict(zip(ids, usable["adjacent_parcels"].tolist(), strict=True))
    if park.geometry is not None:
        from greenland.land.geometry import adjacency

        for name, others in adjacency(park, ids).items():
            listed[name] = (*listed[name], *others)
    power = usable["power_capacity_mw"].to_numpy(float)
    if np.isnan(power).any():
        n = int(np.isnan(power).sum())
        notes.append(_("{n} 宗可配置土地未填供电容量，不受供电限制", n=n))
    return Land(
        ids=tuple(ids),
        area=usable["area_mu"].to_numpy(float),
        power=power,
        use=tuple(str(item) for item in usable["land_use"].tolist()),
        source=tuple(str(item) for item in usable["source"].tolist()),
        neighbours=tuple(neighbours(ids, listed)),
        min_piece=park.rulebook.number("land.reallocation.min_piece_mu"),
    )


def benefits(table: pd.DataFrame, chosen: ReallocationSettings) -> pd.Series[float]:
    """Expected benefit of each project; NaN where a figure it needs is missing.

    A score counts each figure as its share in the pipeline's total, times 100.
    """
    if chosen.objective in _BENEFIT:
        return table[_BENEFIT[chosen.objective]]
    score = pd.Series(0.0, index=table.index)
    for name, weight in chosen.weights.items():
        total = float(table[name].sum())
        if weight > 0:
            score += weight * 100.0 * (table[name] / total if total > 0 else table[name] * 0.0)
    return score


def _projects(
    table: pd.DataFrame,
    rules: Rulebook,
    chosen: ReallocationSettings,
    limits: dict[str, float],
    admission: AdmissionResult | None,
) -> tuple[Projects, dict[str, int], dict[str, tuple[Text, Text | None]]]:
    zoning = rules.rule("land.reallocation.zoning").value
    zones = zoning if isinstance(zoning, dict) else {}
    default = str(rules.rule("land.reallocation.default_use").value)
    uses = table["land_use"].fillna(default)
    wanted = table["requested_area_mu"]
    least = table["min_area_mu"].fillna(wanted)
    most = table["max_area_mu"].fillna(wanted).combine(least, max)
    verdicts = _verdicts(table, admission)
    cap = verdicts["passing_area_mu"]
    capped = most.where(cap.isna(), np.minimum(most, cap))
    benefit = benefits(table, chosen)
    refused: dict[str, tuple[Text, Text | None]] = {}
    rows = []
    allowed = rules.rule("land.reallocation.verdicts").value
    taking = allowed if isinstance(allowed, list) else []
    for row in table.index.tolist():
        name = str(table.loc[row, "project_id"])
        why = _refusal(table, row, verdicts, taking, benefit, least, capped, limits, chosen)
        if why is None:
            rows.append(row)
        else:
            refused.setdefault(name, why)
    part = table.loc[rows]
    projects = Projects(
        ids=tuple(str(item) for item in part["project_id"].tolist()),
        benefit=benefit.loc[rows].to_numpy(float),
        least=least.loc[rows].to_numpy(float),
        most=capped.loc[rows].to_numpy(float),
        wanted=np.clip(
            wanted.loc[rows].fillna(least.loc[rows]).to_numpy(float),
            least.loc[rows].to_numpy(float),
            capped.loc[rows].to_numpy(float),
        ),
        power=part["power_mw"].fillna(0.0).to_numpy(float),
        uses=tuple(
            frozenset(str(use) for use in zones.get(str(item), [str(item)]))
            for item in uses.loc[rows].tolist()
        ),
        needs={
            name: part[name].fillna(0.0).to_numpy(float) for name in limits if name != "area_mu"
        },
    )
    positions = {name: place for place, name in enumerate(projects.ids)}
    return projects, positions, refused


def _verdicts(table: pd.DataFrame, admission: AdmissionResult | None) -> pd.DataFrame:
    if admission is None:
        return pd.DataFrame(
            {"verdict": None, "passing_area_mu": math.nan, "reason": None}, index=table.index
        )
    columns = ["verdict", "passing_area_mu", "reason"]
    return admission.projects[columns].reindex(table.index)


def _refusal(
    table: pd.DataFrame,
    row: Any,
    verdicts: pd.DataFrame,
    taking: list[Any],
    benefit: pd.Series[float],
    least: pd.Series[float],
    most: pd.Series[float],
    limits: dict[str, float],
    chosen: ReallocationSettings,
) -> tuple[Text, Text | None] | None:
    """Why a project cannot take part, and what would change that; None when it can."""
    verdict = verdicts.loc[row, "verdict"]
    if verdict is not None and verdict not in taking:
        admission_reason = verdicts.loc[row, "reason"]
        detail = admission_reason if isinstance(admission_reason, str) else ""
        return _("准入未通过"), _("先解决：{reason}", reason=detail) if detail else None
    if not least[row] > 0:
        return _lacking("requested_area_mu")
    if most[row] < least[row] - EPS:
        return (
            _("可通过准入的面积小于项目最小用地"),
            _("将最小用地降到 {area} 亩以内", area=f"{math.floor(most[row] * 100) / 100:.2f}"),
        )
    if math.isnan(benefit[row]):
        name = _BENEFIT.get(chosen.objective)
        missing = [item for item in chosen.weights if pd.isna(table.loc[row, item])]
        names = [name] if name else missing
        return _lacking(names[0])
    for name in limits:
        if name != "area_mu" and pd.isna(table.loc[row, name]):
            return _lacking(name)
    return None


def _lacking(column: str) -> tuple[Text, Text]:
    label = _(COLUMN_LABELS[column])
    return _("缺少{what}", what=label), _("填报{what}", what=label)
