"""The first table of each kind of study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.labels import name, value_label
from greenland.report.studies.words import (
    DESIGNS,
    Case,
    Record,
    capacities_of,
    capacity_title,
    measure_words,
    reached,
    reached_words,
    shown_value,
    solved,
    status_words,
    wan,
)

R2 = "self_use_of_consumption"
Columns = dict[str, str]
Rows = list[dict[str, Any]]


def main_table(record: Record) -> tuple[Columns, Rows]:
    """The first table of a study: headings by key, and rows of texts."""
    return _TABLES[record["kind"]](record)


def _sensitivity(record: Record) -> tuple[Columns, Rows]:
    base = record["summary"]["base_cost"]
    rows = []
    for one in record["summary"]["tornado"]:
        row = {"variable": one["variable"]}
        for side in ("low", "high"):
            cost = one[f"{side}_cost"]
            row[side] = shown_value(one[side])
            row[f"{side}_cost"] = wan(cost, 1)
            row[f"{side}_change"] = fmt.DASH if cost is None else fmt.signed((cost - base) / 1e4, 1)
        rows.append(row)
    columns = {
        "variable": _("变量"),
        "low": _("低值"),
        "low_cost": _("年成本（万元）"),
        "low_change": _("变化（万元）"),
        "high": _("高值"),
        "high_cost": _("年成本（万元）"),
        "high_change": _("变化（万元）"),
    }
    return plain(columns), rows


def _grid(record: Record) -> tuple[Columns, Rows]:
    x, y = (record["summary"][axis] for axis in ("x", "y"))
    found = {
        (shown_value(one["at"][x["title"]]), shown_value(one["at"][y["title"]])): one
        for one in record["cases"][1:]
    }
    across = [shown_value(one) for one in x["values"]]
    columns = {"what": f"{y['title']} ＼ {x['title']}"} | {f"x{n}": v for n, v in enumerate(across)}
    rows = []
    for value in y["values"]:
        row = {"what": shown_value(value)}
        for number, other in enumerate(across):
            row[f"x{number}"] = wan(found[other, shown_value(value)].get("annual_cost"))
        rows.append(row)
    return columns, rows


def _pareto(record: Record) -> tuple[Columns, Rows]:
    title, _unit = measure_words(record["summary"]["measure"], record)
    knee = record["summary"]["knee"]
    columns = {
        "name": _("算例"),
        "reached": title,
        "cost": _("年成本（万元）"),
        "marginal": _margin_title(record),
    }
    columns = plain(columns) | size_columns(record)
    rows = []
    before: Case | None = None
    for one in record["cases"][1:]:
        mark = _("（拐点）") if one["name"] == knee else ""
        row = {
            "name": f"{one['name']}{mark}",
            "reached": reached_words(record, one),
            "cost": wan(one["annual_cost"], 1),
            "marginal": _margin(record, before, one),
        }
        rows.append(row | sizes_of(record, one))
        before = one
    return plain(columns), rows


def _margin_title(record: Record) -> str:
    measure = record["summary"]["measure"]
    if measure.startswith("shares."):
        return str(_("每个百分点（万元/年）"))
    if measure == "capex":
        return str(_("每少投资 1 元（元/年）"))
    return str(_("每减 1 tCO₂（元）"))


def _margin(record: Record, before: Case | None, one: Case) -> str:
    """What the step from the point before cost, per unit of the other axis."""
    if before is None:
        return fmt.DASH
    here, there = reached(record, one), reached(record, before)
    if here is None or there is None or here == there:
        return fmt.DASH
    step = (one["annual_cost"] - before["annual_cost"]) / abs(here - there)
    if record["summary"]["measure"].startswith("shares."):
        return fmt.number(step / 100 / 1e4, 1)
    return fmt.number(step)


def _scenarios(record: Record) -> tuple[Columns, Rows]:
    columns = plain({"label": _("情景"), "status": _("求解"), "cost": _("年成本（万元）")})
    columns |= size_columns(record) | {"r2": name(R2)}
    rows = [
        {"label": one["label"], "status": status_words(one), "cost": wan(one.get("annual_cost"), 1)}
        | sizes_of(record, one)
        | {"r2": fmt.share((one.get("shares") or {}).get(R2), 2)}
        for one in record["cases"]
    ]
    return plain(columns), rows


def _monte_carlo(record: Record) -> tuple[Columns, Rows]:
    told = record["summary"]["designs"]
    quantiles: Mapping[str, float] = next(
        (one["annual_cost"]["quantiles"] for one in told.values() if one["annual_cost"]), {}
    )
    columns = plain({"design": _("年供电总成本（万元）"), "solved": _("有方案／次数")})
    columns |= plain({"mean": _("平均"), "sd": _("标准差")})
    columns |= {f"q{q}": f"P{float(q) * 100:g}" for q in quantiles}
    rows = []
    for design, one in told.items():
        cost = one["annual_cost"]
        row: dict[str, str] = {
            "design": str(_(DESIGNS[design])),
            "solved": f"{one['solved']}／{one['draws']}",
        }
        if cost is not None:
            row |= {"mean": wan(cost["mean"]), "sd": wan(cost["sd"])}
            row |= {f"q{q}": wan(value) for q, value in cost["quantiles"].items()}
        rows.append({key: row.get(key, fmt.DASH) for key in columns})
    return plain(columns), rows


def _robust(record: Record) -> tuple[Columns, Rows]:
    columns = plain({"label": _("规模"), "status": _("求解"), "cost": _("平均年成本（万元）")})
    columns |= plain({"worst": _("最贵一年（万元）")})
    if record["summary"]["level"]:
        columns |= plain({"cvar": _("CVaR（万元）")})
    columns |= size_columns(record)
    rows = [
        {
            "label": one["label"],
            "status": status_words(one),
            "cost": wan(one.get("annual_cost"), 1),
            "worst": wan(one.get("worst_cost"), 1),
            "cvar": wan(one.get("cvar"), 1),
        }
        | sizes_of(record, one)
        for one in record["cases"]
    ]
    return plain(columns), rows


def _near_optimal(record: Record) -> tuple[Columns, Rows]:
    columns = {"what": _("容量"), "least": _("最少"), "optimum": _("最优"), "most": _("最多")}
    units = capacities_of(record)
    rows = []
    for one in record["summary"]["ranges"]:
        label = one["capacity"]
        unit = units.get(label, "")
        ends = {
            side: fmt.number(one.get(side), 2)
            if one.get(side) is not None
            else value_label("status", one.get(f"{side}_status", ""))
            for side in ("least", "most")
        }
        rows.append(
            {"what": f"{capacity_title(label)}（{unit}）", "optimum": fmt.number(one["optimum"], 2)}
            | ends
        )
    return plain(columns), rows


def _break_even(record: Record) -> tuple[Columns, Rows]:
    summary = record["summary"]
    title, unit = measure_words(summary["measure"], record)
    times = _("（倍数）") if summary["factor"] else ""
    columns = {
        "at": f"{summary['title']}{times}",
        "value": f"{title}（{unit}）" if unit else title,
        "cost": _("年成本（万元）"),
    } | size_columns(record)
    group, _dot, label = summary["measure"].partition(".")
    columns.pop(f"size {label}", None)  # which stands in a column of its own
    rows = []
    for one in record["cases"][1:]:
        value = one.get(group)
        value = value.get(label) if isinstance(value, Mapping) else value
        row = {
            "at": shown_value(one["at"][summary["title"]]),
            "value": fmt.number(value, 3),
            "cost": wan(one.get("annual_cost"), 1),
        }
        rows.append(row | sizes_of(record, one))
    return plain(columns), rows


def plain(columns: Mapping[str, Any]) -> Columns:
    """Headings as texts of the language in use."""
    return {key: str(text) for key, text in columns.items()}


def size_columns(record: Record) -> Columns:
    """Headings of the capacities worth a column."""
    return {
        f"size {label}": f"{capacity_title(label)}（{unit}）"
        for label, unit in _shown(record).items()
    }


def _shown(record: Record) -> dict[str, str]:
    """Capacities worth a column: a connection that is the same everywhere is none."""
    units = capacities_of(record)
    connected = {
        (one.get("capacities") or {}).get("grid") for one in record["cases"] if solved(one)
    }
    return {label: unit for label, unit in units.items() if label != "grid" or len(connected) > 1}


def sizes_of(record: Record, case: Case) -> dict[str, str]:
    """Capacities of a case, by the keys of `size_columns`."""
    sizes = case.get("capacities") or {}
    return {f"size {label}": fmt.number(sizes.get(label), 2) for label in _shown(record)}


_TABLES = {
    "sensitivity": _sensitivity,
    "grid": _grid,
    "pareto": _pareto,
    "scenarios": _scenarios,
    "monte_carlo": _monte_carlo,
    "robust": _robust,
    "near_optimal": _near_optimal,
    "break_even": _break_even,
}
