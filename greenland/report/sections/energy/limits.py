"""Chapters on limits: whether they are kept, and what a unit more of each is worth."""

from __future__ import annotations

from collections.abc import Mapping

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Judgement, Section, Verdicts
from greenland.report.labels import value_label
from greenland.report.naming import Naming
from greenland.report.sections.common import PAGE_AND_MORE, Part, all_columns, some, verdict
from greenland.report.tables import make_table, worst_state


def compliance(energy: Part) -> Section | None:
    """Ratios against their limits, the checklist, the split among users."""
    rows = energy.get("compliance") or []
    if not rows and not energy.get("checklist"):
        return None
    failed = [row for row in rows if row.get("state") == "failed"]
    lead = (
        _("{count} 项约束中 {failed} 项不满足。", count=len(rows), failed=len(failed))
        if failed
        else _("{count} 项约束全部满足或不适用。", count=len(rows))
    )
    verdicts = tuple(_limit_verdict(row) for row in rows)
    blocks = some(
        (
            Verdicts(verdicts) if verdicts else None,
            make_table(
                "table-energy-compliance",
                _("绿电直连合规核查"),
                rows,
                "limit reading value required margin state rule_id reason",
                worst=worst_state,
                forms=frozenset({"workbook"}),
            ),
            make_table(
                "table-energy-checklist",
                _("申报核对清单"),
                [row for row in energy.get("checklist") or [] if row.get("applies") is not False],
                "title answer rule_id source",
                fold=0,
            ),
            make_table(
                "table-energy-users",
                _("多用户电量分摊"),
                energy.get("users"),
                all_columns(energy.get("users")),
            ),
        )
    )
    return Section("energy-compliance", _("绿电直连：合规性"), lead, blocks)


def _limit_verdict(row: Part) -> Judgement:
    limit, reading = str(row.get("limit") or ""), str(row.get("reading") or "")
    if limit == "self_use_of_generation" and reading == "b":
        limit = "self_use_of_generation_net"
    subject = value_label("limit", limit)
    if reading in ("in_force", "before_2030", "new_from_2030"):
        words = value_label("reading", reading)
        subject = _("{limit}（{reading}）", limit=subject, reading=words)
    return verdict(
        *("energy-compliance", limit, row.get("value"), row.get("required")),
        *(str(row.get("state") or "no_data"), row.get("rule_id"), row.get("reason")),
        direction=str(row.get("direction") or ">="),
        unit=row.get("unit"),
        basis=row.get("basis"),
        subject=subject,
    )


def shadow_prices(energy: Part) -> Section | None:
    """What one unit more of each limit is worth."""
    rows = (energy.get("plan") or {}).get("shadow_prices") or []
    if isinstance(rows, Mapping):
        rows = [{"limit": key, "value": value} for key, value in rows.items()]
    if not rows:
        return None
    naming = Naming(energy)
    shown = [
        {
            "limit": naming.limit(row),
            "shadow_price": row.get("value"),
            "unit": row.get("unit"),
            "text": row.get("text"),
        }
        for row in rows
    ]
    shown.sort(key=lambda row: -abs(fmt.as_number(row["shadow_price"]) or 0.0))
    table = make_table(
        "table-energy-shadow",
        _("约束的边际价值"),
        shown,
        "limit shadow_price unit text",
        forms=PAGE_AND_MORE,
    )
    lead = _("约束每放宽一个单位，年成本的变化；为零的约束不起作用。")
    return Section("energy-shadow", _("绿电直连：边际价值"), lead, some((table,)))
