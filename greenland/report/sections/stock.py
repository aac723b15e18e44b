"""The chapter 存量: three ledgers, disposal, forecast."""

from __future__ import annotations

from collections.abc import Sequence

from greenland.i18n import _
from greenland.record.land.stock import DisposalRow, LedgerTotal, StockRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Judgement, Section, Verdicts
from greenland.report.charts import parcels as charts
from greenland.report.labels import name, value_label
from greenland.report.sections.common import PAGE_AND_MORE, some
from greenland.report.tables import largest, make_table


def undecided_words(count: int) -> str:
    """How many parcels may be idle for all that is known."""
    return _("另有 {count} 宗数据不足，不能认定是否闲置", count=count)


def section(part: StockRecord) -> Section:
    """存量: three ledgers, disposal, and what becomes idle next."""
    said = _("，").join(_ledger_words(row) for row in part.totals)
    lead: str = _("截至 {day}，{said}。", day=fmt.long_date(part.as_of), said=said or _("没有数据"))
    if part.undecided:
        lead += undecided_words(len(part.undecided)) + _("。")
    disposal = [
        Judgement(
            subject=_(
                "{rate}（{year} 年）",
                rate=name(f"disposal_rate_{row.ledger}"),
                year=row.year,
            ),
            state=row.state,
            value=fmt.share(row.rate),
            required=f"≥ {fmt.share(row.target)}" if row.target is not None else fmt.DASH,
            rule_id=row.rule_id,
            target="table-stock-disposal",
            reason=str(row.reason or ""),
        )
        for row in _latest(part.disposal)
    ]
    blocks = some(
        (
            Verdicts(tuple(disposal)) if disposal else None,
            make_table(
                "table-stock-totals",
                _("存量土地汇总"),
                part.totals,
                "ledger parcels area_mu area_ha missing",
                forms=PAGE_AND_MORE,
                key=True,
            ),
            charts.stock_by_age(part),
            make_table(
                "table-stock-idle",
                _("闲置土地台账"),
                part.idle,
                "parcel_id holder_name definition months consequence fee_wan reason area_mu "
                "counted_from idle_since cause take_back_date rule_id row",
                worst=largest("months"),
                note=_("已历时自起算日（约定动工或停工之日）至评价基准日；历时由长到短排列。"),
                sheet=_("宗地台账"),
            ),
            make_table(
                "table-stock-undecided",
                _("数据不足、不能认定是否闲置的宗地"),
                part.undecided,
                "parcel_id holder_name reason area_mu row",
            ),
            make_table(
                "table-stock-unsupplied",
                _("批而未供土地台账"),
                part.unsupplied,
                "parcel_id state months reason area_mu approval_date lapse_date rule_id row",
                worst=largest("months"),
                note=_("历时由长到短排列。"),
                sheet=_("宗地台账"),
            ),
            make_table(
                "table-stock-inefficient",
                _("低效用地台账"),
                part.inefficient,
                "parcel_id holder_name criteria area_mu floor_area_ratio_potential_mu "
                "investment_intensity_potential_mu tax_per_mu_potential_mu rule_id row",
                worst=largest("area_mu"),
            ),
            make_table(
                "table-stock-disposal",
                _("历年处置"),
                part.disposal,
                "ledger year state rate target disposed_ha stock_ha added_ha reason source",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-stock-forecast",
                _("即将构成闲置的宗地"),
                part.forecast,
                "parcel_id holder_name area_mu definition becomes_idle_on reason",
                worst=lambda row: str(row["becomes_idle_on"]),
            ),
        )
    )
    return Section("stock", _("存量土地：批而未供、闲置、低效"), lead, blocks)


def _ledger_words(row: LedgerTotal) -> str:
    """Parcels of a ledger, and their area where it is known."""
    said: str = _(
        "{ledger} {count} 宗", ledger=value_label("ledger", row.ledger), count=row.parcels
    )
    if row.parcels and row.area_mu is not None:
        said += _(" {area} 亩", area=fmt.number(row.area_mu, 1))
    return said


def _latest(rows: Sequence[DisposalRow]) -> list[DisposalRow]:
    """Rows of the latest year."""
    last = max((row.year for row in rows), default=0)
    return [row for row in rows if row.year == last]
