"""Checks of the firms' yearly figures: copied cells, mixed-up units, land held, missing years."""

from __future__ import annotations

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.checks.base import CheckContext, both_touch
from greenland.park.checks.parcels import neighbouring_equal
from greenland.park.normal import listing, squeezed
from greenland.units import TCE_PER_MWH

_MONEY = ("tax_wan", "revenue_wan", "output_wan", "value_added_wan")
_QUANTITIES = (*_MONEY, "energy_tce", "electricity_mwh", "water_m3", "emission_t", "land_mu")


# A veto that is denied: 无违法行为, 未发生; not an offence that begins so: 无证排污.
_DENIED = (
    r"(?:无(?!证|照|牌|许可|组织|资质)|没有|未发生|未出现|未受|未被|不存在|不涉及).*"
    r"|[否0×✗x]|no|false|n"
)


def check_vetoes(context: CheckContext) -> None:
    """What stands as a veto matter denies that there is one."""
    firms = context.table("firms")
    context.flag(
        "firms",
        firms["veto"].map(squeezed, na_action="ignore").astype("string").str.fullmatch(_DENIED),
        "veto",
        Severity.ERROR,
        "veto_denied",
        _("像是说没有一票否决事项；这一列凡有内容都按有否决事项评价。"),
        _("没有请留空；有请写明是什么事项。"),
    )


def check_copied_cells(context: CheckContext) -> None:
    """A firm's revenue that is the next row's output, or the same as its tax."""
    firms = context.table("firms")
    following = pd.Series(firms.index, index=firms.index).shift(-1)
    context.flag(
        "firms",
        neighbouring_equal(firms, "revenue_wan", "output_wan"),
        "revenue_wan",
        Severity.WARNING,
        "copied_cell",
        lambda row: _(
            "与下一行（第 {next} 行）的“{output}”完全相同，可能错行。",
            next=int(following.loc[row]),
            output=context.header("firms", "output_wan"),
        ),
        _("请按企业报表核对这两行。"),
        touches=both_touch("firms", "revenue_wan", "output_wan"),
    )
    context.flag(
        "firms",
        (firms["revenue_wan"] == firms["tax_wan"]) & (firms["tax_wan"] > 0),
        "tax_wan",
        Severity.WARNING,
        "copied_cell",
        _("与“{other}”完全相同，可能错列。", other=context.header("firms", "revenue_wan")),
        _("请按企业报表核对。"),
    )


def check_unit_jumps(context: CheckContext) -> None:
    """A figure a thousand times that of the same firm's year before, or a thousandth."""
    firms = context.table("firms").dropna(subset=["firm_id", "year"])
    if firms.empty:
        return
    limit = context.limit("land.data.unit_ratio")
    ordered = firms.sort_values(["firm_id", "year"], kind="stable")
    for name in _QUANTITIES:
        before = ordered.groupby("firm_id")[name].shift(1)
        ratio = (ordered[name] / before.where(before > 0)).where(ordered[name] > 0)
        jumped = ((ratio >= limit) | (ratio <= 1 / limit)).sort_index()
        context.flag(
            "firms",
            jumped,
            name,
            Severity.WARNING,
            "unit_jump",
            lambda row, ratio=ratio: _(  # type: ignore[misc]
                "是上一年的 {ratio} 倍，可能用错单位。", ratio=f"{ratio.loc[row]:.3g}"
            ),
            _("请核对单位（元与万元、kWh 与 MWh 等）。"),
        )


def check_energy(context: CheckContext) -> None:
    """Energy use at equivalent value is not below the heat value of the electricity in it."""
    firms = context.table("firms")
    heat = firms["electricity_mwh"] * TCE_PER_MWH
    context.flag(
        "firms",
        (heat > firms["energy_tce"] * (1 + context.limit("land.data.energy_tolerance")))
        & (firms["energy_tce"] > 0),
        "energy_tce",
        Severity.WARNING,
        "energy_below_electricity",
        _("小于用电量本身的当量值，可能单位有误或没有包括电力。"),
        _("请核对综合能源消费量（等价值，吨标煤）和用电量的单位。"),
        got=lambda row: f"{firms['energy_tce'].loc[row]:.10g} < {heat.loc[row]:.10g}",
        touches=both_touch("firms", "energy_tce", "electricity_mwh"),
    )


def check_firm_land(context: CheckContext) -> None:
    """A firm's land lies between its built parcels and all its parcels, unless it rents."""
    firms, parcels = context.table("firms"), context.table("parcels")
    held = parcels[parcels["supply_state"] == "supplied"]
    built = held[held["actual_completion_date"] <= pd.Timestamp(context.as_of)]
    own = firms["firm_id"].map(held.groupby("holder_id")["area_mu"].sum()).astype("float64")
    in_use = firms["firm_id"].map(built.groupby("holder_id")["area_mu"].sum()).astype("float64")
    tolerance = context.limit("land.data.firm_land_tolerance")
    current = (firms["year"] == context.year).fillna(False).astype(bool)
    stated = firms["land_mu"]
    outside = (stated > own * (1 + tolerance)) | (stated < in_use * (1 - tolerance))
    context.flag(
        "firms",
        current & firms["landlord_id"].isna() & outside,
        "land_mu",
        Severity.WARNING,
        "firm_land",
        lambda row: _(
            "与宗地台账不一致：该企业宗地合计 {own} 亩，其中已竣工 {built} 亩。",
            own=f"{own.loc[row]:.10g}",
            built=f"{0.0 if pd.isna(in_use.loc[row]) else in_use.loc[row]:.10g}",
        ),
        _("请核对；有出租、租入或代管的，请在备注中说明。"),
        touches=both_touch("firms", "land_mu"),
    )
    no_land = current & context.blank("firms", "land_mu") & own.isna() & firms["landlord_id"].isna()
    context.flag(
        "firms",
        no_land & firms["firm_id"].notna(),
        "land_mu",
        Severity.WARNING,
        "no_land",
        _("没有用地面积，宗地台账中也没有该企业的宗地，算不出亩均指标。"),
        _("请填写用地面积，或在宗地台账中补充其宗地。"),
    )


def check_firm_years(context: CheckContext) -> None:
    """The assessed year is there; later years are not used."""
    years = context.table("firms")["year"].dropna()
    if years.empty:
        return
    if not (years == context.year).any():
        context.sheet(
            "firms",
            Severity.ERROR,
            "no_such_year",
            _("没有评价年度 {year} 年的数据。", year=context.year),
            _("请补充该年度数据，或在 park.yaml 中改 year。"),
            column=context.header("firms", "year"),
            got=listing(str(year) for year in sorted(set(years))),
            touches=("land.per_mu",),
        )
    context.note(
        "firms",
        context.table("firms")["year"] > context.year,
        "year",
        "later_year",
        _("晚于评价年度，不参加评价。"),
        "",
    )
