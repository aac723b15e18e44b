"""The chapter 年度评价."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Figures, Prose, Section, title_of
from greenland.report.charts import review as charts
from greenland.report.labels import name, value_label
from greenland.report.sections.common import PAGE_AND_MORE, Part, figure, notes, scheme_facts, some
from greenland.report.tables import make_table


def section(part: Part) -> Section:
    """年度评价: indicators against ideals, the score, the potentials."""
    score, before = part.get("land_intensity_score"), part.get("previous_score")
    lead = _(
        "综合分值 {score} 分（上年 {previous}），{zone}，尚可供地 {years} 年。",
        score=fmt.number(score, 2),
        previous=fmt.number(before, 2),
        zone=value_label("zone_type", str(part.get("zone_type") or "")) or fmt.DASH,
        years=fmt.number(part.get("years_of_supply_mean"), 1),
    )
    figures = _figures(part, before)
    reason = part.get("zone_type_reason")
    blocks = some(
        (
            Figures(figures) if figures else None,
            scheme_facts(part.get("scheme") or {}),
            Prose((str(reason),)) if reason else None,
            Prose((str(part["kind_reason"]),)) if part.get("kind_reason") else None,
            charts.indicators_against_ideal(part),
            make_table(
                "table-review-indicators",
                _("评价指标"),
                part.get("indicators"),
                "indicator unit value ideal standardised weight contribution previous change "
                "national formula numerator denominator rule_id reason",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            charts.score_waterfall(part),
            make_table(
                "table-review-nodes",
                _("分层得分"),
                _nodes(part.get("nodes") or []),
                "part node parent level weight score reason",
                fold=0,
            ),
            make_table(
                "table-review-parts", _("分片区得分"), part.get("parts"), "part weight score"
            ),
            charts.land_balance(part),
            make_table(
                "table-review-land-use",
                _("土地利用状况"),
                [{**row, "title": title_of(row)} for row in part.get("land_use") or []],
                "code title area_ha previous_ha",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-review-identities",
                _("面积恒等关系检查"),
                part.get("identities"),
                "identity left_ha right_ha difference_ha state",
            ),
            notes(part),
            make_table(
                "table-review-potentials",
                _("节约集约用地潜力"),
                part.get("potentials"),
                "potential indicator value_ha surplus_ha formula reason",
                forms=PAGE_AND_MORE,
            ),
        )
    )
    return Section("review", _("土地节约集约利用年度评价"), lead, blocks)


def _nodes(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tree with the names the scheme gives its nodes."""
    names = {str(row.get("node")): title_of(row) for row in nodes}
    named = {key: text or name(key) for key, text in names.items()}
    return [
        {
            **row,
            "node": named[str(row.get("node"))],
            "parent": named.get(str(row.get("parent"))) if row.get("parent") else None,
        }
        for row in nodes
    ]


def _figures(part: Part, before: Any) -> tuple[Figure, ...]:
    """Score and years of supply."""
    items = [figure("land_intensity_score", part.get("land_intensity_score"), before)]
    for key in ("years_of_supply_mean", "years_of_supply_peak"):
        if part.get(key) is not None:
            items.append(figure(key, part[key]))
    return tuple(items)
