"""Figures of money, as the report has them."""

from __future__ import annotations

from greenland.i18n import _
from greenland.report.charts import money
from greenland.report.filing.figure import FilingData, FilingFigure


def cost_build_up(found: FilingData) -> FilingFigure | None:
    """What the annual cost is made of."""
    chart = money.cost_build_up(found.energy, found.naming)
    if chart is None:
        return None
    rows = [(found.naming.cost(row), row.yuan_per_year) for row in found.energy.plan.costs]
    return FilingFigure("cost-build-up", (_("项目"), _("金额（元/年）")), rows, chart)


def cash_flow(found: FilingData) -> FilingFigure | None:
    """Net cash flows over the years."""
    finance = found.energy.finance
    chart = money.cash_flow(found.energy)
    if finance is None or chart is None:
        return None
    rows = [(row.year, row.net, row.cumulative) for row in finance.cash_flow]
    headings = (_("年度"), _("净现金流（元）"), _("累计净现金流（元）"))
    return FilingFigure("cash-flow", headings, rows, chart)
