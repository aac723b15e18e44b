"""What the page, the workbook and the terminal share: names, units and sentences of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenland.i18n import N_, _
from greenland.report import formatters as fmt
from greenland.report.labels import name, value_label
from greenland.summary import in_wan

Record = Mapping[str, Any]
Case = Mapping[str, Any]

KINDS = {
    "sensitivity": N_("单项敏感性"),
    "grid": N_("双因素网格"),
    "pareto": N_("帕累托前沿"),
    "scenarios": N_("情景比较"),
    "monte_carlo": N_("蒙特卡洛"),
    "robust": N_("稳健定容"),
    "near_optimal": N_("近似最优方案"),
    "break_even": N_("盈亏平衡"),
}
DESIGNS = {"resized": N_("每次重新定容"), "fixed": N_("规模固定，只调度")}
SOLVED = ("optimal", "feasible")


def solved(case: Case) -> bool:
    """Whether a case has a plan."""
    return case["status"] in SOLVED


def wan(value: float | None, digits: int = 0) -> str:
    """An amount of yuan in 万元."""
    return fmt.number(in_wan(value), digits)


def status_words(case: Case) -> str:
    """Status of a case, with what its optimality is open by."""
    if case["status"] == "failed":
        return str(_("出错"))
    words = value_label("status", case["status"])
    gap = case.get("gap")
    if case["status"] == "feasible" and gap is not None:
        return str(_("{status}（间隙 {gap}）", status=words, gap=fmt.share(gap, 2)))
    return words


def capacities_of(record: Record) -> dict[str, str]:
    """Labels of the capacities of a study's plans, with their units."""
    found: dict[str, str] = {}
    for case in record["cases"]:
        for label, unit in (case.get("units") or {}).items():
            found.setdefault(label, unit)
    return found


def capacity_title(label: str) -> str:
    """What a capacity is called: the connection in words, others as the case names them."""
    return str(_("接入容量")) if label == "grid" else label


def measure_words(measure: str, record: Record) -> tuple[str, str]:
    """Name and unit of a measure of a row."""
    group, _dot, label = measure.partition(".")
    if group == "capacities":
        return capacity_title(label), capacities_of(record).get(label, "")
    if group in ("shares", "energy", "finance"):
        return name(label), "" if group != "energy" else "MWh"
    if group == "costs":
        return value_label("item", label), str(_("元/年"))
    words = {
        "annual_cost": (_("年供电总成本"), _("元/年")),
        "capex": (_("初投资"), _("元")),
        "co2_t": (_("外购电碳排放"), "tCO₂"),
    }
    title, unit = words.get(measure, (measure, ""))
    return str(title), str(unit)


def limit_title(label: str) -> str:
    """What a limit is called, with the part it belongs to."""
    kind, _colon, owner = label.partition(":")
    words = value_label("limit", kind)
    return str(_("{owner}的{name}", owner=owner, name=words)) if owner else words


def shown_value(value: Any) -> str:
    """A varied value in few figures."""
    number = fmt.as_number(value)
    return str(value) if number is None else f"{number:.6g}"


# -- the finding in a sentence -------------------------------------------------------------------


def study_lead(record: Record) -> str:
    """What a study found, in a sentence or two."""
    said = str(_LEADS[record["kind"]](record))
    failed = sum(case["status"] == "failed" for case in record["cases"])
    without = sum(not solved(case) for case in record["cases"]) - failed
    if without:
        said += str(_("{count} 个算例没有可行方案。", count=without))
    if failed:
        said += str(_("{count} 个算例出错，原因见算例表。", count=failed))
    return said


def _sensitivity(record: Record) -> str:
    rows = record["summary"]["tornado"]
    base = record["summary"]["base_cost"]
    if not rows:
        return str(_("没有变动的项。"))
    top = rows[0]
    ends = [top[f"{side}_cost"] for side in ("low", "high")]
    listed = "、".join(wan(one) for one in ends)
    return str(
        _(
            "年供电总成本 {base} 万元；影响最大的是“{what}”：低、高两端分别为 {ends} 万元。",
            base=wan(base),
            what=top["variable"],
            ends=listed,
        )
    )


def _extremes(cases: Sequence[Case]) -> tuple[Case, Case] | None:
    known = [one for one in cases if solved(one)]
    if not known:
        return None
    return (
        min(known, key=lambda one: one["annual_cost"]),
        max(known, key=lambda one: one["annual_cost"]),
    )


def _grid(record: Record) -> str:
    found = _extremes(record["cases"][1:])
    if found is None:
        return str(_("没有一个点有可行方案。"))
    low, high = found
    return str(
        _(
            "年供电总成本最低 {low} 万元（{where}），最高 {high} 万元（{other}）。",
            low=wan(low["annual_cost"]),
            where=low["label"],
            high=wan(high["annual_cost"]),
            other=high["label"],
        )
    )


def _scenarios(record: Record) -> str:
    found = _extremes(record["cases"])
    if found is None:
        return str(_("没有一个情景有可行方案。"))
    return str(
        _(
            "年费用最低的是“{case}”，{cost} 万元/年。",
            case=found[0]["label"],
            cost=wan(found[0]["annual_cost"]),
        )
    )


