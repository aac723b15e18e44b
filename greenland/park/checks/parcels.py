"""Checks of the parcel ledger and the pipeline beyond one column: areas, copies, states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.checks.base import CheckContext, both_touch
from greenland.park.method import LEAST_COPIED
from greenland.park.normal import listing
from greenland.units import M2_PER_MU

_COVERED = ("building_base_m2", "structure_base_m2", "yard_m2")
_COPIED = ("floor_area_m2", *_COVERED, "fixed_investment_wan")


def _slack(context: CheckContext) -> float:
    """How often the whole a part may be, as areas are rounded."""
    return 1 + context.limit("land.data.rounding_tolerance")


def check_parcel_areas(context: CheckContext) -> None:
    """What stands on a parcel fits on it.

    A building coefficient above 100 % cannot be; the ledgers of one real zone showed 587 %, a
    neighbour's figures copied.
    """
    parcels = context.table("parcels")
    land = parcels["area_mu"] * M2_PER_MU
    covered = parcels[list(_COVERED)].sum(axis=1, min_count=1)
    share = covered / land.where(land > 0)
    slack = _slack(context)
    present = [name for name in _COVERED if parcels[name].notna().any()]
    context.flag(
        "parcels",
        share > slack,
        "building_base_m2",
        Severity.ERROR,
        "building_coefficient",
        _("建筑系数超过 100%：建筑物、构筑物和堆场占地之和大于宗地面积。"),
        _("请核对占地面积和宗地面积的单位，以及是否抄成相邻宗地的数据。"),
        got=lambda row: f"{share.loc[row]:.0%}",
        allowed=_("不大于 {upper}", upper="100%"),
        touches=both_touch("parcels", *(present or _COVERED), "area_mu"),
        columns=(*_COVERED, "area_mu"),
    )
    for name in ("green_m2", "admin_land_m2"):
        _fits(context, parcels, land, name)
    beside = covered.fillna(0) + parcels["green_m2"].fillna(0)
    context.flag(
        "parcels",
        (beside > land * slack) & (share <= slack) & (parcels["green_m2"] <= land * slack),
        "green_m2",
        Severity.WARNING,
        "areas_exceed_parcel",
        _("占地与绿地面积之和大于宗地面积。"),
        _("请核对各项面积是否重复计算。"),
        got=lambda row: f"{beside.loc[row]:.10g}㎡ > {land.loc[row]:.10g}㎡",
        touches=both_touch("parcels", "green_m2", "building_base_m2"),
    )
    for sheet, column_id in (("parcels", "area_mu"), ("pipeline", "requested_area_mu")):
        context.flag(
            sheet,
            context.table(sheet)[column_id] == 0,
            column_id,
            Severity.ERROR,
            "zero_area",
            _("面积为 0，无法计算亩均指标。"),
            _("请填写实际面积；没有数据请删除该行。"),
        )


def _fits(context: CheckContext, parcels: pd.DataFrame, land: pd.Series[float], name: str) -> None:
    context.flag(
        "parcels",
        parcels[name] > land * _slack(context),
        name,
        Severity.ERROR,
        "area_exceeds_parcel",
        _("大于宗地面积。"),
        _("请核对数值和单位（㎡ 与亩）。"),
        got=lambda row: f"{parcels[name].loc[row]:.10g}㎡ > {land.loc[row]:.10g}㎡",
        touches=both_touch("parcels", name, "area_mu"),
        columns=(name, "area_mu"),
    )


def check_parcel_sizes(context: CheckContext) -> None:
    """Sizes that are probably in another unit."""
    parcels = context.table("parcels")
    land = (parcels["area_mu"] * M2_PER_MU).where(parcels["area_mu"] > 0)
    ratio = parcels["floor_area_m2"] / land
    intensity = parcels["fixed_investment_wan"] / parcels["area_mu"].where(parcels["area_mu"] > 0)
    most_far = context.limit("land.data.floor_area_ratio_max")
    least_far = context.limit("land.data.floor_area_ratio_min")
    most_money = context.limit("land.data.investment_intensity_max")
    most_area = context.limit("land.data.parcel_area_max")
    _implausible(
        context,
        ratio > most_far,
        "floor_area_m2",
        ratio,
        _("容积率大于 {limit:g}，总建筑面积可能填错。", limit=most_far),
    )
    _implausible(
        context,
        (ratio > 0)
        & (ratio < least_far)
        & (parcels["floor_area_m2"] < parcels["building_base_m2"]),
        "floor_area_m2",
        ratio,
        _("容积率小于 {limit:g}，总建筑面积可能是以万㎡填写的。", limit=least_far),
    )
    _implausible(
        context,
        intensity > most_money,
        "fixed_investment_wan",
        intensity,
        _("投资强度大于 {limit:g} 万元/亩，金额可能是以元填写的。", limit=most_money),
    )
    _implausible(
        context,
        parcels["area_mu"] > most_area,
        "area_mu",
        parcels["area_mu"],
        _("单宗面积大于 {limit:g} 亩，可能是以 ㎡ 填写的。", limit=most_area),
    )


def _implausible(
    context: CheckContext,
    mask: pd.Series[bool],
    column_id: str,
    value: pd.Series[float],
    message: str,
) -> None:
    context.flag(
        "parcels",
        mask,
        column_id,
        Severity.WARNING,
        "implausible",
        message,
        _("请核对数值，以及表头单位与所填数据是否一致。"),
        got=lambda row: f"{value.loc[row]:.6g}",
    )


def check_copied_rows(context: CheckContext) -> None:
    """A row whose building and investment figures are those of the row above."""
    parcels = context.table("parcels")
    figures = parcels[list(_COPIED)]
    above = figures.shift(1)
    same = (figures == above) & figures.notna() & (figures != 0)
    differ = (figures != above) & (figures.notna() | above.notna())
    copied = (
        (same.sum(axis=1) >= LEAST_COPIED)
        & ~differ.any(axis=1)
        & (parcels["area_mu"] != parcels["area_mu"].shift(1))
    )
    before = pd.Series(parcels.index, index=parcels.index).shift(1)
    names = listing(
        context.header("parcels", name) for name in _COPIED if parcels[name].notna().any()
    )
    context.flag(
        "parcels",
        copied,
        "floor_area_m2",
        Severity.WARNING,
        "copied_row",
        lambda row: _(
            "与第 {above} 行的{names}完全相同，而宗地面积不同，可能抄错行。",
            above=int(before.loc[row]),
            names=names,
        ),
        _("请按该宗地的资料核对。"),
        touches=both_touch("parcels", *_COPIED),
    )


def check_supply_states(context: CheckContext) -> None:
    """The state of supply agrees with dates and holder."""
    parcels = context.table("parcels")
    state = parcels["supply_state"]
    supplied = state == "supplied"
    waiting = state == "approved_unsupplied"
    free = state.isin(["available", "unavailable"])
    _state(
        context,
        waiting & parcels["supply_date"].notna(),
        "supply_date",
        Severity.ERROR,
        _("供应状态为“批而未供”，却填了供应日期。"),
        _("已经供应的请把供应状态改为“已供应”，否则删去供应日期。"),
    )
    _state(
        context,
        waiting & context.blank("parcels", "approval_date"),
        "approval_date",
        Severity.WARNING,
        _("批而未供的宗地没有农转用批准日期，无法计算批准后的时间。"),
        _("请按批准文件补填。"),
    )
    _state(
        context,
        supplied & context.blank("parcels", "supply_date"),
        "supply_date",
        Severity.WARNING,
        _("已供应的宗地没有供应日期，不计入按年度的统计。"),
        _("请按出让合同或划拨决定书补填。"),
    )
    _state(
        context,
        free & parcels["holder_id"].notna(),
        "holder_id",
        Severity.WARNING,
        _("宗地尚未供应，却填了使用权人。"),
        _("请核对供应状态；意向企业请填在项目储备表。"),
    )
    _state(
        context,
        ~supplied & parcels["standard_land"].fillna(False).astype(bool) & state.notna(),
        "standard_land",
        Severity.NOTICE,
        _("宗地尚未供应，“是否标准地”按拟按标准地供应理解，不计入已供应的统计。"),
        "",
    )


def _state(
    context: CheckContext,
    mask: pd.Series[bool],
    column_id: str,
    severity: Severity,
    message: str,
    remedy: str,
) -> None:
    touches = both_touch("parcels", column_id) if severity is not Severity.NOTICE else ()
    context.flag(
        "parcels", mask, column_id, severity, "supply_state", message, remedy, touches=touches
    )


def check_places(context: CheckContext) -> None:
    """Longitude and latitude come together."""
    parcels = context.table("parcels")
    for present, absent in (("longitude", "latitude"), ("latitude", "longitude")):
        context.flag(
            "parcels",
            parcels[present].notna() & context.blank("parcels", absent),
            absent,
            Severity.WARNING,
            "half_a_place",
            _("只填了经度和纬度中的一个。"),
            _("请补填另一个，或都留空。"),
        )


def check_pipeline_shares(context: CheckContext) -> None:
    """Shares of one site leave room for each other."""
    projects = context.table("pipeline")
    total = projects[["building_coefficient", "green_ratio"]].sum(axis=1, min_count=2)
    context.flag(
        "pipeline",
        total > _slack(context),
        "building_coefficient",
        Severity.ERROR,
        "shares_exceed_site",
        _("计划建筑系数与绿地率之和超过 100%。"),
        _("请核对两个比例及其单位。"),
        got=lambda row: f"{total.loc[row]:.0%}",
        touches=both_touch("pipeline", "building_coefficient", "green_ratio"),
        columns=("building_coefficient", "green_ratio"),
    )


def neighbouring_equal(
    table: pd.DataFrame, left: str, right: str, *, within: Sequence[str] = ()
) -> pd.Series[bool]:
    """Rows whose *left* equals the next row's *right*, but not their own.

    Parameters
    ----------
    within : sequence of str
        Columns that must agree between the two rows.
    """
    following = table[right].shift(-1)
    hit = (table[left] == following) & (table[left] != 0) & (table[left] != table[right])
    for name in within:
        hit &= table[name].eq(table[name].shift(-1)).fillna(False).astype(bool)
    found: pd.Series[bool] = hit & np.isfinite(table[left])
    return found
