"""The chapter 标准地."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from greenland.i18n import _
from greenland.report.blocks import Section, Verdicts
from greenland.report.labels import name
from greenland.report.sections.common import PAGE_AND_MORE, WORKBOOK, Part, notes, some, verdict
from greenland.report.tables import Table, TableColumn, make_table, worst_state


def section(part: Part) -> Section:
    """标准地: the share sold as such, and what each parcel keeps of its promises."""
    share = part.get("share") or {}
    summary = {str(row.get("state")): row for row in part.get("summary") or []}
    failed = summary.get("failed", {}).get("parcels") or 0
    overdue = summary.get("overdue", {}).get("parcels") or 0
    total = sum(row.get("parcels") or 0 for row in summary.values())
    lead = _(
        "纳入考核的 {total} 宗“标准地”中，{failed} 宗不达标，{overdue} 宗逾期。",
        total=total,
        failed=failed,
        overdue=overdue,
    )
    share_row = {
        "indicator": "standard_land_share",
        "value": share.get("standard_land_share"),
        "required": share.get("target"),
        **{key: share.get(key) for key in ("state", "rule_id", "reason")},
    }
    checks = list(part.get("checks") or [])
    holders = {row.get("parcel_id"): row.get("holder_name") for row in part.get("parcels") or []}
    off = [row for row in checks if row.get("state") in ("failed", "overdue")]
    blocks = some(
        (
            Verdicts((verdict(share_row, "table-standard-path"),)),
            make_table(
                "table-standard-summary",
                _("“标准地”履约结果汇总"),
                part.get("summary"),
                "state parcels area_mu",
                worst=worst_state,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-path",
                _("“标准地”出让比例与目标路径"),
                part.get("path"),
                "year standard_land_share target needed rule_id",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-by-indicator",
                _("按指标汇总的宗地数"),
                part.get("by_indicator"),
                "indicator met failed overdue not_due no_data not_applicable",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-off",
                _("不达标与逾期的指标"),
                [{"holder_name": holders.get(row.get("parcel_id")), **row} for row in off],
                "row parcel_id holder_name indicator value required margin state stage "
                "due_date basis rule_id reason",
                worst=worst_state,
                note=_("按差距由大到小排列；行号指宗地台账。"),
            ),
            _parcel_matrix(part, checks),
            make_table(
                "table-standard-checks",
                _("“标准地”逐项核查"),
                checks,
                "row parcel_id indicator value required direction margin state stage due_date "
                "basis rule_id reason",
                worst=worst_state,
                forms=WORKBOOK,
            ),
            make_table(
                "table-standard-breaches",
                _("违约处理建议"),
                part.get("breaches"),
                "parcel_id measure rule_id reason",
            ),
            notes(part),
        )
    )
    return Section("standard-land", _("“标准地”履约"), lead, blocks)


def _parcel_matrix(part: Part, checks: list[dict[str, Any]]) -> Table | None:
    """One row per parcel: its state and the state of every indicator."""
    indicators = list(dict.fromkeys(str(row.get("indicator")) for row in checks))
    cells: dict[str, dict[str, Any]] = {}
    for row in checks:
        states = cells.setdefault(str(row.get("parcel_id")), {})
        states[f"_{row.get('indicator')}"] = row.get("state")
    rows = [
        {**row, **cells.get(str(row.get("parcel_id")), {})} for row in part.get("parcels") or []
    ]
    table = make_table(
        "table-standard-parcels",
        _("各宗地履约情况"),
        rows,
        "row parcel_id holder_name area_mu stage state reason",
        worst=worst_state,
        note=_(
            "行号指宗地台账。各指标列：✓ 达标，✗ 不达标，! 逾期，… 未到考核期，? 缺数据，– 不适用。"
        ),
        forms=frozenset({"page", "workbook"}),
    )
    if table is None:
        return None
    marks = tuple(TableColumn(f"_{key}", name(key), kind="mark") for key in indicators)
    place = next((i for i, c in enumerate(table.columns) if c.key == "reason"), len(table.columns))
    columns = (*table.columns[:place], *marks, *table.columns[place:])
    return replace(table, columns=columns)
