"""The chapter 年度评价."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from greenland.i18n import _
from greenland.record.base import RecordModel
from greenland.record.land.review import ReviewNode, ReviewRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Figures, Prose, Section, title_of
from greenland.report.charts import review as charts
from greenland.report.labels import name, value_label
from greenland.report.sections.common import (
    PAGE_AND_MORE,
    WORKBOOK,
    figure,
    notes,
    scheme_facts,
    some,
)
from greenland.report.tables import make_table


def section(part: ReviewRecord) -> Section:
    """年度评价: indicators against ideals, the score, the potentials."""
    codes, part = part, _named(part)
    score, before = part.land_intensity_score, part.previous_score
    lead = _lead(score, before, part)
    figures = _figures(part)
    blocks = some(
        (
            Figures(figures) if figures else None,
            scheme_facts(part.scheme),
            Prose((str(part.zone_type_reason),), "note") if part.zone_type_reason else None,
            Prose((str(part.kind_reason),), "note") if part.kind_reason else None,
            charts.indicators_against_ideal(part),
            make_table(
                "table-review-indicators",
                _("评价指标"),
                _coded(part.indicators, codes.indicators),
                "indicator unit value ideal standardised weight contribution previous change "
                "national formula numerator denominator rule_id reason",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-review-part-indicators",
                _("分片区评价指标"),
                _coded(part.part_indicators, codes.part_indicators),
                "part indicator value standardised weight contribution reason",
                forms=WORKBOOK,
            ),
            charts.score_waterfall(part),
            make_table(
                "table-review-nodes",
                _("分层得分"),
                _nodes(part.nodes),
                "part node parent level weight score reason",
                fold=0,
                annex=True,
            ),
            make_table(
                "table-review-parts",
                _("分片区得分"),
                part.parts,
                "part weight score",
                forms=PAGE_AND_MORE if len(part.parts) > 1 else WORKBOOK,
            ),
            charts.land_balance(part),
            make_table(
                "table-review-land-use",
                _("土地利用状况"),
                [{**row.cells(), "title": title_of(row)} for row in part.land_use],
                "code title area_ha previous_ha",
                fold=0,
                forms=PAGE_AND_MORE,
                annex=True,
            ),
            make_table(
                "table-review-figures",
                _("评价用年度指标"),
                [{**row.cells(), "item": row.column} for row in part.figures],
                "title value previous",
                forms=WORKBOOK,
            ),
            make_table(
                "table-review-identities",
                _("面积恒等关系检查"),
                part.identities,
                "identity state difference_ha left_ha right_ha",
            ),
            notes(part.score_reason),
            make_table(
                "table-review-potentials",
                _("节约集约用地潜力"),
                [
                    {
                        **row.cells(),
                        "formula": value_label("formula", row.formula or ""),
                        "code": row.formula,
                    }
                    for row in part.potentials
                ],
                "potential indicator value_ha surplus_ha formula reason",
                forms=PAGE_AND_MORE,
            ),
        )
    )
    return Section("review", _("土地节约集约利用年度评价"), lead, blocks)


def _named(part: ReviewRecord) -> ReviewRecord:
    """The record with the scheme's own indicators called by their names."""
    own = part.scheme.indicators
    if not own:
        return part
    tables = {
        field: tuple(
            row.model_copy(update={"indicator": title_of(own[row.indicator])})
            if row.indicator in own
            else row
            for row in getattr(part, field)
        )
        for field in ("indicators", "part_indicators", "changes")
    }
    return part.model_copy(update=tables)


def _coded(shown: Sequence[RecordModel], codes: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows with the names of their indicators, and beside them the ids."""
    pairs = zip(shown, codes, strict=True)
    return [{**row.cells(), "code": coded.indicator} for row, coded in pairs]


def _lead(score: float | None, before: float | None, part: ReviewRecord) -> str:
    """Score, type of zone and years of supply, as far as they are known."""
    said: list[str] = []
    if score is None:
        said.append(_("综合分值未计算（缺数据）"))
    else:
        said.append(_("综合分值 {score} 分", score=fmt.number(score, 2)))
    if score is not None and before is not None:
        said[-1] += _("（上年 {previous}）", previous=fmt.number(before, 2))
    if part.zone_type:
        said.append(value_label("zone_type", part.zone_type))
    if part.years_of_supply_mean is not None:
        said.append(_("尚可供地 {years} 年", years=fmt.number(part.years_of_supply_mean, 1)))
    return _("，").join(said) + _("。")


def _nodes(nodes: Sequence[ReviewNode]) -> list[dict[str, Any]]:
    """The tree with the names the scheme gives its nodes."""
    named = {row.node: title_of(row) or name(row.node) for row in nodes}
    return [
        {
            **row.cells(),
            "node_id": row.node,
            "parent_id": row.parent,
            "node": named[row.node],
            "parent": named.get(row.parent) if row.parent else None,
        }
        for row in nodes
    ]


def _figures(part: ReviewRecord) -> tuple[Figure, ...]:
    """Score and years of supply."""
    items = []
    if part.land_intensity_score is not None:
        items.append(figure("land_intensity_score", part.land_intensity_score, part.previous_score))
    if part.years_of_supply_mean is not None:
        items.append(figure("years_of_supply_mean", part.years_of_supply_mean))
    if part.years_of_supply_peak is not None:
        items.append(figure("years_of_supply_peak", part.years_of_supply_peak))
    return tuple(items)
