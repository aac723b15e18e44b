"""The chapter 存量: three ledgers, disposal, forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Judgement, Section, Verdicts
from greenland.report.charts import parcels as charts
from greenland.report.labels import name, value_label
from greenland.report.sections.common import PAGE_AND_MORE, Part, notes, some
from greenland.report.tables import largest, make_table


def section(part: Part) -> Section:
    """存量: three ledgers, disposal, and what becomes idle next."""
    totals = {str(row.get("ledger")): row for row in part.get("totals") or []}
    said = _("，").join(
        _(
            "{ledger} {parcels} 宗 {area} 亩",
            ledger=value_label("ledger", key),
            parcels=row.get("parcels"),
            area=fmt.number(row.get("area_mu"), 1),
        )
        for key, row in totals.items()
    )
    lead = _("截至 {day}，{said}。", day=fmt.long_date(part.get("as_of")), said=said or fmt.DASH)
    disposal = [
        Judgement(
            subject=_(
                "{rate}（{year} 年）",
                rate=name(f"disposal_rate_{row.get('ledger')}"),
                year=row.get("year"),
            ),
            state=str(row.get("state") or "no_data"),
            value=fmt.share(row.get("rate")),
            required=f"≥ {fmt.share(row['target'])}" if row.get("target") is not None else fmt.DASH,
            rule_id=row.get("rule_id"),
            target="table-stock-disposal",
            reason=str(row.get("reason") or ""),
        )
        for row in _latest(part.get("disposal") or [])
    ]
    blocks = some(
        (
            Verdicts(tuple(disposal)) if disposal else None,
            make_table(
                "table-stock-totals",
                _("存量土地汇总"),
                part.get("totals"),
                "ledger parcels area_mu area_ha missing",
                forms=PAGE_AND_MORE,
            ),
            charts.stock_by_age(part),
            make_table(
                "table-stock-idle",
                _("闲置土地台账"),
                part.get("idle"),
                "row parcel_id holder_name area_mu definition counted_from months idle_since "
                "cause fee_wan "
                "take_back_date consequence rule_id reason",
                worst=largest("months"),
                note=_(
                    "已历时自起算日（约定动工或停工之日）至评价基准日；历时由长到短排列；行号指宗地台账。"
                ),
            ),
            make_table(
                "table-stock-undecided",
                _("数据不足、不能认定是否闲置的宗地"),
                [row for row in part.get("undecided") or [] if isinstance(row, Mapping)],
                "row parcel_id holder_name area_mu reason",
            ),
            make_table(
                "table-stock-unsupplied",
                _("批而未供土地台账"),
                part.get("unsupplied"),
                "row parcel_id area_mu approval_date months lapse_date state rule_id reason",
                worst=largest("months"),
                note=_("历时由长到短排列；行号指宗地台账。"),
            ),
            make_table(
                "table-stock-inefficient",
                _("低效用地台账"),
                part.get("inefficient"),
                "row parcel_id holder_name area_mu criteria floor_area_ratio_potential_mu "
                "investment_intensity_potential_mu tax_per_mu_potential_mu rule_id",
                worst=largest("area_mu"),
            ),
            make_table(
                "table-stock-disposal",
                _("历年处置"),
                part.get("disposal"),
                "ledger year stock_ha added_ha disposed_ha rate target state rule_id reason",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-stock-forecast",
                _("即将构成闲置的宗地"),
                part.get("forecast"),
                "parcel_id holder_name area_mu definition becomes_idle_on reason",
                worst=lambda row: str(row.get("becomes_idle_on")),
            ),
            notes(part),
        )
    )
    return Section("stock", _("存量土地：批而未供、闲置、低效"), lead, blocks)


def _latest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the latest year."""
    last = max((fmt.as_number(row.get("year")) or 0 for row in rows), default=0)
    return [row for row in rows if (fmt.as_number(row.get("year")) or 0) == last]
