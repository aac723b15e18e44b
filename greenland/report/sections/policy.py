"""The chapter 政策兑现."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from greenland.i18n import _
from greenland.record.land.policy import LandQuota, PolicyMeasure, PolicyRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Facts, Section, Verdicts
from greenland.report.sections.common import PAGE_AND_MORE, WORKBOOK, notes, some, verdict
from greenland.report.tables import make_table, worst_state


def section(part: PolicyRecord) -> Section:
    """政策兑现: targets, rewards and penalties, next year's quota."""
    measures, targets = part.measures, part.targets
    lead: str = (
        _("对照目标 {targets} 项", targets=len(targets)) if targets else _("没有可对照的目标")
    )
    lead += (
        _("，触发政策措施 {count} 条。", count=len(measures))
        if measures
        else _("，没有触发政策措施。")
    )
    rows = [
        verdict(
            *("policy", row.indicator, row.value, row.required, row.state),
            *(row.rule_id, row.reason),
            direction=row.direction,
            unit=row.unit,
        )
        for row in targets
    ]
    blocks = some(
        (
            Verdicts(tuple(rows)) if rows else None,
            _quota(part.quota),
            make_table(
                "table-policy-targets",
                _("目标对照"),
                targets,
                "indicator value required direction state rule_id reason",
                worst=worst_state,
                forms=WORKBOOK,
            ),
            make_table(
                "table-policy-groups",
                _("触发的政策措施（按类汇总）"),
                _groups(measures),
                "kind measure subjects rule_id",
                fold=0,
                forms=PAGE_AND_MORE,
                key=True,
            ),
            make_table(
                "table-policy-measures",
                _("触发的政策措施"),
                measures,
                "subject_name measure kind facts reason rule_id",
                worst=lambda row: (
                    str(row.get("subject")) != "park",
                    str(row.get("kind")),
                    str(row.get("subject")),
                ),
                annex=True,
            ),
            notes(*part.undecided),
        )
    )
    return Section("policy", _("差别化政策与用地指标"), lead, blocks)


_KIND_ORDER = ("penalty", "notice", "class_measure", "reward")


def _groups(measures: Sequence[PolicyMeasure]) -> list[dict[str, Any]]:
    """How many parcels, firms or parks each measure meets, penalties first."""
    counts = Counter((row.kind, str(row.measure), row.rule_id) for row in measures)

    def place(kind: str) -> int:
        return _KIND_ORDER.index(kind) if kind in _KIND_ORDER else len(_KIND_ORDER)

    rows = [
        {"kind": kind, "measure": measure, "rule_id": rule_id, "subjects": count}
        for (kind, measure, rule_id), count in counts.items()
    ]
    return sorted(rows, key=lambda row: (place(str(row["kind"])), -row["subjects"]))


def _quota(quota: LandQuota) -> Facts:
    """What follows for next year's quota from the rates of disposal, which are judged above."""
    factor = quota.factor
    parts = []
    if quota.base_ha is not None:
        parts.append(_("基数 {base} 公顷", base=fmt.number(quota.base_ha, 2)))
    if factor is None:
        parts.append(_("奖惩比例待园区给出"))
    else:
        parts.append(_("调整 {factor}", factor=fmt.signed(factor * 100, 0) + "%"))
    if quota.next_ha is not None:
        parts.append(_("下一年度 {next} 公顷", next=fmt.number(quota.next_ha, 2)))
    return Facts(
        (
            (_("新增建设用地指标奖惩"), _("，").join(parts)),
            (_("处置任务"), str(quota.facts or "")),
            (_("说明"), str(quota.reason or "")),
        )
    )
