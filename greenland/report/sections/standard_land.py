"""The chapter 标准地."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from greenland.i18n import _
from greenland.record.land.standard_land import StandardLandRecord
from greenland.report.blocks import Section, Verdicts
from greenland.report.labels import name
from greenland.report.sections.common import PAGE_AND_MORE, WORKBOOK, notes, some, verdict
from greenland.report.tables import Table, TableColumn, make_table, worst_state
from greenland.results import State


def section(part: StandardLandRecord) -> Section:
    """标准地: the share sold as such, and what each parcel keeps of its promises."""
    share = part.share
    parcels = {row.state: row.parcels for row in part.summary}
    total = sum(parcels.values())
    lead = (
        _("没有纳入考核的“标准地”宗地。")
        if not total
        else _(
            "纳入考核的 {total} 宗“标准地”中，{failed} 宗不达标，{overdue} 宗逾期。",
            total=total,
            failed=parcels.get(State.FAILED, 0),
            overdue=parcels.get(State.OVERDUE, 0),
        )
    )
    holders = {row.parcel_id: row.holder_name for row in part.parcels}
    off = [row for row in part.checks if row.state in (State.FAILED, State.OVERDUE)]
    share_verdict = verdict(
        "table-standard-path",
        "standard_land_share",
        share.standard_land_share,
        share.target,
        share.state,
        share.rule_id,
        share.reason,
    )
    blocks = some(
        (
            Verdicts((share_verdict,)),
            make_table(
                "table-standard-summary",
                _("“标准地”履约结果汇总"),
                part.summary,
                "state parcels area_mu",
                worst=worst_state,
                forms=PAGE_AND_MORE,
                key=True,
            ),
            make_table(
                "table-standard-path",
                _("“标准地”出让比例与目标路径"),
                part.path,
                "year standard_land_share target needed rule_id",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-history",
                _("历年供地"),
                part.history,
                "year standard_land_ha industrial_supplied_ha standard_land_share reason",
                forms=WORKBOOK,
            ),
            make_table(
                "table-standard-by-indicator",
                _("按指标汇总的宗地数"),
                part.by_indicator,
                "indicator met failed overdue not_due no_data not_applicable",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-off",
                _("不达标与逾期的指标"),
                [{"holder_name": holders.get(row.parcel_id), **row.cells()} for row in off],
                "parcel_id holder_name indicator state value required margin due_date reason "
                "rule_id basis stage row",
                worst=worst_state,
                note=_("按差距与要求值之比由大到小排列。"),
                sheet=_("宗地台账"),
            ),
            _parcel_matrix(part),
            make_table(
                "table-standard-checks",
                _("“标准地”逐项核查"),
                part.checks,
                "row parcel_id indicator value required direction margin state stage due_date "
                "basis rule_id reason",
                worst=worst_state,
                forms=WORKBOOK,
            ),
            make_table(
                "table-standard-breaches",
                _("违约处理建议"),
                part.breaches,
                "parcel_id measure rule_id reason",
                annex=True,
            ),
            notes(*part.notes, part.breaches_reason),
        )
    )
    return Section("standard-land", _("“标准地”履约"), lead, blocks)


def _parcel_matrix(part: StandardLandRecord) -> Table | None:
    """One row per parcel: its state and the state of every indicator."""
    indicators = list(dict.fromkeys(row.indicator for row in part.checks))
    cells: dict[str | None, dict[str, Any]] = {}
    for row in part.checks:
        cells.setdefault(row.parcel_id, {})[f"_{row.indicator}"] = row.state
    rows = [{**parcel.cells(), **cells.get(parcel.parcel_id, {})} for parcel in part.parcels]
    table = make_table(
        "table-standard-parcels",
        _("各宗地履约情况"),
        rows,
        "parcel_id holder_name state reason area_mu stage row",
        worst=worst_state,
        note=_("各指标列：✓ 达标，✗ 不达标，! 逾期，… 未到考核期，? 缺数据，– 不适用。"),
        sheet=_("宗地台账"),
        forms=frozenset({"page", "workbook"}),
        annex=True,
    )
    if table is None:
        return None
    marks = tuple(TableColumn(f"_{key}", name(key), kind="mark") for key in indicators)
    deciding = ("parcel_id", "holder_name", "state", "reason")
    place = sum(column.key in deciding for column in table.columns)
    columns = (*table.columns[:place], *marks, *table.columns[place:])
    return replace(table, columns=columns)
