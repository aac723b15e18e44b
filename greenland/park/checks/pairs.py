"""Checks of two columns of one row: a part is not greater than its whole, dates are in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.checks.base import CheckContext, both_touch, cell_shown, rows_where

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class NotGreater:
    """In each row of *sheet*, *part* is at most *whole* (both in the same unit)."""

    sheet: str
    part: str
    whole: str
    severity: Severity = _ERROR


NOT_GREATER = (
    NotGreater("overview", "planned_industrial_ha", "planned_area_ha"),
    NotGreater("parcels", "high_storey_area_m2", "floor_area_m2"),
    NotGreater("parcels", "admin_floor_m2", "floor_area_m2"),
    NotGreater("parcels", "building_base_m2", "floor_area_m2", _WARNING),
    NotGreater("parcels", "built_area_mu", "to_build_area_mu"),
    NotGreater("parcels", "to_build_area_mu", "area_mu"),
    NotGreater("parcels", "invested_wan", "total_investment_wan", _WARNING),
    NotGreater("firms", "tax_wan", "revenue_wan", _WARNING),
    NotGreater("firms", "value_added_wan", "output_wan", _WARNING),
    NotGreater("firms", "rd_wan", "revenue_wan", _WARNING),
    NotGreater("pipeline", "min_area_mu", "requested_area_mu"),
    NotGreater("pipeline", "requested_area_mu", "max_area_mu"),
    NotGreater("pipeline", "high_storey_area_m2", "floor_area_m2"),
    NotGreater("pipeline", "tax_wan", "revenue_wan", _WARNING),
    NotGreater("pipeline", "value_added_wan", "output_wan", _WARNING),
    NotGreater("supply_history", "industrial_supplied_ha", "supplied_ha"),
    NotGreater("supply_history", "standard_land_ha", "industrial_supplied_ha"),
    NotGreater("supply_history", "unsupplied_disposed_ha", "unsupplied_stock_ha"),
    NotGreater("supply_history", "idle_disposed_ha", "idle_stock_ha"),
    NotGreater("indicators", "industrial_floor_area_m2", "floor_area_m2"),
    NotGreater("indicators", "industrial_building_base_m2", "building_base_m2"),
    NotGreater("indicators", "industrial_building_base_m2", "industrial_base_m2"),
    NotGreater("indicators", "building_base_m2", "floor_area_m2", _WARNING),
    NotGreater("indicators", "industrial_tax_wan", "industrial_revenue_wan", _WARNING),
    NotGreater("indicators", "industrial_tax_wan", "tax_wan"),
    NotGreater("indicators", "industrial_revenue_wan", "revenue_wan", _WARNING),
    NotGreater("indicators", "unsupplied_ha", "approved_construction_ha"),
    NotGreater("indicators", "rank", "ranked_parks"),
)


def check_wholes(context: CheckContext) -> None:
    """Hold every part against its whole."""
    for pair in NOT_GREATER:
        table = context.table(pair.sheet)
        part, whole = table[pair.part], table[pair.whole]
        above = part > whole + _ROUNDING * whole.abs()
        if not rows_where(above):
            continue
        part_shown = cell_shown(context, pair.sheet, pair.part)
        whole_shown = cell_shown(context, pair.sheet, pair.whole)
        context.flag(
            pair.sheet,
            above,
            pair.part,
            pair.severity,
            "part_exceeds_whole",
            _(
                "“{part}”大于“{whole}”。",
                part=context.header(pair.sheet, pair.part),
                whole=context.header(pair.sheet, pair.whole),
            ),
            _("请核对两列的数值和单位（㎡ 与万㎡、元与万元），以及是否抄错行。"),
            got=lambda row, a=part_shown, b=whole_shown: f"{a(row)} > {b(row)}",
            touches=both_touch(pair.sheet, pair.part, pair.whole),
            columns=(pair.part, pair.whole),
        )


@dataclass(frozen=True, slots=True)
class Before:
    """In each row of *sheet*, *earlier* is not after *later*."""

    sheet: str
    earlier: str
    later: str
    severity: Severity = _ERROR


IN_ORDER = (
    Before("parcels", "approval_date", "supply_date", _WARNING),
    Before("parcels", "supply_date", "actual_start_date", _WARNING),
    Before("parcels", "supply_date", "agreed_start_date"),
    Before("parcels", "supply_date", "land_term_end"),
    Before("parcels", "agreed_start_date", "agreed_completion_date"),
    Before("parcels", "agreed_completion_date", "agreed_production_date"),
    Before("parcels", "actual_start_date", "actual_completion_date"),
    Before("parcels", "actual_start_date", "stopped_since"),
    Before("parcels", "actual_completion_date", "production_review_date"),
    Before("firms", "land_acquired", "founded", _WARNING),
)
# Days that have happened cannot lie after the day of assessment.
HAPPENED = (
    ("overview", "established"),
    ("parcels", "approval_date"),
    ("parcels", "supply_date"),
    ("parcels", "actual_start_date"),
    ("parcels", "actual_completion_date"),
    ("parcels", "production_review_date"),
    ("parcels", "stopped_since"),
    ("firms", "land_acquired"),
)


def check_dates(context: CheckContext) -> None:
    """Hold every date against those it must follow, and against the day of assessment."""
    for pair in IN_ORDER:
        table = context.table(pair.sheet)
        earlier = cell_shown(context, pair.sheet, pair.earlier)
        later = cell_shown(context, pair.sheet, pair.later)
        context.flag(
            pair.sheet,
            table[pair.earlier] > table[pair.later],
            pair.later,
            pair.severity,
            "date_order",
            _(
                "“{later}”早于“{earlier}”。",
                later=context.header(pair.sheet, pair.later),
                earlier=context.header(pair.sheet, pair.earlier),
            ),
            _("请按合同、批文和验收文件核对这两个日期。"),
            got=lambda row, a=earlier, b=later: f"{b(row)} < {a(row)}",
            touches=both_touch(pair.sheet, pair.earlier, pair.later),
            columns=(pair.earlier, pair.later),
        )
    for sheet, column_id in HAPPENED:
        _not_future(context, sheet, column_id, context.as_of)


def _not_future(context: CheckContext, sheet: str, column_id: str, day: dt.date) -> None:
    """Days after the day of assessment have not happened yet; far later ones are slips."""
    values = context.table(sheet)[column_id]
    years = context.limit("land.data.later_years")
    latest = pd.Timestamp(day) + pd.DateOffset(years=int(years))
    context.note(
        sheet,
        (values > pd.Timestamp(day)) & (values <= latest),
        column_id,
        "later_date",
        _("晚于评价基准日 {day}，按尚未发生处理。", day=day.isoformat()),
        _("如果评价基准日不对，请在 park.yaml 中改 year 或 as_of。"),
    )
    context.flag(
        sheet,
        values > latest,
        column_id,
        _ERROR,
        "future_date",
        _("已发生的事项，日期却比评价基准日 {day} 晚得多。", day=day.isoformat()),
        _("请核对年份；如果评价基准日不对，请在 park.yaml 中改 year 或 as_of。"),
        got=cell_shown(context, sheet, column_id),
    )
