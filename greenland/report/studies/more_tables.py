"""Further tables of studies: limits and sizes over draws, every year of robust sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.labels import name
from greenland.report.studies.tables import R2, Columns, Rows, plain
from greenland.report.studies.words import (
    Record,
    capacities_of,
    capacity_title,
    limit_title,
    shown_value,
    solved,
    status_words,
    wan,
)

More = Iterable[tuple[str, str, Columns, Rows]]


def _nothing(_record: Record) -> More:
    return ()


def _of_draws(record: Record) -> More:
    """Limits of the design that is held, sizes of those sized anew, regret."""
    told = record["summary"]["designs"]
    if "fixed" in told:
        rows = [
            {
                "limit": limit_title(label),
                "chance": fmt.share(one["probability"]),
                "interval": f"{fmt.share(one['low'])}—{fmt.share(one['high'])}",
                "required": shown_value(one["required"]),
                **_ends_of(one["value"], 4),
            }
            for label, one in told["fixed"]["limits"].items()
        ]
        columns = {
            "limit": _("限制"),
            "chance": _("满足的概率"),
            "interval": _("95 % 置信区间"),
            "required": _("要求"),
        } | _ends_columns()
        title = _("规模固定时各项限制满足的概率")
        yield "limits", str(title), plain(columns), rows
    if "resized" in told:
        units = capacities_of(record)
        rows = [
            {"what": f"{capacity_title(label)}（{units.get(label, '')}）", **_ends_of(one, 2)}
            for label, one in told["resized"]["capacities"].items()
        ]
        columns = {"what": _("容量"), **_ends_columns()}
        yield "sizes", str(_("每次重新定容得到的容量")), plain(columns), rows
    regret = record["summary"].get("regret")
    if regret:
        row = {"what": str(_("规模固定比重新定容多花（万元/年）"))}
        row |= _ends_of(regret, 1, 1e4)
        columns = {"what": _("同一次抽样相比"), **_ends_columns()}
        yield "regret", str(_("规模固定的代价")), plain(columns), [row]


def _ends_columns() -> dict[str, Any]:
    return {"mean": _("平均"), "q05": "P5", "q50": "P50", "q95": "P95"}


def _ends_of(one: Mapping[str, Any] | None, digits: int, divisor: float = 1.0) -> dict[str, str]:
    if one is None:
        return dict.fromkeys(("mean", "q05", "q50", "q95"), fmt.DASH)
    quantiles = one["quantiles"]
    values = {
        "mean": one["mean"],
        "q05": quantiles["0.05"],
        "q50": quantiles["0.5"],
        "q95": quantiles["0.95"],
    }
    return {key: fmt.number(value / divisor, digits) for key, value in values.items()}


def _of_years(record: Record) -> More:
    """Every year with the sizes that hold in all of them."""
    for case in record["cases"]:
        if not case.get("years"):
            continue
        rows = [
            {
                "what": year,
                "status": status_words(row),
                "cost": wan(row.get("annual_cost"), 1),
                "r2": fmt.share((row.get("shares") or {}).get(R2), 2),
                "kept": _kept(row),
            }
            for year, row in case["years"].items()
        ]
        columns = {
            "what": _("年份"),
            "status": _("调度"),
            "cost": _("年成本（万元）"),
            "r2": name(R2),
            "kept": _("限制"),
        }
        yield f"years-{case['name']}", case["label"], plain(columns), rows


def _kept(row: Mapping[str, Any]) -> str:
    limits = row.get("limits") or {}
    broken = [limit_title(label) for label, one in limits.items() if not one["kept"]]
    if not solved(row):
        return fmt.DASH
    return fmt.listed(broken) if broken else str(_("全部满足"))


def more_tables(record: Record) -> More:
    """Tables beside the first one: key, title, headings and rows."""
    return _MORE.get(record["kind"], _nothing)(record)


_MORE = {"monte_carlo": _of_draws, "robust": _of_years}
