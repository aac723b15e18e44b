"""Measures: rewards and penalties of the park, of its firms by class, and of parcels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.i18n import N_, Text, _, joined, language
from greenland.land.choices import some_of
from greenland.land.limits import exceeds, within
from greenland.land.policy.facts import ParkFacts
from greenland.land.standard_land import MEASURE_LABELS, Measure
from greenland.results import State

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult
    from greenland.rules import Rulebook

Row = dict[str, Any]


def _row(
    subject: str,
    name: str | None,
    measure: str,
    kind: str,
    rule_id: str | None,
    facts: Text | None,
    reason: Text | None = None,
) -> Row:
    return {
        "subject": subject,
        "subject_name": name,
        "measure": measure,
        "kind": kind,
        "rule_id": rule_id,
        "facts": facts,
        "reason": reason,
    }


def park_measures(
    facts: ParkFacts, rules: Rulebook, pipeline: pd.DataFrame
) -> tuple[list[Row], tuple[Text, ...]]:
    """Reward and penalty of the park, and what could not be decided.

    References
    ----------
    《云南省“十四五”产业园区发展规划》第四章第四节三; 楚办发〔2023〕5号 第22项.
    """
    rows: list[Row] = []
    undecided: list[Text] = []
    causes = _penalty_causes(facts, rules, undecided)
    penalties = some_of(rules, "land.policy.penalty", _PENALTIES)
    rewards = some_of(rules, "land.policy.reward", _REWARDS)
    if penalties and causes:
        for name in penalties:
            spared = _exempt(pipeline, rules) if name == "suspension" else None
            text = _(_PENALTIES[name])
            rows.append(_park(text, "penalty", "land.policy.penalty", joined(causes), spared))
    elif rewards:
        good = _reward_facts(facts, rules, undecided)
        if good is not None:
            rows += [
                _park(_(_REWARDS[name]), "reward", "land.policy.reward", good) for name in rewards
            ]
            first = some_of(rules, "land.policy.quota_first", _QUOTA_FIRST)
            if first:
                kinds = joined(_(_QUOTA_FIRST[name]) for name in first)
                text = _("新增用地优先投向{kinds}的项目", kinds=kinds)
                rows.append(_park(text, "quota", "land.policy.quota_first", good))
    return rows, tuple(undecided)


_PENALTIES = {
    "quota_cut": N_("扣减用地计划指标"),
    "suspension": N_("暂停用地报件受理（国家、省级重点项目和民生保障项目除外）"),
}
_REWARDS = {"quota_first": N_("新增建设用地指标优先保障")}
_QUOTA_FIRST = {
    "high_investment": N_("投资强度高"),
    "high_technology": N_("科技含量高"),
    "low_pollution": N_("污染小"),
}


def _park(measure: Text, kind: str, rule_id: str, facts: Text, reason: Text | None = None) -> Row:
    return _row("park", _("园区"), measure, kind, rule_id, facts, reason)


_THRESHOLDS = {
    "max_score": N_("集约利用度 {value} 分，低于 {limit} 分"),
    "min_supply_rate": N_("土地供应率 {value}%，低于 {limit}%"),
    "min_development_rate": N_("土地开发率 {value}%，低于 {limit}%"),
}
_THRESHOLD_NAMES = {
    "max_score": N_("考核不合格界线"),
    "min_supply_rate": N_("土地供应率界线"),
    "min_development_rate": N_("土地开发率界线"),
}


def _penalty_causes(facts: ParkFacts, rules: Rulebook, undecided: list[Text]) -> list[Text]:
    causes = []
    values = {
        "max_score": facts.score,
        "min_supply_rate": facts.rates.get("land_supply_rate", math.nan),
        "min_development_rate": facts.rates.get("land_development_rate", math.nan),
    }
    for name, value in values.items():
        rule_id = f"land.policy.penalty.{name}"
        rule = rules.get(rule_id)
        if rule is None:
            if rule_id in rules.rules:
                label = _(_THRESHOLD_NAMES[name])
                undecided.append(_("{label}没有文件规定，园区未给出", label=label))
            continue
        limit = rules.number(rule_id)
        if not math.isnan(value) and not within(value, limit):
            scale = 1 if name == "max_score" else 100
            shown = {"value": f"{value * scale:.2f}", "limit": f"{limit * scale:.2f}"}
            causes.append(_(_THRESHOLDS[name], **shown))
    causes += [
        _disposal_text(ledger, item)
        for ledger, item in facts.disposal.items()
        if item["state"] == State.FAILED
    ]
    return causes


_DISPOSAL = {
    "unsupplied": N_("批而未供处置率 {rate}%，要求 {target}%"),
    "idle": N_("闲置土地处置率 {rate}%，要求 {target}%"),
}


def _disposal_text(ledger: str, item: dict[str, Any]) -> Text:
    rate, target = float(item["rate"]) * 100, float(item["target"]) * 100
    return _(_DISPOSAL[ledger], rate=f"{rate:.1f}", target=f"{target:.1f}")


def _reward_facts(facts: ParkFacts, rules: Rulebook, undecided: list[Text]) -> Text | None:
    rule = rules.get("land.policy.reward.min_score")
    if rule is None or math.isnan(facts.score):
        undecided.append(_("没有集约利用度或其界线，奖励无法判断"))
        return None
    limit = rules.number(rule.id)
    if not within(facts.score, limit):
        return None
    states = {name: item["state"] for name, item in facts.disposal.items()}
    clear = [
        name
        for name, item in facts.disposal.items()
        if item["state"] == State.MET or item["stock_ha"] == 0
    ]
    if not states or len(clear) < len(states):
        undecided.append(_("集约利用度达到界线，但处置任务完成情况无法判断，奖励未定"))
        return None
    score = _(
        "集约利用度 {value} 分，不低于 {limit} 分", value=f"{facts.score:.2f}", limit=f"{limit:.2f}"
    )
    return joined([score, _("批而未供和闲置土地处置任务均完成")])


def _exempt(pipeline: pd.DataFrame, rules: Rulebook) -> Text:
    rule = rules.get("land.policy.penalty.exempt_priorities")
    kinds = rule.value if rule is not None and isinstance(rule.value, list) else []
    names = pipeline.loc[pipeline["priority"].isin(kinds), "project_name"].dropna().tolist()
    if not names:
        return _("项目储备中没有除外项目")
    return _("除外项目 {n} 个：{names}", n=len(names), names="、".join(names))


def ranking_measures(facts: ParkFacts, rules: Rulebook) -> list[Row]:
    """What follows from the park's rank, where ranks are given.

    References
    ----------
    楚办发〔2023〕5号 第8项.
    """
    rule = rules.get("land.policy.ranking.bottom")
    rank, parks = facts.value("rank"), facts.value("ranked_parks")
    if rule is None or math.isnan(rank):
        return []
    bottom = int(rules.number(rule.id))
    rows = []
    here = _("{year} 年排名第 {rank}，共 {parks} 个", year=facts.year, rank=_whole(rank),
             parks=_whole(parks))  # fmt: skip
    notice = _("通报并约谈")
    if _at_bottom(facts, facts.year, bottom):
        rows.append(_park(notice, "notice", rule.id, here, _("排名在后 {n} 位", n=bottom)))
    fall = rank - facts.value("rank", facts.year - 1)
    if rules.get("land.policy.ranking.fall") and exceeds(
        fall, rules.number("land.policy.ranking.fall")
    ):
        text = _("比上年下降 {n} 位", n=_whole(fall))
        rows.append(_park(notice, "notice", "land.policy.ranking.fall", here, text))
    if rules.get("land.policy.ranking.bottom_years"):
        years = int(rules.number("land.policy.ranking.bottom_years"))
        if all(_at_bottom(facts, facts.year - back, bottom) for back in range(years)):
            text = _("连续 {years} 年排名在后 {n} 位", years=years, n=bottom)
            rows.append(
                _park(
                    _("调整主要负责人"), "penalty", "land.policy.ranking.bottom_years", here, text
                )
            )
    return rows


def _at_bottom(facts: ParkFacts, year: int, bottom: int) -> bool:
    return facts.value("rank", year) > facts.value("ranked_parks", year) - bottom


def _whole(value: float) -> str:
    return "—" if math.isnan(value) else f"{value:.0f}"


def class_measures(per_mu: PerMuResult | None, rules: Rulebook) -> list[Row]:
    """Differential measures of every firm by its class, as the rule pack lists them."""
    rule = rules.get("land.policy.class_measures")
    if per_mu is None or rule is None or not isinstance(rule.value, dict):
        return []
    lists = {str(name): [_said(item) for item in items or []] for name, items in rule.value.items()}
    rows = []
    firms = per_mu.firms
    for firm, name, kind, score in zip(
        *(firms[column].tolist() for column in ("firm_id", "firm_name", "class", "score")),
        strict=True,
    ):
        shown = "—" if score is None or pd.isna(score) else f"{score:.2f}"
        fact = _("亩均效益 {kind} 类，得分 {score}", kind=kind, score=shown)
        rows += [
            _row(firm, name, text, "class_measure", rule.id, fact)
            for text in lists.get(str(kind), [])
        ]
    return rows


def _said(item: Any) -> str:
    """Words of a measure in the language in use; data may give one text or one per language."""
    if isinstance(item, dict):
        return str(item.get(language()) or item.get("zh") or next(iter(item.values())))
    return str(item)


_CONSEQUENCES = {
    "fee": N_("征缴土地闲置费"),
    "take_back": N_("无偿收回国有建设用地使用权"),
    "government": N_("延长动工期限、调整用途、安排临时使用、协议收回或置换"),
    "determine_cause": N_("认定闲置原因"),
}


def parcel_measures(
    parcels: pd.DataFrame,
    stock: StockResult | None,
    standard_land: StandardLandResult | None,
    rules: Rulebook,
) -> list[Row]:
    """Fee, take-back and other consequences of idle land, and of broken promises."""
    rows = _idle_rows(stock) if stock is not None else []
    if standard_land is not None:
        names = parcels.drop_duplicates("parcel_id").set_index("parcel_id")["holder_name"]
        found = standard_land.breaches
        for parcel, measure, rule_id, reason in zip(
            *(found[name].tolist() for name in ("parcel_id", "measure", "rule_id", "reason")),
            strict=True,
        ):
            holder = names.get(parcel)
            who = None if pd.isna(holder) else str(holder)
            words = _(MEASURE_LABELS[Measure(measure)])
            rows.append(_row(parcel, who, words, "penalty", rule_id, reason))
    return rows


def _idle_rows(stock: StockResult) -> list[Row]:
    table = stock.idle
    names = ("parcel_id", "holder_name", "counted_from", "months", "consequence", "fee_wan")
    more = ("take_back_date", "consequence_rule_id", "rule_id")
    columns = [table[name].tolist() for name in (*names, *more)]
    rows = []
    for parcel, holder, since, months, consequence, fee, back, by, rule_id in zip(
        *columns, strict=True
    ):
        if consequence not in _CONSEQUENCES:
            continue
        fact = _("自 {date} 起算 {months} 个月", date=since.date().isoformat(), months=int(months))
        reason = None
        if consequence == "fee" and not pd.isna(fee):
            reason = _("闲置费 {fee} 万元，{date} 起可收回", fee=f"{fee:.2f}",
                       date=back.date().isoformat())  # fmt: skip
        elif consequence == "take_back":
            reason = _("{date} 已满收回期限", date=back.date().isoformat())
        kind = "penalty" if consequence in ("fee", "take_back") else "notice"
        who = None if pd.isna(holder) else str(holder)
        cited = by if isinstance(by, str) else rule_id
        rows.append(_row(parcel, who, _(_CONSEQUENCES[consequence]), kind, cited, fact, reason))
    return rows
