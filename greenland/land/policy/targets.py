"""Tier of the park, what is asked of it each year, and next year's quota."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.i18n import N_, Text, _, joined
from greenland.land.limits import exceeds, within
from greenland.land.policy.facts import ParkFacts
from greenland.results import STATE_LABELS, State
from greenland.rules import Rulebook

WAN_PER_YI = 10000.0


class Tier(StrEnum):
    """Tier of a park by the output of its firms above designated size."""

    COMPREHENSIVE = "comprehensive"
    LEADING = "leading"
    SPECIAL = "special"


TIER_LABELS = {
    Tier.COMPREHENSIVE: N_("全能型"),
    Tier.LEADING: N_("引领型"),
    Tier.SPECIAL: N_("特色"),
}
TARGET_LABELS = {
    "new_above_scale_firms": N_("当年新增规上企业数"),
    "revenue_growth": N_("园区营业收入增长率"),
    "output_growth": N_("规上工业总产值增长率"),
    "leading_industry_share": N_("主导产业占比"),
    "planned_industrial_share": N_("规划工业用地占比"),
    "waste_water_treated_share": N_("污水集中治理率"),
    "solid_waste_disposed_share": N_("固体废物综合处置率"),
    "hazardous_waste_disposed_share": N_("危险固体废物安全处置率"),
    "rd_intensity": N_("规上工业企业研发经费占营业收入比重"),
    "energy_per_value_added": N_("万元工业增加值能耗"),
    "water_per_value_added": N_("万元工业增加值用水量"),
    "disposal_rate_unsupplied": N_("批而未供处置率"),
    "disposal_rate_idle": N_("闲置土地处置率"),
}
_GROWTH = {"revenue_growth": "revenue_wan", "output_growth": "above_scale_output_wan"}
_TARGET_COLUMNS = [
    "indicator",
    "value",
    "previous",
    "required",
    "direction",
    "unit",
    "state",
    "rule_id",
    "reason",
]


def park_tier(facts: ParkFacts, rules: Rulebook) -> dict[str, Any]:
    """Tier of the park and the new firms asked of its tier.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第8项, 第9项.
    """
    output = facts.value("above_scale_output_wan") / WAN_PER_YI
    empty = {"tier": None, "output_yi": None, "rule_id": None, "new_firms": None}
    if rules.get("land.policy.tier.leading") is None:
        return {**empty, "reason": _("评价年度没有有效的分档规定")}
    if math.isnan(output):
        return {**empty, "reason": _("缺少规上工业总产值")}
    tier = Tier.SPECIAL
    for name in (Tier.LEADING, Tier.COMPREHENSIVE):
        if within(output, rules.number(f"land.policy.tier.{name}")):
            tier = name
    by = Tier.LEADING if tier is Tier.SPECIAL else tier
    firms = rules.get(f"land.policy.new_firms.{tier}")
    return {
        "tier": str(tier),
        "output_yi": output,
        "rule_id": f"land.policy.tier.{by}",
        "new_firms": rules.number(firms.id) if firms is not None else None,
        "reason": None,
    }


def park_targets(
    facts: ParkFacts, tier: dict[str, Any], rules: Rulebook, *, border: bool
) -> pd.DataFrame:
    """Every yearly target in force, with its state.

    Parameters
    ----------
    border : bool
        A border park, of which more new firms are asked.
    """
    rows = [_new_firms(facts, tier, rules, border=border)]
    rows += [
        _at_least(name, _growth(facts, column), rules, previous=facts.value(column, facts.year - 1))
        for name, column in _GROWTH.items()
    ]
    rows += [
        _at_least(name, facts.value(name), rules)
        for name in (
            "leading_industry_share",
            "waste_water_treated_share",
            "solid_waste_disposed_share",
        )
    ]
    rows += [_hazardous(facts, rules), _planned(facts, rules)]
    rows += [
        _falling("energy_per_value_added", "energy_tce", "吨标煤/万元", facts, rules),
        _falling("water_per_value_added", "water_m3", "m³/万元", facts, rules),
    ]
    rows += [_disposal(ledger, facts, rules) for ledger in ("unsupplied", "idle")]
    targets = [row for row in rows if row is not None]
    targets += _goals(facts, rules)
    return pd.DataFrame(targets, columns=_TARGET_COLUMNS)


def _row(
    indicator: str,
    value: float,
    required: float | None,
    state: State,
    rule_id: str,
    reason: Text | None = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "value": value,
        "previous": None,
        "required": required,
        "direction": ">=",
        "unit": "share",
        "state": str(state),
        "rule_id": rule_id,
        "reason": reason,
        **more,
    }


def _new_firms(
    facts: ParkFacts, tier: dict[str, Any], rules: Rulebook, *, border: bool
) -> dict[str, Any] | None:
    value = facts.value("new_above_scale_firms")
    rule = rules.get("land.policy.new_firms.border") if border else None
    if rule is None and tier["tier"] is not None:
        rule = rules.get(f"land.policy.new_firms.{tier['tier']}")
    if rule is None:
        return None
    required = rules.number(rule.id)
    reason = _("缺少当年新增规上企业数") if math.isnan(value) else None
    met = exceeds(value, required) if border else within(value, required)
    state = State.NO_DATA if math.isnan(value) else State.MET if met else State.FAILED
    sign = ">" if border else ">="
    return _row(
        "new_above_scale_firms", value, required, state, rule.id, reason, unit="家", direction=sign
    )


def _goals(facts: ParkFacts, rules: Rulebook) -> list[dict[str, Any]]:
    """Goals a province or prefecture sets for all its parks together, beside the park's value.

    They are no duty of the single park, hence no verdict.
    """
    rows = []
    for rule in rules.under("land.policy.goal"):
        name = rule.id.rpartition(".")[2]
        value = _goal_value(facts, name)
        text = _("全省或全州目标，只供对照，不作为园区的结论")
        required = rules.number(rule.id)
        rows.append(_row(name, value, required, State.NOT_APPLICABLE, rule.id, text))
    return rows


def _goal_value(facts: ParkFacts, name: str) -> float:
    if name == "rd_intensity":
        return facts.rd_intensity
    return _growth(facts, _GROWTH[name]) if name in _GROWTH else facts.value(name)


def _hazardous(facts: ParkFacts, rules: Rulebook) -> dict[str, Any] | None:
    """Safe disposal of hazardous waste, asked of chemical parks: those that state a figure."""
    row = _at_least(
        "hazardous_waste_disposed_share", facts.value("hazardous_waste_disposed_share"), rules
    )
    if row is not None and row["state"] == str(State.NO_DATA):
        text = _("只要求化工园区；年度指标未填该项，按不适用")
        return {**row, "state": str(State.NOT_APPLICABLE), "reason": text}
    return row


def _growth(facts: ParkFacts, name: str) -> float:
    before = facts.value(name, facts.year - 1)
    return facts.value(name) / before - 1 if before > 0 else math.nan


def _at_least(
    name: str, value: float, rules: Rulebook, *, previous: float | None = None
) -> dict[str, Any] | None:
    rule = rules.get(f"land.policy.target.{name}")
    if rule is None:
        return None
    required = rules.number(rule.id)
    if math.isnan(value):
        text = _("缺少{label}", label=_(TARGET_LABELS[name]))
        if previous is not None:
            text = _("缺少当年或上年数据，无法计算{label}", label=_(TARGET_LABELS[name]))
        return _row(name, value, required, State.NO_DATA, rule.id, text)
    state = State.MET if within(value, required) else State.FAILED
    return _row(name, value, required, state, rule.id)


def _planned(facts: ParkFacts, rules: Rulebook) -> dict[str, Any] | None:
    row = _at_least("planned_industrial_share", facts.planned_industrial_share, rules)
    if row is not None and facts.zone_type not in (None, "industrial"):
        text = _("只要求工业主导型园区")
        return {**row, "state": str(State.NOT_APPLICABLE), "reason": text}
    return row


def _falling(
    name: str, column: str, unit: str, facts: ParkFacts, rules: Rulebook
) -> dict[str, Any] | None:
    rule = rules.get(f"land.policy.target.{name}")
    if rule is None:
        return None
    now, before = (_per_value_added(facts, column, year) for year in (facts.year, facts.year - 1))
    more: dict[str, Any] = {"unit": unit, "direction": "<", "previous": before}
    if math.isnan(now) or math.isnan(before):
        text = _("缺少当年或上年数据，无法计算{label}", label=_(TARGET_LABELS[name]))
        return _row(name, now, None, State.NO_DATA, rule.id, text, **more)
    state = State.MET if exceeds(before, now) else State.FAILED
    return _row(name, now, before, state, rule.id, **more)


def _per_value_added(facts: ParkFacts, column: str, year: int) -> float:
    below = facts.value("value_added_wan", year)
    return facts.value(column, year) / below if below > 0 else math.nan


def _disposal(ledger: str, facts: ParkFacts, rules: Rulebook) -> dict[str, Any] | None:
    item = facts.disposal.get(ledger)
    rule = rules.rules.get(f"land.stock.disposal.{ledger}")
    if item is None or rule is None:
        return None
    return _row(
        f"disposal_rate_{ledger}",
        float(item["rate"]),
        item["target"],
        State(item["state"]),
        rule.id,
        item["reason"],
    )


_NO_FACTOR = N_("没有查到对园区计划指标的奖惩比例，须由园区给出")


def quota(facts: ParkFacts, rules: Rulebook) -> dict[str, Any]:
    """Next year's plan quota by 增存挂钩.

    Returns
    -------
    dict
        ``base_ha`` [公顷], ``factor`` as decimal, ``next_ha`` [公顷], ``state`` (`met` both
        tasks done, `failed` either not, `no_data`), ``facts``, ``rule_id``, ``reason``.

    References
    ----------
    自然资规〔2018〕1号, for provinces and until 2019; later shares are the park's to supply.
    """
    base = None if math.isnan(facts.quota_ha) else facts.quota_ha
    result: dict[str, Any] = {
        "base_ha": base,
        "factor": None,
        "next_ha": None,
        "state": str(State.NO_DATA),
        "rule_id": None,
        "facts": None,
        "reason": None,
    }
    if not facts.disposal:
        return {**result, "reason": _("没有批而未供和闲置土地处置率")}
    states = {name: State(str(item["state"])) for name, item in facts.disposal.items()}
    said = joined(_disposal_text(name, facts.disposal[name]) for name in states)
    # a ledger without stock at the start of the year has nothing left to do
    nothing = [name for name, item in facts.disposal.items() if item["stock_ha"] == 0]
    done = [name for name, state in states.items() if state is State.MET or name in nothing]
    if any(state is State.FAILED for state in states.values()):
        rule, state = "land.policy.quota.not_done", State.FAILED
    elif len(done) == len(states) and len(states) > 1:
        rule, state = "land.policy.quota.both_done", State.MET
    else:
        return {**result, "facts": said, "reason": _("处置任务完成情况无法判断")}
    if rules.get(rule) is None:
        return {**result, "facts": said, "state": str(state), "reason": _(_NO_FACTOR)}
    factor = rules.number(rule)
    more = {"facts": said, "state": str(state), "rule_id": rule, "factor": factor}
    if base is None:
        return {**result, **more, "reason": _("缺少当年新增建设用地指标")}
    return {**result, **more, "next_ha": base * (1 + factor)}


def _disposal_text(ledger: str, item: dict[str, Any]) -> Text:
    label = _(TARGET_LABELS[f"disposal_rate_{ledger}"])
    rate = float(item["rate"])
    shown = "—" if math.isnan(rate) else f"{rate * 100:.1f}%"
    state = _(STATE_LABELS[State(str(item["state"]))])
    return _("{label} {rate}（{state}）", label=label, rate=shown, state=state)
