"""Tables and the results page of the sizing benchmark."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from benchmarks.sizing_cases import SEEDS

REFERENCE = ("highs_simplex", "pulp_highs", "clarabel", "pypsa", "interior", "ours")
"""Whose objective the others are held against: the first that finished."""

NAMES = {
    "ours": "greenland `size(site)`",
    "interior": "greenland 引擎（只解数组）",
    "pulp_highs": "PuLP + HiGHS",
    "pulp_cbc": "PuLP + CBC",
    "highs_simplex": "HiGHS 单纯形（同一数组）",
    "highs_ipm": "HiGHS IPX（同一数组）",
    "highs_hipo": "HiGHS HiPO（同一数组）",
    "clarabel": "Clarabel（同一数组）",
    "pypsa": "PyPSA + HiGHS 默认",
    "oemof": "oemof-solph + HiGHS",
}
YEARS = ("hour_real", "hour_park", "hour", *(f"hour_seed_{seed}" for seed in SEEDS))
"""Cases that differ in their curves alone."""
CASE_NAMES = {
    "hour_real": "逐小时一年，实测曲线（钢厂、光伏电站、风电场），2 电源＋1 储能＋4 项比例限制",
    "hour_park": "逐小时一年，示例园区的曲线，2 电源＋1 储能＋4 项比例限制",
    "hour": "逐小时一年，2 电源＋1 储能＋4 项比例限制",
    **{
        f"hour_seed_{seed}": f"逐小时一年，随机曲线第 {seed} 组，2 电源＋1 储能＋4 项比例限制"
        for seed in SEEDS
    },
    "hour_1_source": "逐小时一年，1 电源",
    "hour_3_sources": "逐小时一年，3 电源",
    "hour_2_storages": "逐小时一年，2 储能",
    "hour_demand": "逐小时一年，按月需量电费（两种）",
    "hour_off_grid": "逐小时一年，离网",
    "hour_tight": "逐小时一年，限制很紧",
    "hour_slack": "逐小时一年，限制不起作用",
    "hour_flat_prices": "逐小时一年，电价不分时（多个最优解）",
    "quarter_hour": "15 分钟一年",
    "years_3": "逐小时 3 个气象年",
    "years_3_each": "逐小时 3 个气象年，逐年满足限制",
    "years_10": "逐小时 10 个气象年",
    "years_30": "逐小时 30 个气象年",
    "week": "一周",
}


def reference(found: dict[str, dict[str, Any]]) -> tuple[str, float] | None:
    """Name and objective of the contender the others are held against."""
    for name in REFERENCE:
        if found.get(name, {}).get("status") == "optimal":
            return name, found[name]["objective"]
    return None


def rows(found: dict[str, dict[str, Any]]) -> list[list[str]]:
    """One row a contender: median, range, runs, ratio to ours, memory, difference of objectives."""
    base = found.get("ours", {}).get("seconds")
    held = reference(found)
    lines = []
    for name, one in found.items():
        if one.get("seconds") is None:
            lines.append([name, one["status"][:60], "", "", _ratio(one, base), "", ""])
            continue
        ratio = _ratio(one, base)
        apart = ""
        if held and one["status"] == "optimal":
            apart = f"{abs(one['objective'] - held[1]) / max(abs(held[1]), 1e-12):.1e}"
        lines.append(
            [
                name,
                f"{one['seconds']:.2f}",
                f"{one['fastest']:.2f}–{one['slowest']:.2f}",
                str(one["runs"]),
                ratio,
                f"{one['memory_mb']:.0f}",
                apart or one["status"],
            ]
        )
    return lines


def _ratio(one: dict[str, Any], base: float | None) -> str:
    """How many times as long as ours; at least that where it was not awaited."""
    if not base:
        return ""
    if one.get("seconds") is not None:
        return f"{one['seconds'] / base:.1f}"
    return f"> {one['over'] / base:.0f}" if "over" in one else ""


def _overview(cases: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    """Ratios of all contenders on all cases, and how our time grows with the number of steps."""
    names = [name for name in NAMES if name != "ours" and any(name in f for f in cases.values())]
    lines = ["## 一览：各求解方式用时为 `size(site)` 的几倍", ""]
    lines += ["| 算例 | `size(site)` s | " + " | ".join(NAMES[n] for n in names) + " |"]
    lines += ["|---|---:|" + "---:|" * len(names)]
    for case, found in cases.items():
        base = found.get("ours", {}).get("seconds")
        if base:
            cells = [_ratio(found[n], base) or "—" if n in found else "" for n in names]
            lines.append(f"| `{case}` | {base:.2f} | " + " | ".join(cells) + " |")
    lines += ["", "空格：没有跑，或该方式表达不了这一算例（—）。“>”：超时中止。", ""]
    lines += _spread({case: cases[case] for case in YEARS if case in cases}, names)
    hour = cases.get("hour", {}).get("ours", {}).get("seconds")
    spans = (("quarter_hour", 4), ("years_3", 3), ("years_10", 10), ("years_30", 30))
    own = {case: cases.get(case, {}).get("ours", {}).get("seconds") for case, _steps in spans}
    growth = [
        f"`{case}` 是 `hour` 步数的 {steps} 倍，用时的 {own[case] / hour:.1f} 倍"
        for case, steps in spans
        if hour and own[case]
    ]
    if growth:
        lines += ["用时随步数的增长：" + "；".join(growth) + "。", ""]
    return lines


def _spread(years: dict[str, dict[str, dict[str, Any]]], names: list[str]) -> list[str]:
    """Ratios over the years that differ in their curves alone."""
    if len(years) < 3:
        return []
    parts = []
    for name in names:
        ratios = [
            found[name]["seconds"] / found["ours"]["seconds"]
            for found in years.values()
            if found.get(name, {}).get("seconds") and found.get("ours", {}).get("seconds")
        ]
        if len(ratios) == len(years):
            low, high, middle = min(ratios), max(ratios), statistics.median(ratios)
            parts.append(f"{NAMES[name]} {middle:.1f}（{low:.1f}–{high:.1f}）")
    return [
        f"只是曲线不同的 {len(years)} 个“逐小时一年，2 电源＋1 储能＋4 项比例限制”，"
        f"各求解方式用时之比的中位数（最小–最大）：{'；'.join(parts)}。",
        "",
    ]


def table(case: str, found: dict[str, dict[str, Any]]) -> str:
    """Plain table for the terminal."""
    head = ["contender", "median s", "range s", "runs", "ratio", "MB", "objective"]
    lines = [head, *rows(found)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    body = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join([f"== {case}", *body])


def _case_section(case: str, found: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"### {CASE_NAMES.get(case, case)}（`{case}`）", ""]
    lines += ["| 求解方式 | 中位数 s | 范围 s | 次数 | 与本包之比 | 内存峰值 MB | 目标值相对差 |"]
    lines += ["|---|---:|---:|---:|---:|---:|---:|"]
    for name, *cells in rows(found):
        lines.append("| " + " | ".join([NAMES.get(name, name), *cells]) + " |")
    held = reference(found)
    if held:
        lines += ["", f"目标值以“{NAMES[held[0]]}”为准：{held[1]:,.3f} 千元/年。"]
    engine = found.get("ours", {})
    if engine.get("quality"):
        parts = "，".join(f"{k} {v:.1e}" for k, v in engine["quality"].items())
        lines += ["", f"本包：{engine['engine']}，{engine['iterations']} 次迭代；{parts}。"]
    return [*lines, ""]


def write_page(parts: list[dict[str, Any]], path: Path) -> None:
    """Write the results page from one or several benchmark files."""
    machine = parts[0]["machine"]
    packages = "，".join(f"{name} {number}" for name, number in machine["packages"].items())
    lines = [
        "# 定容求解的比较结果",
        "",
        "本页由 `python -m benchmarks.sizing … --page docs/benchmarks.md` 写出，不手改。"
        "单价和限制都是虚构的（`benchmarks/sizing_cases.py`）；曲线：`hour_park` 用示例园区的负荷和"
        "由气象算出的风光曲线，`hour_real` 用实测的钢厂负荷（UCI Steel Industry Energy "
        "Consumption，放大到最高 75 MW）、国内光伏电站（Sci Data 2022，10.1038/s41597-022-01696-6）"
        "和风电场（Zenodo 5841834）出力，其余是同样习性的随机曲线。",
        "",
        f"机器：{machine['processor']}，{machine['cores']} 核，{machine['memory_gb']} GB，"
        f"{machine['system']}，Python {machine['python']}；{packages}。{machine['date']}，"
        f"运行期间平均负载 {machine.get('load_average', '—')}。",
        "",
        "做法：每个求解方式在自己的进程里轮流运行，短的多跑几次，计时从算例建好、模块导入之后开始，到拿到解为止；"
        "“greenland”与 PuLP 两行是整个 `size(site)`，含建模、核验和独立重演，其余只含建模与求解。"
        "内存为进程峰值，含导入的模块。离网、需量电费等算例只列出能表达它们的求解方式。",
        "",
    ]
    cases: dict[str, dict[str, dict[str, Any]]] = {}
    for part in parts:
        for case, found in part["cases"].items():
            cases[case] = {**found, **cases.get(case, {})}
    lines += [*_overview(cases), "## 各算例", ""]
    for case, found in cases.items():
        lines += _case_section(case, found)
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
