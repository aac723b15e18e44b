"""Chapters on limits: whether they are kept, and what a unit more of each is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.judged import ComplianceCheck
from greenland.report.blocks import Judgement, Section, Verdicts
from greenland.report.labels import state_label, value_label
from greenland.report.naming import Naming, said_of
from greenland.report.sections.common import PAGE_AND_MORE, some, verdict
from greenland.report.tables import make_table, worst_state
from greenland.results import State


def compliance(energy: EnergyRecord) -> Section | None:
    """Ratios against their limits, the checklist, the split among users."""
    rows = energy.compliance
    if not rows and not energy.checklist:
        return None
    verdicts = tuple(_limit_verdict(row) for row in rows)
    lead = _how_many_met([row.state for row in verdicts])
    if spared := sum(row.state == State.NOT_APPLICABLE for row in verdicts):
        lead += _("，另有 {count} 项不适用", count=spared)
    lead += _("。")
    blocks = some(
        (
            Verdicts(verdicts) if verdicts else None,
            make_table(
                "table-energy-compliance",
                _("绿电直连合规核查"),
                [
                    {**row.cells(), "named_item": said.subject}
                    for row, said in zip(rows, verdicts, strict=True)
                ],
                "named_item value required margin state rule_id reason",
                worst=worst_state,
                forms=frozenset({"workbook"}),
            ),
            make_table(
                "table-energy-checklist",
                _("申报核对清单"),
                [row for row in energy.checklist if row.applies],
                "title answer rule_id source",
                fold=0,
            ),
            make_table(
                "table-energy-users",
                _("多用户电量分摊"),
                energy.users,
                "user load_mwh self_use_mwh import_mwh self_use_of_consumption",
            ),
        )
    )
    return Section("energy-compliance", _("绿电直连：合规性"), lead, blocks)


def compliance_words(energy: EnergyRecord) -> str:
    """How many requirements there are, and how many of them are not met, by state."""
    return _how_many_met([_limit_verdict(row).state for row in energy.compliance])


def _how_many_met(states: Sequence[str]) -> str:
    asked = [state for state in states if state != State.NOT_APPLICABLE]
    if not asked:
        return _("未作合规核对")
    short = Counter(state for state in asked if state != State.MET)
    if not short:
        return _("{count} 项合规要求全部满足", count=len(asked))
    worst = sorted(short, key=lambda state: state != State.FAILED)
    if len(worst) == 1 and short[worst[0]] == len(asked) > 1:
        return _("{count} 项合规要求均{state}", count=len(asked), state=state_label(worst[0]))
    said = [_("{count} 项{state}", count=short[one], state=state_label(one)) for one in worst]
    return _("{count} 项合规要求中 {said}", count=len(asked), said=_("、").join(said))


def _limit_verdict(row: ComplianceCheck) -> Judgement:
    limit = row.limit
    if limit == "self_use_of_generation" and row.reading == "b":
        limit = "self_use_of_generation_net"
    subject = value_label("limit", limit)
    if row.reading in ("in_force", "before_2030", "new_from_2030"):
        words = value_label("reading", row.reading)
        subject = _("{limit}（{reading}）", limit=subject, reading=words)
    return verdict(
        "energy-compliance",
        limit,
        row.value,
        row.required,
        row.state,
        row.rule_id,
        row.reason,
        direction=row.direction,
        unit=row.unit,
        basis=row.basis,
        subject=subject,
    )


def shadow_prices(energy: EnergyRecord) -> Section | None:
    """What one unit more of each limit is worth."""
    rows = sorted(energy.plan.shadow_prices, key=lambda row: -abs(row.value or 0.0))
    if not rows:
        return None
    naming = Naming(energy)
    shown = [
        {
            **row.cells(),
            "limit": naming.limit(row),
            "shadow_price": row.value,
            "text": said_of(row.text, name=naming.limit(row)),
        }
        for row in rows
    ]
    table = make_table(
        "table-energy-shadow",
        _("约束的边际价值"),
        shown,
        "limit shadow_price unit text",
        forms=PAGE_AND_MORE,
    )
    lead: str = _("约束每放宽一个单位，年成本的变化；为零的约束不起作用。")
    if energy.plan.optimum is not None:
        lead += _("按取整前的最优方案计。")
    return Section("energy-shadow", _("绿电直连：边际价值"), lead, some((table,)))
