"""A page for each pack: the documents it rests on with their dates, and every rule."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence

from greenland.i18n import N_
from greenland.rules.book import load_rulebook
from greenland.rules.rule import CONFIDENCE_LABELS, ORIGIN_LABELS, Origin, Rule

TITLES = {
    "national": N_("全国"),
    "yunnan": N_("云南省"),
    "chuxiong": N_("楚雄州"),
    "qinghai": N_("青海省"),
    "xinjiang": N_("新疆维吾尔自治区"),
    "inner_mongolia": N_("内蒙古自治区"),
    "jiangxi": N_("江西省"),
}
_LONGEST = 160  # characters of a value that is shown whole


def pack_page(pack: str) -> str:
    """The page of a pack as Markdown, in Chinese.

    Parameters
    ----------
    pack : str
        One of `greenland.rules.available_packs`.
    """
    rules = load_rulebook((pack,), dt.date.today().year).all_rules
    return "\n".join(_lines(pack, rules)) + "\n"


def _lines(pack: str, rules: Sequence[Rule]) -> Iterator[str]:
    yield f"# 规则包 {pack}（{TITLES.get(pack, pack)}）"
    yield ""
    yield "本页由规则包生成，不要手改。可信度是见到条文的方式："
    yield "原文、转载、二手资料、公开实现、常识、假定。"
    yield "“须由园区提供”的没有查到数值。按园区查看：`greenland rules --park 园区`；"
    yield "核对：`greenland rules --check`。"
    yield ""
    yield "## 依据的文件"
    yield ""
    yield "| 文件 | 施行日期 | 失效日期 | 条数 | 可信度 |"
    yield "|---|---|---|---|---|"
    documents: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.document:
            documents.setdefault(rule.document, []).append(rule)
    for document in sorted(documents, key=lambda name: (_begin(documents[name]), name)):
        group = documents[document]
        begins = sorted({rule.valid_from.isoformat() for rule in group if rule.valid_from})
        ends = {rule.valid_to.isoformat() if rule.valid_to else "" for rule in group}
        seen = dict.fromkeys(str(CONFIDENCE_LABELS[rule.confidence]) for rule in group)
        last = "、".join(sorted(ends - {""})) if "" not in ends else _partly(ends)
        cells = (document, "、".join(begins) or "未注明", last, str(len(group)), "、".join(seen))
        yield _row(cells)
    others = [rule.origin for rule in rules if not rule.document]
    if others:
        yield ""
        yield "没有文件依据的，“依据”一栏写明是什么："
        yield ""
        yield "| 依据 | 条数 |"
        yield "|---|---|"
        for origin in sorted(set(others), key=list(Origin).index):
            yield _row((str(ORIGIN_LABELS[origin]), str(others.count(origin))))
    yield ""
    yield "## 规则"
    yield ""
    yield "| 编号 | 名称 | 数值 | 单位 | 依据 | 有效期 | 可信度 | 说明 |"
    yield "|---|---|---|---|---|---|---|---|"
    for rule in sorted(rules, key=lambda one: (one.id, one.valid_from or dt.date.min)):
        row = (
            f"`{rule.id}`",
            rule.title,
            _value(rule),
            rule.unit,
            rule.source,
            _days(rule),
            str(CONFIDENCE_LABELS[rule.confidence]),
            rule.note,
        )
        yield _row(row)


def _begin(rules: Sequence[Rule]) -> dt.date:
    return min((rule.valid_from for rule in rules if rule.valid_from), default=dt.date.max)


def _partly(ends: set[str]) -> str:
    named = sorted(ends - {""})
    return f"部分 {'、'.join(named)}" if named else "—"


def _days(rule: Rule) -> str:
    days = f"{rule.valid_from or ''} 至 {rule.valid_to or ''}".strip(" 至")
    if rule.valid_from and not rule.valid_to:
        days = f"{rule.valid_from} 起"
    elif rule.valid_to and not rule.valid_from:
        days = f"至 {rule.valid_to}"
    plan = f"规划期至 {rule.plan_end}" if rule.plan_end else ""
    return "；".join(part for part in (days, plan) if part) or "—"


def _value(rule: Rule) -> str:
    if rule.value is None:
        return "须由园区提供"
    if isinstance(rule.value, dict | list):
        text = json.dumps(rule.value, ensure_ascii=False, default=str)
        return text if len(text) <= _LONGEST else f"{len(rule.value)} 项，见规则包"
    return str(rule.value)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "／").split()) for cell in cells) + " |"
