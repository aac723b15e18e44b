"""Cases side by side, as people read them: rows in words, sections, and the chart of costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt

import greenland
from greenland.i18n import N_, _
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.blocks import Prose, Rules, Section
from greenland.report.chartkit import Chart, axis, colours, data, finish, source_line, tip
from greenland.report.hours import Hours
from greenland.report.labels import name, unit_text, value_label
from greenland.report.tables import Table, TableColumn

GROUPS = {
    "status": N_("求解"),
    "sizes": N_("容量"),
    "shares": N_("比例"),
    "costs": N_("年费用构成"),
    "money": N_("经济性"),
    "compliance": N_("合规核对"),
    "inputs": N_("不同的输入"),
}


@dataclass(frozen=True)
class ComparedRow:
    """One quantity of all cases, in words.

    Parameters
    ----------
    group, item, unit : str
    values : tuple
        In that unit; None where a case has none.
    is_share : bool
        Whether values are decimals that are read in per cent.
    """

    group: str
    item: str
    unit: str
    values: tuple[Any, ...]
    is_share: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Values as they are written."""
        return tuple(self._written(value) for value in self.values)

    def _written(self, value: Any) -> str:
        """A value: inputs as the case has them, counts whole, costs with as many decimals."""
        if fmt.is_missing(value):
            return fmt.DASH
        number = fmt.as_number(value)
        if number is None:
            return fmt.yes_no(value) if isinstance(value, bool) else str(value)
        if self.group == "inputs":
            return f"{number:.10g}"
        if self.is_share:
            return fmt.share(number, 2)
        whole = isinstance(value, int)
        return fmt.number(number, 0 if whole else 1 if self.group == "costs" else None)


def compared_rows(record: Mapping[str, Any]) -> list[ComparedRow]:
    """Rows of a comparison: money in 万元, shares in per cent, labels in words."""
    return [_in_words(row) for row in record["rows"]]


def _in_words(row: Mapping[str, Any]) -> ComparedRow:
    group, item, unit = row["group"], row["item"], row["unit"]
    values, shown = tuple(row["values"]), unit_text(unit)
    if unit in ("yuan", "yuan/yr"):
        shown = _("万元/年") if unit == "yuan/yr" else _("万元")
        values = tuple(None if value is None else value / 1e4 for value in values)
    if unit == "share":
        shown = ""
    if group == "status":
        item = _("求解状态")
    elif group == "costs":
        item = value_label("item", item)
    elif group == "compliance":
        limit, _sep, reading = item.partition(":")
        item = value_label("state", limit) if unit == "" else value_label("limit", limit)
        if reading:
            item = _("{limit}（{reading}）", limit=item, reading=value_label("reading", reading))
    elif group != "inputs":
        item = name(item)
    return ComparedRow(group, str(item), str(shown), values, unit == "share")


@dataclass(frozen=True)
class ComparisonPage:
    """The page of a comparison, with what the templates ask every report for."""

    title: str
    subtitle: str
    lead: str
    chapters: tuple[Section, ...]
    length: str = "full"
    hours: Hours | None = None
    rules: Rules = field(default_factory=lambda: Rules((), {}))
    record: Mapping[str, Any] = field(
        default_factory=lambda: {"greenland": greenland.__version__, "park": {"as_of": None}}
    )

    @property
    def workbook(self) -> str:
        """Name of the workbook beside the page."""
        return "comparison.xlsx"

    @property
    def tables(self) -> list[Table]:
        """Tables of all chapters."""
        return [table for section in self.chapters for table in section.tables]

    @property
    def charts(self) -> list[Chart]:
        """Charts of all chapters."""
        return [chart for section in self.chapters for chart in section.charts]


def comparison_page(record: Mapping[str, Any]) -> ComparisonPage:
    """The page of a comparison record."""
    cases, rows = list(record["cases"]), compared_rows(record)
    sections = []
    for group, heading in GROUPS.items():
        chosen = [row for row in rows if row.group == group]
        if not chosen:
            continue
        table = _table(group, _(heading), cases, chosen)
        chart = cost_chart(cases, chosen) if group == "costs" else None
        note = Prose((_("只列各案例不相同的输入；路径与案例文件的写法相同。"),), "note")
        blocks = (*((chart,) if chart else ()), table, *((note,) if group == "inputs" else ()))
        sections.append(Section(f"compare-{group}", _(heading), "", blocks))
    return ComparisonPage(
        _("案例比较"),
        _("{count} 个案例并列", count=len(cases)),
        lead_of(cases, rows),
        tuple(sections),
    )


