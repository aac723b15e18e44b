"""The page of a study: what it found, its chart and tables, and every case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Prose, Section
from greenland.report.comparison import ComparisonPage, comparison_page
from greenland.report.labels import name, value_label
from greenland.report.studies import charts
from greenland.report.studies.words import (
    DESIGNS,
    KINDS,
    Case,
    Record,
    capacities_of,
    capacity_title,
    limit_title,
    measure_words,
    reached,
    reached_words,
    shown_value,
    solved,
    status_words,
    study_lead,
    wan,
)
from greenland.report.tables import Table, TableColumn

R2 = "self_use_of_consumption"
Columns = dict[str, str]
Rows = list[dict[str, Any]]


def study_page(record: Record) -> ComparisonPage:
    """The page of a study record."""
    kind = record["kind"]
    heading = _(KINDS[kind])
    sections = [Section("study-findings", heading, "", tuple(_blocks(record)))]
    if kind == "scenarios":
        sections += comparison_page(_compared(record)).chapters
    sections.append(Section("study-cases", _("全部算例"), "", (_notes(), _cases_table(record))))
    sections.append(Section("study-method", _("怎样得到"), "", tuple(_method(record))))
    return ComparisonPage(
        str(_("{name}：{kind}", name=record["name"], kind=heading)),
        str(_("案例 {case}，{count} 个算例", case=record["case"], count=len(record["cases"]))),
        study_lead(record),
        tuple(one for one in sections if one.blocks),
    )


def main_table(record: Record) -> tuple[Columns, Rows]:
    """The first table of a study: headings by key, and rows of texts."""
    return _TABLES[record["kind"]](record)


def _blocks(record: Record) -> Iterable[Block]:
    """Charts and tables of the kind."""
    for make in _CHARTS[record["kind"]]:
        chart = make(record)
        if chart is not None:
            yield chart
    if record["kind"] != "scenarios":
        columns, rows = main_table(record)
        if rows:
            yield _table("main", _(KINDS[record["kind"]]), columns, rows)
    for key, title, columns, rows in _MORE.get(record["kind"], _nothing)(record):
        if rows:
            yield _table(key, title, columns, rows)


def _table(key: str, title: str, columns: Mapping[str, str], rows: Rows, fold: int = 0) -> Table:
    words = ("variable", "label", "what", "status", "limit", "reason", "name", "design", "at")
    made = tuple(
        TableColumn(column, heading, kind="text" if column in words else "number")
        for column, heading in columns.items()
    )
    return Table(f"table-study-{key}", str(title), made, tuple(rows), fold=fold)


# -- the first table of each kind ----------------------------------------------------------------


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
    return _plain(columns), rows


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
    columns = _plain(columns) | _size_columns(record)
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
        rows.append(row | _sizes(record, one))
        before = one
    return _plain(columns), rows


def _margin_title(record: Record) -> str:
    measure = record["summary"]["measure"]
    if measure.startswith("shares."):
        return str(_("每个百分点（万元/年）"))
    if measure == "capex":
        return str(_("每少投资 1 元（元/年）"))
    return str(_("每减 1 tCO2（元）"))


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
    columns = _plain({"label": _("情景"), "status": _("求解"), "cost": _("年成本（万元）")})
    columns |= _size_columns(record) | {"r2": name(R2)}
    rows = [
        {"label": one["label"], "status": status_words(one), "cost": wan(one.get("annual_cost"), 1)}
        | _sizes(record, one)
        | {"r2": fmt.share((one.get("shares") or {}).get(R2), 2)}
        for one in record["cases"]
    ]
    return _plain(columns), rows


def _monte_carlo(record: Record) -> tuple[Columns, Rows]:
    told = record["summary"]["designs"]
    quantiles: Mapping[str, float] = next(
        (one["annual_cost"]["quantiles"] for one in told.values() if one["annual_cost"]), {}
    )
    columns = _plain({"design": _("年供电总成本（万元）"), "solved": _("有方案／次数")})
    columns |= _plain({"mean": _("平均"), "sd": _("标准差")})
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
    return _plain(columns), rows


def _robust(record: Record) -> tuple[Columns, Rows]:
    columns = _plain({"label": _("规模"), "status": _("求解"), "cost": _("平均年成本（万元）")})
    columns |= _plain({"worst": _("最贵一年（万元）")})
    if record["summary"]["level"]:
        columns |= _plain({"cvar": _("CVaR（万元）")})
    columns |= _size_columns(record)
    rows = [
        {
            "label": one["label"],
            "status": status_words(one),
            "cost": wan(one.get("annual_cost"), 1),
            "worst": wan(one.get("worst_cost"), 1),
            "cvar": wan(one.get("cvar"), 1),
        }
        | _sizes(record, one)
        for one in record["cases"]
    ]
    return _plain(columns), rows


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
    return _plain(columns), rows


def _break_even(record: Record) -> tuple[Columns, Rows]:
    summary = record["summary"]
    title, unit = measure_words(summary["measure"], record)
    times = _("（倍数）") if summary["factor"] else ""
    columns = {
        "at": f"{summary['title']}{times}",
        "value": f"{title}（{unit}）" if unit else title,
        "cost": _("年成本（万元）"),
    } | _size_columns(record)
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
        rows.append(row | _sizes(record, one))
    return _plain(columns), rows


def _plain(columns: Mapping[str, Any]) -> Columns:
    return {key: str(text) for key, text in columns.items()}


def _size_columns(record: Record) -> Columns:
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


def _sizes(record: Record, case: Case) -> dict[str, str]:
    sizes = case.get("capacities") or {}
    return {f"size {label}": fmt.number(sizes.get(label), 2) for label in _shown(record)}


# -- more tables ---------------------------------------------------------------------------------

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
        yield "limits", str(title), _plain(columns), rows
    if "resized" in told:
        units = capacities_of(record)
        rows = [
            {"what": f"{capacity_title(label)}（{units.get(label, '')}）", **_ends_of(one, 2)}
            for label, one in told["resized"]["capacities"].items()
        ]
        columns = {"what": _("容量"), **_ends_columns()}
        yield "sizes", str(_("每次重新定容得到的容量")), _plain(columns), rows
    regret = record["summary"].get("regret")
    if regret:
        row = {"what": str(_("规模固定比重新定容多花（万元/年）"))}
        row |= _ends_of(regret, 1, 1e4)
        columns = {"what": _("同一次抽样相比"), **_ends_columns()}
        yield "regret", str(_("规模固定的代价")), _plain(columns), [row]


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
        yield f"years-{case['name']}", case["label"], _plain(columns), rows


def _kept(row: Mapping[str, Any]) -> str:
    limits = row.get("limits") or {}
    broken = [limit_title(label) for label, one in limits.items() if not one["kept"]]
    if not solved(row):
        return fmt.DASH
    return fmt.listed(broken) if broken else str(_("全部满足"))


# -- every case, and how ---------------------------------------------------------------------------


def _notes() -> Prose:
    text = _(
        "任何一个算例都可以打开：greenland energy study 研究文件 --open 算例，得到它的完整报告。"
    )
    return Prose((str(text),), "note")


def _cases_table(record: Record) -> Table:
    columns = {
        "name": _("算例"),
        "label": _("说明"),
        "status": _("求解"),
        "cost": _("年成本（万元）"),
        "capex": _("初投资（万元）"),
        "r2": name(R2),
    } | _size_columns(record)
    wrong = any(one.get("reason") for one in record["cases"])
    if wrong:
        columns["reason"] = _("原因")
    rows = []
    for one in record["cases"]:
        row = {
            "name": one["name"],
            "label": one["label"],
            "status": status_words(one),
            "cost": wan(one.get("annual_cost"), 1),
            "capex": wan(one.get("capex")),
            "r2": fmt.share((one.get("shares") or {}).get(R2), 2),
        } | _sizes(record, one)
        rows.append(row | ({"reason": one.get("reason") or ""} if wrong else {}))
    return _table("cases", str(_("算例")), _plain(columns), rows, fold=25)


def _method(record: Record) -> Iterable[Block]:
    summary, kind = record["summary"], record["kind"]
    facts = [(str(_("案例文件")), record["case"]), (str(_("算例数")), str(len(record["cases"])))]
    if kind == "monte_carlo":
        facts.append((str(_("抽样次数")), str(summary["draws"])))
        facts.append((str(_("随机种子")), str(summary["seed"])))
        if summary["capacities"]:
            sizes = _("、").join(
                f"{capacity_title(label)} {size:,.2f}"
                for label, size in summary["capacities"].items()
            )
            facts.append((str(_("固定的规模")), str(sizes)))
    if kind == "pareto" and summary["spacing"] is not None:
        words = _("最大间距为平均间距的 {times} 倍", times=f"{summary['spacing']:.2f}")
        facts.append((str(_("沿前沿的间距")), str(words)))
    yield Facts(tuple(facts))
    yield Prose(tuple(str(text) for text in _explained(kind, summary)))


def _explained(kind: str, summary: Mapping[str, Any]) -> Sequence[str]:
    resized = _("每个算例都重新定容（全年），用连续最优解，不按单台容量取整。")
    return {
        "sensitivity": [resized, _("每次只变一项，其余不变。")],
        "grid": [resized],
        "pareto": [
            resized,
            _(
                "各点是满足相应限制的最便宜的方案；限制值按前沿的长度分布，使各点沿前沿大致等距（两轴各按全程缩放）。"
                "拐点是离两端连线最远的点。"
            ),
        ],
        "scenarios": [_("每个情景都完整测算：定容、取整、电费、财务、合规核对。")],
        "monte_carlo": [
            _("“重新定容”指每次抽样都重新定容；“规模固定”指规模不变，只按最省重新调度。"),
            _(
                "规模固定而限制无法全部满足时，按最少的放宽求调度，放宽了的限制记为不满足；"
                "置信区间为 Wilson 区间，只反映抽样次数有限。"
            ),
            _("每个变量的随机数由种子和名称决定，两种规模、不同研究用同样的抽样，差别不是偶然的。"),
        ],
        "robust": [
            _(
                "各年的逐时问题合成一个线性规划，共用容量，各年的限制分别满足，储能各年首尾相接；"
                "直接求得最优，没有分解或抽样。各年再以所得规模单独调度。"
            ),
            _("“只按某年定容”的规模只保证那一年。"),
        ],
        "near_optimal": [
            _(
                "在年费用不超过上限的方案里，用线性规划求每个容量的最小值和最大值；"
                "范围对任何方案都成立，各算例是以该规模调度的结果。"
            )
        ],
        "break_even": [
            resized,
            _("每轮在剩下的区间里取三个值同时计算，保留指标越过阈值的那一段。"),
        ],
    }[kind]


def _compared(record: Record) -> dict[str, Any]:
    """Scenarios as the record of a comparison."""
    cases = record["cases"]
    units = capacities_of(record)
    rows: list[dict[str, Any]] = []

    def add(group: str, item: str, unit: str, values: Iterable[Any]) -> None:
        rows.append({"group": group, "item": item, "unit": unit, "values": list(values)})

    for label, unit in units.items():
        add("sizes", label, unit, ((one.get("capacities") or {}).get(label) for one in cases))
    for group, part, unit in (("shares", "shares", "share"), ("costs", "costs", "yuan/yr")):
        for label in dict.fromkeys(key for one in cases for key in (one.get(part) or {})):
            add(group, label, unit, ((one.get(part) or {}).get(label) for one in cases))
    for label, unit in (("annual_cost", "yuan/yr"), ("capex", "yuan")):
        add("money", label, unit, (one.get(label) for one in cases))
    for label, unit in _FINANCE.items():
        values = [(one.get("finance") or {}).get(label) for one in cases]
        if any(value is not None for value in values):
            add("money", label, unit, values)
    for label in dict.fromkeys(
        key for one in cases for key in (one.get("compliance") or {}).get("failed", ())
    ):
        broken = [label in (one.get("compliance") or {}).get("failed", ()) for one in cases]
        words = [str(_("不满足")) if bad else fmt.DASH for bad in broken]
        add("compliance", label, "-", words)
    return {"cases": [one["label"] for one in cases], "rows": rows}


_FINANCE = {
    "npv": "yuan",
    "irr": "share",
    "irr_before_tax": "share",
    "equity_irr": "share",
    "payback_years": "年",
    "lcoe": "yuan/kWh",
    "green_price": "yuan/kWh",
}
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
_MORE = {"monte_carlo": _of_draws, "robust": _of_years}
_CHARTS: dict[str, tuple[Any, ...]] = {
    "sensitivity": (charts.tornado,),
    "grid": (
        lambda record: charts.heat(record, "annual_cost"),
        lambda record: charts.heat(record, f"shares.{R2}"),
    ),
    "pareto": (charts.front, charts.front_sizes),
    "scenarios": (),
    "monte_carlo": (charts.cost_distribution, charts.limit_chances, charts.drivers),
    "robust": (charts.cost_by_year,),
    "near_optimal": (charts.ranges,),
    "break_even": (charts.crossing,),
}