def reached(record: Record, case: Case) -> float | None:
    """What a point of a front reaches on its other axis."""
    group, _dot, label = record["summary"]["measure"].partition(".")
    value = case.get(group)
    return fmt.as_number(value.get(label) if isinstance(value, dict) else value)


def reached_words(record: Record, case: Case) -> str:
    """The same as people write it."""
    value = reached(record, case)
    measure = record["summary"]["measure"]
    if measure.startswith("shares."):
        return fmt.share(value, 2)
    if measure == "capex":
        return str(_("{value} 万元", value=wan(value)))
    return f"{fmt.number(value, 0)} tCO₂"


def _pareto(record: Record) -> str:
    points = [one for one in record["cases"][1:] if solved(one)]
    if len(points) < 2:
        return str(_("前沿上的点太少。"))
    first, last = points[0], points[-1]
    said = str(
        _(
            "{what}由 {start} 到 {end}，年供电总成本由 {low} 万元升到 {high} 万元。",
            what=measure_words(record["summary"]["measure"], record)[0],
            start=reached_words(record, first),
            end=reached_words(record, last),
            low=wan(first["annual_cost"]),
            high=wan(last["annual_cost"]),
        )
    )
    knee = next((one for one in points if one["name"] == record["summary"]["knee"]), None)
    if knee is not None:
        said += str(
            _(
                "拐点在 {where}，{cost} 万元；再往后代价明显上升。",
                where=reached_words(record, knee),
                cost=wan(knee["annual_cost"]),
            )
        )
    return said


def _monte_carlo(record: Record) -> str:
    said = ""
    for design, told in record["summary"]["designs"].items():
        cost = told["annual_cost"]
        if cost is None:
            said += str(_("{design}：没有可行方案。", design=_(DESIGNS[design])))
            continue
        said += str(
            _(
                "{design}：年供电总成本中位数 {middle} 万元，九成在 {low}—{high} 万元之间",
                design=_(DESIGNS[design]),
                middle=wan(cost["quantiles"]["0.5"]),
                low=wan(cost["quantiles"]["0.05"]),
                high=wan(cost["quantiles"]["0.95"]),
            )
        )
        if design == "fixed":
            kept = told["all_limits"]["probability"]
            said += str(_("，全部限制都满足的概率 {share}", share=fmt.share(kept)))
        said += str(_("。"))
    return said


def _robust(record: Record) -> str:
    cases = {one["name"]: one for one in record["cases"]}
    mean = cases["mean"]
    if not solved(mean):
        return str(_("没有一种规模能在各年都满足全部限制。"))
    said = str(
        _(
            "各年都满足限制的规模，平均年供电总成本 {cost} 万元，最贵的一年 {worst} 万元。",
            cost=wan(mean.get("mean_cost")),
            worst=wan(mean.get("worst_cost")),
        )
    )
    risk = cases.get("cvar")
    if risk is not None and solved(risk):
        said += str(
            _(
                "计入 CVaR 后平均 {cost} 万元，CVaR 由 {before} 降到 {after} 万元。",
                cost=wan(risk.get("mean_cost")),
                before=wan(_cvar_of_mean(record)),
                after=wan(risk.get("cvar")),
            )
        )
    return said


def _cvar_of_mean(record: Record) -> float | None:
    return next((one.get("cvar") for one in record["cases"] if one["name"] == "mean"), None)


def _near_optimal(record: Record) -> str:
    summary = record["summary"]
    parts = [
        _(
            "{name} {least}—{most} {unit}",
            name=capacity_title(one["capacity"]),
            least=fmt.number(one.get("least"), 1),
            most=fmt.number(one.get("most"), 1),
            unit=capacities_of(record).get(one["capacity"], ""),
        )
        for one in summary["ranges"]
    ]
    return str(
        _(
            "年费用至多增加 {slack} 时，各容量可在这些范围内：{ranges}。",
            slack=fmt.share(summary["slack"]),
            ranges=_("；").join(str(one) for one in parts),
        )
    )


def _break_even(record: Record) -> str:
    summary = record["summary"]
    title, unit = measure_words(summary["measure"], record)
    threshold = f"{summary['above']:g} {unit}".strip()
    if summary["value"] is None:
        first, last = (fmt.number(one) for one in summary["at_ends"])
        return str(
            _(
                "在给定范围内没有分界：两端的{what}为 {first} 和 {last} {unit}，"
                "都在 {threshold} 的同一侧，或没有可行方案。",
                what=title,
                first=first,
                last=last,
                unit=unit,
                threshold=threshold,
            )
        )
    side = _("高于") if summary["rises"] else _("低于")
    times = _(" 倍") if summary["factor"] else ""
    return str(
        _(
            "“{name}”{side} {value}{times}时，{what}才超过 {threshold}"
            "（分界在 {low}—{high} 之间）。",
            name=summary["title"],
            side=side,
            value=f"{summary['value']:.4g}",
            times=times,
            what=title,
            threshold=threshold,
            low=f"{summary['interval'][0]:.5g}",
            high=f"{summary['interval'][1]:.5g}",
        )
    )


_LEADS = {
    "sensitivity": _sensitivity,
    "grid": _grid,
    "pareto": _pareto,
    "scenarios": _scenarios,
    "monte_carlo": _monte_carlo,
    "robust": _robust,
    "near_optimal": _near_optimal,
    "break_even": _break_even,
}
