"""Sheets of the workbook behind 亩均效益: figures as read, units, and points item by item."""

from __future__ import annotations

import math
from collections.abc import Callable

from greenland.i18n import _
from greenland.record.base import RecordModel
from greenland.record.land.per_mu import PerMuFirm, PerMuRecord
from greenland.report.sections.common import WORKBOOK
from greenland.report.tables import Row, Table, make_table, renamed

FIGURES = (
    *("tax_wan", "revenue_wan", "output_wan", "value_added_wan", "energy_tce", "electricity_mwh"),
    *("emission_t", "employees", "rd_wan", "water_m3", "fixed_investment_wan"),
    "technical_upgrade_wan",
)
_COMBINED = "combined"  # tenants are evaluated together with their landlord
_BONUS = "bonus"


def tables(part: PerMuRecord, named: Callable[[RecordModel], Row]) -> tuple[Table | None, ...]:
    """The tables that only the workbook has, in the order they follow from each other.

    Parameters
    ----------
    part : PerMuRecord
    named : callable
        Puts the scheme's own names into a row.
    """
    return (_data(part, named), _units(part, named), _items(part, named))


def _data(part: PerMuRecord, named: Callable[[RecordModel], Row]) -> Table | None:
    rows = sorted(part.firms, key=lambda firm: (firm.row or 0, firm.firm_id or ""))
    if not any(getattr(firm, key) is not None for firm in rows for key in FIGURES):
        return None  # a record of before firms held their figures
    table = make_table(
        "table-per-mu-data",
        _("企业数据"),
        [named(firm) for firm in rows],
        f"row firm_id firm_name group industry_code unit tenant land_mu {' '.join(FIGURES)} "
        "bonus_points",
        forms=WORKBOOK,
        note=_(
            "各企业自身的数据。用地面积为评价采用的面积："
            "企业填报的优先，没有填报的取宗地台账；出租方与承租企业合并评价的为全部用地。"
        ),
        sheet=_("企业效益表"),
    )
    table = renamed(table, "unit", _("所属评价单元"))
    return renamed(table, "fixed_investment_wan", _("累计固定资产投资"))


def _units(part: PerMuRecord, named: Callable[[RecordModel], Row]) -> Table | None:
    """Units with the sums of their firms; a sum lacks as soon as one firm lacks the figure."""
    members: dict[str | None, list[PerMuFirm]] = {}
    for firm in part.firms:
        if not firm.tenant or part.scheme.tenants == _COMBINED:
            members.setdefault(firm.unit or firm.firm_id, []).append(firm)
    rows = []
    for firm in part.firms:
        if firm.tenant:
            continue
        own = members.get(firm.firm_id, [firm])
        sums = {key: _sum(own, key) for key in FIGURES}
        ids = [one.firm_id for one in own]
        rows.append({**named(firm), **sums, "members": ids, "firms": len(own)})
    if not any(row[key] is not None for row in rows for key in FIGURES):
        return None
    table = make_table(
        "table-per-mu-units",
        _("评价单元数据"),
        rows,
        f"firm_id firm_name group industry_code class firms land_mu {' '.join(FIGURES)} score",
        forms=WORKBOOK,
        note=_("评价单元为一家企业，或出租方与其承租企业；数据为单元内各企业之和。"),
    )
    return renamed(table, "fixed_investment_wan", _("累计固定资产投资"))


def _sum(firms: list[PerMuFirm], key: str) -> float | None:
    found = [getattr(firm, key) for firm in firms]
    return None if any(value is None for value in found) else math.fsum(found)


def _items(part: PerMuRecord, named: Callable[[RecordModel], Row]) -> Table | None:
    """Points item by item, each firm's together, in the order of the firms."""
    firms = {firm.firm_id: firm for firm in part.firms}
    order = {firm_id: place for place, firm_id in enumerate(firms)}
    rows = [
        {
            "firm_name": firms[item.firm_id].firm_name,
            "group": named(firms[item.firm_id])["group"],
            "indicator_id": item.indicator,
            **named(item),
        }
        for item in part.items
        if item.firm_id in firms
    ]
    rows.sort(key=lambda row: (order[row["firm_id"]], row["treatment"] == _BONUS))
    return make_table(
        "table-per-mu-items",
        _("企业逐项得分"),
        rows,
        "firm_id firm_name group indicator value benchmark ratio weight score treatment reason",
        forms=WORKBOOK,
        note=_("得分可由各行公式追到“评价单元数据”“指标基准值与权重”和“企业数据”。"),
    )