def _table(group: str, title: str, cases: Sequence[str], rows: Sequence[ComparedRow]) -> Table:
    keys = [f"case{number}" for number in range(len(cases))]
    columns = [TableColumn("item", _("项目")), TableColumn("unit", _("单位"))]
    if not any(row.unit for row in rows):
        del columns[1]
    columns += [
        TableColumn(key, case, kind="number") for key, case in zip(keys, cases, strict=True)
    ]
    shown = [
        {"item": row.item, "unit": row.unit, **dict(zip(keys, row.texts, strict=True))}
        for row in rows
    ]
    return Table(f"table-compare-{group}", title, tuple(columns), tuple(shown), fold=0)


def _total(rows: Sequence[ComparedRow], place: int) -> float | None:
    """Annual cost of a case [万元/年]; None where it has no plan."""
    values = [v for row in rows if row.group == "costs" and (v := row.values[place]) is not None]
    return sum(values) if values else None


def lead_of(cases: Sequence[str], rows: Sequence[ComparedRow]) -> str:
    """Which case is the cheapest, which has no plan, in a sentence or two."""
    totals = {case: _total(rows, place) for place, case in enumerate(cases)}
    solved = {case: total for case, total in totals.items() if total is not None}
    said = ""
    if solved:
        best = min(solved, key=lambda case: solved[case])
        said = str(
            _(
                "年费用最低的是“{case}”，{cost} 万元/年。",
                case=best,
                cost=fmt.number(solved[best], 0),
            )
        )
        if len(solved) > 1:
            worst = max(solved, key=lambda case: solved[case])
            said += str(
                _(
                    "最高的是“{case}”，多 {more} 万元/年。",
                    case=worst,
                    more=fmt.number(solved[worst] - solved[best], 0),
                )
            )
    without = [case for case, total in totals.items() if total is None]
    if without:
        said += str(_("没有可行方案：{cases}。", cases="、".join(without)))
    return said


def _of_their_own(rows: Sequence[ComparedRow]) -> set[str]:
    """Items that have a colour of their own: the largest, where there are more than colours."""
    size = {row.item: sum(abs(value or 0.0) for value in row.values) for row in rows}
    listed = sorted((item for item, total in size.items() if total), key=lambda item: -size[item])
    many = len(listed) > len(palette.COSTS)
    return set(listed[: len(palette.COSTS) - 1] if many else listed)


def cost_chart(cases: Sequence[str], rows: Sequence[ComparedRow]) -> Chart | None:
    """Annual cost of every case, item by item; income stands left of zero."""
    own = _of_their_own(rows)
    found = [
        {
            "case": case,
            "what": row.item if row.item in own else _("其他费用"),
            "order": order,
            "amount": row.values[place],
            "text": _("{value} 万元/年", value=fmt.number(row.values[place], 0)),
        }
        for place, case in enumerate(cases)
        for order, row in enumerate(rows)
        if row.values[place]
    ]
    if not found:
        return None
    totals = [
        {
            "case": case,
            "end": sum(max(0.0, one["amount"]) for one in found if one["case"] == case),
            "text": _("合计 {total}", total=fmt.number(total, 0)),
        }
        for place, case in enumerate(cases)
        if (total := _total(rows, place)) is not None
    ]
    used = list(dict.fromkeys(one["what"] for one in found))
    hues = dict(zip(used, palette.COSTS, strict=False))
    order = list(cases)
    bars = (
        alt.Chart(data(found))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("case:N", sort=order, axis=axis(None, labelFontSize=13, labelLimit=240)),
            x=alt.X("amount:Q", stack="zero", axis=axis(_("万元/年"))),
            color=colours("what", hues, {one: one for one in used}),
            order=alt.Order("order:Q"),
            tooltip=[tip("case", _("案例")), tip("what", name("item")), tip("text", _("金额"))],
        )
    )
    words = (
        alt.Chart(data(totals))
        .mark_text(align="left", dx=6, fontWeight="bold")
        .encode(y=alt.Y("case:N", sort=order), x=alt.X("end:Q"), text=alt.Text("text:N"))
    )
    listed = _("、").join(f"{one['case']} {one['text']}" for one in totals)
    return Chart(
        "chart-compare-costs",
        _("年费用：{list}", list=listed),
        _("万元/年；负值为收入"),
        source_line(_("各案例的规模测算")),
        _("年费用：{list}。", list=listed),
        finish(alt.layer(bars, words), 46 * len(cases) + 90),
    )
