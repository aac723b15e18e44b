"""The chapters 年度电力供需 and 园区碳账户."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.record.power.account import AccountFirm, AccountIndustry, AccountRecord, AccountSums
from greenland.record.power.outlook import OutlookRecord, OutlookScenario
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Figures, Judgement, Prose, Section, Verdicts
from greenland.report.charts import power as charts
from greenland.report.labels import industry_named
from greenland.report.sections.common import PAGE_AND_MORE, figure, notes, some, verdict
from greenland.report.tables import largest, make_table, worst_state


def outlook(part: OutlookRecord) -> Section:
    """年度电力供需: the balance, who reduces, what helps, what can still be connected."""
    cases = {case.scenario: case for case in part.scenarios}
    expected = cases["expected"]
    left = {row.station: row.left_mw for row in part.left}
    blocks = some(
        (
            _figures(part, expected, left.get("")),
            charts.balance(part),
            make_table(
                "table-outlook-scenarios",
                _("三种情景的用电需求和缺口"),
                part.scenarios,
                "scenario energy_mwh peak_mw projects shortage_mw short_months first_month",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-outlook-short",
                _("缺电的月份（中情景）"),
                [row.cells() | {"where": row.station_name or _("全园区")}
                 for row in part.balance if row.shortage_mw > 0],
                "where month needed_mw capability_mw shortage_mw",
                worst=largest("shortage_mw"),
                forms=PAGE_AND_MORE,
                fold=8,
                note=_("需要的电力为同时最大负荷加备用；供电能力计入 N-1 和低出力日的自有电源。"),
            ),
            _uncovered(part),
            make_table(
                "table-outlook-firms",
                _("有序用电：逐企业压减"),
                [_reduced(row.cells()) for row in part.firms],
                "name rank_name month shift_mw avoid_mw cut_mw reduced_months reduced_hours "
                "lost_wan lost_mwh station_name reason",
                forms=PAGE_AND_MORE,
                fold=10,
                note=_("按次序由后到前压减，保障负荷不动；错峰、避峰、限电为压减最多的那个月。"),
            ),
            make_table(
                "table-outlook-measures",
                _("缓解缺电的措施（各自单独计算）"),
                [
                    row.cells()
                    | {"remedy_kind": row.kind, "name": str(row.name) or _("全部可错峰负荷")}
                    for row in part.measures
                ],
                "remedy_kind name before_mw after_mw months_before months_after first_month",
                forms=PAGE_AND_MORE,
                fold=8,
            ),
            make_table(
                "table-outlook-left",
                _("可接入的最大负荷"),
                [row.cells() | {"where": row.station_name or _("全园区")} for row in part.left],
                "where left_mw",
                note=_("未计储备项目；可作为项目准入和再配置的供电上限。"),
            ),
            make_table(
                "table-outlook-energy",
                _("逐月电量平衡"),
                part.energy,
                "month demand_mwh own_mwh contracted_mwh open_mwh",
                annex=True,
            ),
            make_table(
                "table-outlook-balance",
                _("各变电站逐月电力平衡"),
                [row.cells() | {"where": row.station_name or _("全园区")} for row in part.balance],
                "where month peak_mw needed_mw all_in_mw capability_mw margin_mw",
                annex=True,
            ),
            make_table(
                "table-outlook-loads",
                _("企业和项目的用电需求"),
                part.loads,
                "name project station_name energy_mwh peak_mw rank_name basis",
                annex=True,
            ),
            make_table(
                "table-outlook-reductions",
                _("有序用电：逐月逐措施"),
                [_reduced(row.cells()) for row in part.reductions],
                "month name step reduction_mw room_mw reduced_share reduced_hours lost_mwh "
                "lost_wan rank_name",
                annex=True,
            ),
            make_table(
                "table-outlook-assumptions",
                _("电力供需分析的假定"),
                part.assumptions,
                "item value source rule_id",
                annex=True,
            ),
        )
    )  # fmt: skip
    return Section("outlook", _("年度电力供需"), _lead(part, expected), blocks)


def _reduced(row: dict[str, Any]) -> dict[str, Any]:
    """A row of reductions whose months, hours and share are those of the reductions."""
    given = (("months", "reduced_months"), ("hours", "reduced_hours"), ("share", "reduced_share"))
    return row | {new: row.get(old) for old, new in given}


def _lead(part: OutlookRecord, expected: OutlookScenario) -> str:
    peak, energy = fmt.number(expected.peak_mw, 1), fmt.number(expected.energy_mwh / 10, 0)
    if not expected.short_months:
        return _(
            "{year} 年用电 {energy} 万千瓦时，最大负荷 {peak} MW，中情景不缺电。",
            year=part.year, energy=energy, peak=peak,
        )  # fmt: skip
    return _(
        "{year} 年用电 {energy} 万千瓦时，最大负荷 {peak} MW；"
        "{month} 月起 {months} 个月缺电，最多缺 {short} MW，{firms} 家须压减。",
        year=part.year,
        energy=energy,
        peak=peak,
        month=expected.first_month,
        months=expected.short_months,
        short=fmt.number(expected.shortage_mw, 1),
        firms=len(part.firms),
    )


def _figures(part: OutlookRecord, expected: OutlookScenario, left: float | None) -> Figures:
    items = [
        figure("peak_mw", expected.peak_mw),
        figure("shortage_mw", expected.shortage_mw, target="table-outlook-short"),
    ]
    if left is not None:
        items.append(figure("left_mw", left, target="table-outlook-left"))
    lost = [row.lost_wan for row in part.firms]
    if lost and all(value is not None for value in lost):
        items.append(figure("lost_wan", sum(value for value in lost if value is not None)))
    return Figures(tuple(items))


def _uncovered(part: OutlookRecord) -> Prose | None:
    if not part.uncovered:
        return None
    worst = max(row.uncovered_mw for row in part.uncovered)
    months = fmt.listed([str(row.month) for row in part.uncovered])
    return Prose(
        (
            _(
                "{months} 月压减全部可压减负荷后仍缺，最多 {mw} MW：保障负荷已超过供电能力，"
                "须增加供电。",
                months=months,
                mw=fmt.number(worst, 2),
            ),
        ),
        "warning",
    )


def account(part: AccountRecord) -> Section:
    """园区碳账户: energy by kind, emission by scope, against last year and 910."""
    total = part.total
    blocks = some(
        (
            _account_figures(total, part.previous),
            _verdicts(part),
            make_table(
                "table-account-carriers",
                _("分能源种类的消费量、折标准煤和排放"),
                part.carriers,
                "carrier amount unit equal_value_tce equivalent_tce net_tco2",
                forms=PAGE_AND_MORE,
                note=_("等价值、当量值只对电力不同；排放为绿证抵扣后。"),
                fold=0,
            ),
            make_table(
                "table-account-industries",
                _("分行业碳账户"),
                [_grouped(row) for row in part.industries],
                "industry_group firms electricity_mwh equal_value_tce net_tco2 net_tco2_per_wan "
                "net_tco2_per_mu scope1_tco2 scope2_electricity_tco2 scope2_heat_tco2 "
                "equivalent_tce",
                worst=largest("net_tco2"),
                forms=PAGE_AND_MORE,
                fold=8,
            ),
            make_table(
                "table-account-firms",
                _("逐企业碳账户"),
                [_grouped(row) for row in part.firms],
                "name industry_group electricity_mwh grid_mwh direct_mwh own_mwh certified_mwh "
                "equal_value_tce equivalent_tce scope1_tco2 scope2_electricity_tco2 "
                "scope2_heat_tco2 total_tco2 net_tco2 net_tco2_per_wan net_tco2_per_mu tce_per_wan "
                "estimated",
                worst=largest("net_tco2"),
                annex=True,
            ),
            make_table(
                "table-account-checks",
                _("零碳园区指标核对"),
                part.checks,
                "limit state value required direction unit reason rule_id",
                worst=worst_state,
                annex=not part.zero_carbon_park,
                note="" if part.zero_carbon_park else _("园区没有申报零碳园区，仅供对照。"),
            ),
            make_table(
                "table-account-factors",
                _("碳账户的折算系数"),
                part.factors,
                "name value unit source rule_id",
                annex=True,
            ),
            notes(*part.notes),
        )
    )
    return Section("account", _("园区碳账户"), _account_lead(part), blocks)


def _grouped(row: AccountFirm | AccountIndustry) -> dict[str, Any]:
    """A row with the name of its industry in the language in use."""
    return row.cells() | {"industry_group": industry_named(str(row.group))}


def _account_lead(part: AccountRecord) -> str:
    total = part.total
    energy = total.equal_value_tce
    coal = (
        _("综合能耗 {tce} 吨标煤（当量值）", tce=fmt.number(total.equivalent_tce, 0))
        if energy is None
        else _("综合能耗 {tce} 吨标煤（等价值）", tce=fmt.number(energy, 0))
    )
    return _(
        "{year} 年{coal}，二氧化碳排放 {co2} 吨，其中范围一 {one} 吨。",
        year=part.year,
        coal=coal,
        co2=fmt.number(total.net_tco2, 0),
        one=fmt.number(total.scope1_tco2, 0),
    )


def _account_figures(total: AccountSums, before: AccountSums | None) -> Figures:
    keys = ["net_tco2", "net_tco2_per_wan", "net_tco2_per_mu"]
    keys += [
        key for key in ("equal_value_tce", "equivalent_tce") if getattr(total, key) is not None
    ]
    items: list[Figure] = [
        figure(key, getattr(total, key), None if before is None else getattr(before, key))
        for key in keys
    ]
    return Figures(tuple(items))


def _verdicts(part: AccountRecord) -> Verdicts | None:
    """The indicators of a park that is to be a zero-carbon one; others only compare."""
    if not part.zero_carbon_park:
        return None
    rows: list[Judgement] = [
        verdict(
            "table-account-checks", check.limit, check.value, check.required, check.state,
            check.rule_id, check.reason, direction=check.direction, unit=check.unit,
        )
        for check in part.checks
        if check.limit in ("direct_supply", "emission_per_tce") or check.value is not None
    ]  # fmt: skip
    return Verdicts(tuple(rows)) if rows else None
