"""The tables of a filing by their names: those of the report, and some of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.charts.facts import month_title
from greenland.report.context import Report
from greenland.report.filing.facts import Fact
from greenland.report.filing.figure import FilingData
from greenland.report.filing.figures_sizes import verdict_of
from greenland.report.filing.names import TABLES
from greenland.report.labels import value_label
from greenland.report.sections.energy.money import finance_figures
from greenland.report.tables import Table, TableColumn, make_table

OF_REPORT = {
    "sizes": "table-energy-capacities",
    "load-months": "table-load-months",
    "load-users": "table-load-users",
    "resource": "table-resource",
    "weather-months": "table-weather-months",
    "energies": "table-energy-totals",
    "losses": "table-losses",
    "limits": "table-energy-compliance",
    "checklist": "table-energy-checklist",
    "users": "table-energy-users",
    "bill": "table-energy-bill",
    "cash-flow": "table-energy-cash",
    "carbon": "table-energy-factors",
    "assumptions": "table-assumptions",
}
SPARED = {"limits": ("margin",), "checklist": ("rule_id",), "assumptions": ("rule_id",)}
"""Columns a filing has no room for, or that say what another says."""
OPTIONAL = ("load-users", "users")
"""Tables that many cases do not have: they are left out without a blank."""
INFORMATION = (
    *("load_peak", "load_energy", "wind_mw", "pv_mw", "source_mw", "storage_mw", "storage_mwh"),
    *("grid_mw", "voltage", "line_km", "station", "generation", "self_use", "export", "import"),
    *("self_use_of_generation", "self_use_of_consumption", "export_share", "curtailment_share"),
    *("utilisation", "delivered_hours", "capex", "price", "co2"),
)
"""Facts of the information table, in its order."""


def tables_of(
    name: str, report: Report, found: FilingData, facts: Mapping[str, Fact]
) -> list[Table]:
    """The tables of a name; none where there is nothing to show.

    Parameters
    ----------
    name : str
        As in `greenland.report.filing.names.TABLES`.
    report : Report
        Of the same record.
    """
    if name == "statements":
        return [one for one in report.tables if one.id.startswith("table-energy-statement-")]
    if name in OF_REPORT:
        return [_titled(one, name) for one in report.tables if one.id == OF_REPORT[name]]
    own = _OWN[name](found, facts)
    return [] if own is None else [own]


def _title_of(name: str) -> str:
    return str(_(TABLES[name]))


def _titled(table: Table, name: str) -> Table:
    """A table of the report under its name in a filing, whole."""
    columns = tuple(one for one in table.columns if one.key not in SPARED.get(name, ()))
    title, forms, note = _title_of(name), table.forms | {"word"}, table.note
    if name == "cash-flow":
        note = str(_("各列相加为净现金流，末位因四舍五入可能相差 1；第 0 年及以前为建设期。"))
    return replace(table, title=title, columns=columns, annex=False, forms=forms, note=note)


def _information(_found: FilingData, facts: Mapping[str, Fact]) -> Table:
    rows = tuple(
        {"item": facts[name].title, "content": facts[name].text, "fact": name}
        for name in INFORMATION
    )
    columns = (TableColumn("item", _("项目")), TableColumn("content", _("内容")))
    title = _title_of("information")
    return Table("filing-information", title, columns, rows, fold=0, forms=frozenset({"word"}))


def _balance(found: FilingData, _facts: Mapping[str, Fact]) -> Table | None:
    kinds = ("load", "import", "export", "curtailment", "charge", "discharge")
    sources = [
        row.column
        for row in (found.energy.plan.schedule.column_kinds if found.energy.plan.schedule else ())
        if row.kind == "source"
    ]
    rows = [
        {
            "month": month_title(int(row["month"])),
            "possible": sum(row.get(name) or 0.0 for name in sources),
            **{key: row.get(key) for key in kinds},
        }
        for row in found.energy.plan.monthly
    ]
    columns = f"month possible {' '.join(kinds)}"
    title = _("逐月电量平衡（MWh）")
    return make_table("filing-balance", title, rows, columns, fold=0, forms=_WORD)


_WORD = frozenset({"word"})


def _comparison(found: FilingData, _facts: Mapping[str, Fact]) -> Table | None:
    rows = [
        {
            "size_text": fmt.share(row.factor, 0),
            "source_mw": row.source_mw,
            "storage_mwh": row.storage_mwh,
            "self_use_of_consumption": row.self_use_of_consumption,
            "curtailment_share": row.curtailment_share,
            "annual_cost": row.annual_cost,
            "price_kwh": row.price,
            "text": _sentence(verdict_of(row), [str(one) for one in row.failures], row.gap),
        }
        for row in found.energy.size_comparison
    ]
    columns = (
        "size_text source_mw storage_mwh self_use_of_consumption curtailment_share annual_cost "
        "price_kwh text"
    )
    title = _title_of("size-comparison")
    made = make_table("filing-sizes", title, rows, columns, fold=0, forms=_WORD)
    if made is None:
        return None
    heads = {"size_text": _("与推荐规模之比"), "text": _("结论")}
    changed = tuple(replace(c, title=str(heads.get(c.key, c.title))) for c in made.columns)
    note = _(
        "每行为一次全年测算：电源固定，储能等重新定容；没有证明到最优的列出间隙，"
        "即年费用至多还能低多少。"
    )
    return replace(made, columns=changed, note=str(note))


def _sentence(verdict: str, failures: list[str], gap: float | None) -> str:
    said = _("；").join([verdict, *(one.removesuffix(_("。")) for one in failures)])
    if gap is not None and gap > 1e-4:
        said += str(_("；间隙 {gap}", gap=fmt.share(gap, 2)))
    return said


def _investment(found: FilingData, facts: Mapping[str, Fact]) -> Table | None:
    naming = found.naming
    words = {
        "storage_power": _("{owner} 功率部分"),
        "storage_energy": _("{owner} 电量部分"),
    }
    rows: list[dict[str, Any]] = []
    for row in found.energy.investment:
        owner = naming.owner(row.owner) if row.owner else value_label("item", "connection")
        title = words[row.kind].format(owner=owner) if row.kind in words else owner
        size = f"{fmt.number(row.size, 2)} {row.unit}" if row.size is not None else None
        rows.append(
            {
                "named_item": title,
                "size_text": size,
                "unit_price": row.unit_price,
                "amount_yuan": row.yuan,
            }
        )
    if rows:
        total = sum(row["amount_yuan"] for row in rows)
        rows.append({"named_item": str(_("合计")), "amount_yuan": total})
    title = _title_of("investment")
    columns = "named_item size_text unit_price amount_yuan"
    return make_table("filing-investment", title, rows, columns, fold=0, forms=_WORD)


def _costs(found: FilingData, _facts: Mapping[str, Fact]) -> Table | None:
    rows = [
        {"named_item": found.naming.cost(row), "yuan_per_year": row.yuan_per_year}
        for row in found.energy.plan.costs
    ]
    title = _title_of("costs")
    return make_table("filing-costs", title, rows, "named_item yuan_per_year", forms=_WORD)


def _finance(found: FilingData, _facts: Mapping[str, Fact]) -> Table | None:
    finance = found.energy.finance
    if finance is None:
        return None
    rows = [
        {"named_item": one.title, "text": f"{one.value} {one.shown_unit}".strip()}
        for one in finance_figures(finance)
    ]
    made = make_table(
        "filing-finance", _title_of("finance"), rows, "named_item text", fold=0, forms=_WORD
    )
    if made is None:
        return None
    return replace(made, columns=(made.columns[0], replace(made.columns[1], title=str(_("数值")))))


_OWN: Mapping[str, Callable[[FilingData, Mapping[str, Fact]], Table | None]] = {
    "information": _information,
    "balance-months": _balance,
    "size-comparison": _comparison,
    "investment": _investment,
    "costs": _costs,
    "finance": _finance,
}
