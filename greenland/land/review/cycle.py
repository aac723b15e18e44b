"""Full evaluation or yearly update: the five-year cycle of the review."""

from __future__ import annotations

from enum import StrEnum

from greenland.i18n import N_, Text, _
from greenland.rules import Rulebook


class ReviewKind(StrEnum):
    """Full evaluation or yearly update."""

    FULL = "full"
    UPDATE = "update"


REVIEW_KIND_LABELS = {ReviewKind.FULL: N_("全面评价"), ReviewKind.UPDATE: N_("年度更新")}


def bookkeeping(
    year: int, last_full_year: int | None, rulebook: Rulebook
) -> tuple[ReviewKind | None, Text | None, int | None]:
    """Whether a year has a full evaluation or an update, why, and the next full year.

    References
    ----------
    《云南省“十四五”产业园区发展规划》第四章第四节三: “五年一评价、一年一更新”;
    云南省《进一步发展壮大园区经济行动计划》第24项: every year.
    """
    rule = rulebook.get("land.review.full_cycle")
    if rule is None:
        return None, _("已启用的规则包没有评价周期"), None
    if last_full_year is None:
        return None, _("未填上次全面评价年份（park.yaml 的 land.review.last_full_year）"), None
    cycle = round(rulebook.number(rule.id))
    behind = year - last_full_year
    if behind < 0:
        return None, _("上次全面评价年份晚于评价年份"), last_full_year
    if behind % cycle == 0:
        return ReviewKind.FULL, None, year + cycle
    coming = last_full_year + (behind // cycle + 1) * cycle
    update = rulebook.get("land.review.update_cycle")
    between = behind % cycle  # years since the last full evaluation
    if update is None or between % round(rulebook.number(update.id)) != 0:
        return None, _("上次全面评价为 {last} 年，本年没有更新任务", last=last_full_year), coming
    text = _("上次全面评价为 {last} 年，本年更新数据，沿用其指标体系和理想值", last=last_full_year)
    return ReviewKind.UPDATE, text, coming
