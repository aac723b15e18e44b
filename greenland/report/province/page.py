"""The page of a province: chapters in order, and what leaders read first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenland.i18n import _, use_language
from greenland.key_results import KEYS
from greenland.record.rules import RuleRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure
from greenland.report.comparison import ComparisonPage
from greenland.report.labels import unit_text
from greenland.report.province import findings, parks, sums
from greenland.report.province.rows import by_key, change, title, value
from greenland.report.render import environment, page_context
from greenland.report.rulelist import rules_of

_SHOWN = (
    "above_scale_output_wan",
    "revenue_wan",
    "new_above_scale_firms",
    "standard_land_share",
    "idle_ha",
    "idle_disposal_rate",
)


@dataclass(frozen=True)
class ProvincePage(ComparisonPage):
    """The page, with figures and matters for its first screen.

    Parameters
    ----------
    figures : tuple of Figure
    matters : tuple of (str, str)
        What to look at, and the chapter that tells more.
    """

    figures: tuple[Figure, ...] = ()
    matters: tuple[tuple[str, str], ...] = ()

    @property
    def workbook(self) -> str:
        """Name of the workbook beside the page."""
        return "province.xlsx"


def province_page(record: Mapping[str, Any]) -> ProvincePage:
    """The page of a province's record."""
    made = (
        sums.goals_section(record),
        sums.totals_section(record),
        parks.overall_section(record),
        parks.places_section(record),
        parks.indicators_section(record),
        parks.tiers_section(record),
        sums.standard_land_section(record),
        sums.stock_section(record),
        sums.growth_section(record),
        sums.industries_section(record),
        findings.pilots_section(record),
        findings.outliers_section(record),
        findings.same_section(record),
        findings.uncounted_section(record),
        findings.list_section(record),
    )
    rules = rules_of([RuleRecord.model_validate(rule) for rule in record["rules"]])
    return ProvincePage(
        record["name"],
        _("园区汇总 · {year} 年度", year=record["year"]),
        _lead(record),
        tuple(chapter for chapter in made if chapter is not None),
        length="standard",
        rules=rules,
        figures=_figures(record),
        matters=tuple(_matters(record)),
    )


def _lead(record: Mapping[str, Any]) -> str:
    count, of = len(record["parks"]), record["parks_of_province"]
    said: str = _("计入 {count} 个园区（全省应有 {of} 个）。", count=count, of=of)
    goals = record["goals"]
    if goals:
        met = sum(goal["state"] == "met" for goal in goals)
        failed = sum(goal["state"] == "failed" for goal in goals)
        said += _("全省目标 {all} 项：达到 {met} 项，未达到 {failed} 项",
                  all=len(goals), met=met, failed=failed)  # fmt: skip
        said += _("，其余未到期或数据不足。") if met + failed < len(goals) else _("。")
    return said


def _figures(record: Mapping[str, Any]) -> tuple[Figure, ...]:
    found = {one["key"]: one for one in record["totals"]}
    items = []
    for key in _SHOWN:
        one = found[key]
        if one["value"] is None:
            continue
        text, unit = _scaled(key, one["value"])
        moved = change(key, one["change"])
        items.append(
            Figure(
                title(key),
                text,
                unit,
                _("较上年 {change}", change=moved) if moved != fmt.DASH else "",
                _("{parks}/{of} 个园区", parks=one["parks"], of=one["of"]),
                target="province-totals",
            )
        )
    return tuple(items)


def _scaled(key: str, amount: float) -> tuple[str, str]:
    """A figure in the unit people read it in: 万元 as 亿元 where there is much of it."""
    unit = KEYS[key].unit
    if unit == "万元" and abs(amount) >= 1e4:
        return fmt.number(amount / 1e4, 1), unit_text("亿元")
    return value(key, amount), unit_text(unit)


def _matters(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What to look at first."""
    names = by_key(record)

    def listed(rows: list[Any]) -> str:
        return str(fmt.listed([names[row["park"]]["name"] for row in rows]))

    found = []
    for source, head in (("reported_moves", _("填报的考核排名")), ("moves", _("综合测算"))):
        rows = record[source]
        for key, text in (
            ("running", _("连续末位")),
            ("bottom", _("末位")),
            ("fell", _("退位过多")),
        ):
            if chosen := [row for row in rows if row[key]]:
                line = _("{head}：{what} {count} 个：{names}", head=head, what=text,
                         count=len(chosen), names=listed(chosen))  # fmt: skip
                found.append((str(line), "province-places"))
    if record["failed"]:
        line = _("{count} 个文件夹没有结果", count=len(record["failed"]))
        found.append((str(line), "province-uncounted"))
    if record["same_sites"]:
        line = _("{count} 对文件夹疑为同一园区", count=len(record["same_sites"]))
        found.append((str(line), "province-same"))
    if record["outliers"]:
        line = _("{count} 个离群值待核对", count=len(record["outliers"]))
        found.append((str(line), "province-outliers"))
    return found


def render_province(
    record: Mapping[str, Any], *, language: str = "zh", templates: Path | None = None
) -> str:
    """Render a province as one HTML page that needs nothing from outside.

    Parameters
    ----------
    record : mapping
        As in ``province.json``.
    language : str
        ``"zh"`` or ``"en"``.
    templates : Path, optional
        As in `greenland.report.render_html`; the page is ``province.html``.
    """
    with use_language(language):
        page, env = province_page(record), environment(templates)
        return env.get_template("province.html").render(page_context(page, env))
