"""Chapters on energy: the plan, its compliance, the bill, the money, the carbon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.report import charts_energy as charts
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figure, Figures, Prose, Section, Verdict, Verdicts
from greenland.report.hours import Hours
from greenland.report.labels import name, value_label
from greenland.report.sections_land import PAGE_AND_MORE, figure, some, verdict
from greenland.report.tables import make_table, worst_state

Part = Mapping[str, Any]


def sections(energy: Part, hours: Hours | None) -> list[Section]:
    """The chapters that have something to say."""
    made = (
        plan(energy, hours),
        compliance(energy),
        dispatch(hours),
        money(energy),
        shadow_prices(energy),
        carbon(energy),
        study(energy),
    )
    return [section for section in made if section is not None and section.blocks]


def plan(energy: Part, hours: Hours | None) -> Section:
    """Sizes, yearly cost, how well the optimum was checked."""
    found = energy.get("plan") or {}
    solved = found.get("capacities") and str(found.get("status")) in ("optimal", "feasible")
    lead = _plan_lead(energy, found) if solved else _unsolved_lead(found)
    blocks: list[Block | None] = []
    if energy.get("preview"):
        blocks.append(
            Prose((_("以下为预估结果：部分输入为默认值，正式结论须补齐后重算。"),), "warning")
        )
    if not solved:
        blocks += _infeasibility(found)
    else:
        blocks += _plan_blocks(energy, found, hours)
    return Section("energy-plan", _("绿电直连：规模方案"), lead, some(blocks))


def _plan_lead(energy: Part, found: Part) -> str:
    cost = chosen(found).get("annual_cost")
    lead = _("年供电总成本 {cost}", cost=fmt.yuan(cost, per_year=True))
    saving = yearly_saving(energy)
    if saving is None:
        return lead + _("。")
    if saving >= 0:
        return lead + _("，较全部网购每年节约 {saving}。", saving=fmt.yuan(saving))
    return lead + _("，较全部网购每年多支出 {extra}。", extra=fmt.yuan(-saving))


def chosen(found: Part) -> Part:
    """The plan in whole units where there are unit sizes, else the optimum itself."""
    rounding = found.get("rounding") or {}
    return {**found, **rounding} if rounding.get("annual_cost") is not None else found


def yearly_saving(energy: Part) -> float | None:
    """What the chosen plan, its investment included, saves against the grid-only bill [yuan/yr]."""
    grid = (energy.get("bill") or {}).get("grid_only") or {}
    before = fmt.as_number(grid.get("yuan_per_year"))
    if before is None and fmt.as_number(grid.get("total_yuan")) is not None:
        before = float(grid["total_yuan"]) / (fmt.as_number(grid.get("years")) or 1.0)
    after = fmt.as_number(chosen(energy.get("plan") or {}).get("annual_cost"))
    return None if before is None or after is None else before - after


def _unsolved_lead(found: Part) -> str:
    return _(
        "求解状态：{status}，没有可用的规模方案。",
        status=value_label("status", str(found.get("status") or "not_solved")),
    )


def _infeasibility(found: Part) -> list[Block | None]:
    trouble = found.get("infeasibility") or {}
    clashes = [
        str(item.get("text", item) if isinstance(item, Mapping) else item)
        for item in trouble.get("clashes") or []
    ]
    return [
        Prose((_("互相冲突的约束：{list}。", list=fmt.listed(clashes)),), "warning")
        if clashes
        else None,
        Prose((str(trouble["text"]),)) if trouble.get("text") else None,
        make_table(
            "table-energy-relaxations",
            _("需要放宽的约束"),
            [
                {**row, "limit": _limit_name(str(row.get("limit")))}
                for row in trouble.get("relaxations") or []
            ],
            "limit required reachable unit text",
            forms=PAGE_AND_MORE,
        ),
    ]


def _plan_blocks(energy: Part, found: Part, hours: Hours | None) -> list[Block | None]:
    prices = energy.get("finance") or {}
    keys = ("blended_price", "green_price", "grid_price")
    plan_made = chosen(found)
    items = [figure("annual_cost", plan_made.get("annual_cost"))]
    items += [figure(key, prices[key]) for key in keys if prices.get(key) is not None]
    capacities = [
        {"item": name(key), "value": fmt.number(value, 2), "unit": _unit(key)}
        for key, value in (plan_made.get("capacities") or {}).items()
    ]
    totals = [
        {"item": name(key), "mwh": value}
        for key, value in (plan_made.get("energy") or {}).items()
        if fmt.as_number(value) is not None
    ]
    return [
        Figures(tuple(items)),
        charts.capacities(plan_made),
        make_table(
            "table-energy-capacities",
            _("推荐规模"),
            capacities,
            "item value unit",
            forms=PAGE_AND_MORE,
        ),
        charts.energy_balance(hours) if hours else None,
        make_table(
            "table-energy-totals", _("年度电量"), totals, "item mwh", fold=0, forms=PAGE_AND_MORE
        ),
        _rounding(found),
        make_table("table-energy-binding", _("起作用的约束"), _binding(found), "item limit text"),
        _quality(found),
    ]


def _binding(found: Part) -> list[dict[str, Any]]:
    return [
        {
            "item": name(str(row.get("capacity") or "")),
            "limit": _limit_name(str(row["limit"])) if row.get("limit") else None,
            "text": row.get("text"),
        }
        for row in found.get("binding") or []
    ]


def _unit(key: str) -> str:
    return "MWh" if key.endswith("_energy") else "MW"


def _rounding(found: Part) -> Prose | None:
    """The whole units, and what they cost against the continuous optimum."""
    rounding = found.get("rounding") or {}
    units, sizes = rounding.get("units") or {}, rounding.get("unit_sizes") or {}
    if fmt.as_number(rounding.get("cost")) is None:
        return None
    said = _("、").join(
        f"{name(str(key))} {count}×{fmt.number(sizes.get(key), 2)} {_unit(str(key))}"
        for key, count in units.items()
    )
    text = _(
        "规模按单台容量取整：{units}；比连续最优每年多 {cost}（{share}）。"
        "逐时调度图为取整前的最优方案。",
        units=said or fmt.DASH,
        cost=fmt.yuan(rounding["cost"]),
        share=fmt.share(rounding.get("relative_cost"), 2),
    )
    return Prose((text,), "note")


_QUALITY = ("gap", "primal_residual", "dual_residual", "replay_residual")


def _quality(found: Part) -> Facts | None:
    """How closely the optimum closes; times are left out, they differ from run to run."""
    quality = found.get("quality") or {}
    titles = {
        "gap": _("对偶间隙"),
        "primal_residual": _("原始残差"),
        "dual_residual": _("对偶残差"),
        "replay_residual": _("独立复算残差"),
    }
    engine = str(found.get("engine") or "")
    items = [(_("求解器"), value_label("engine", engine))] if engine else []
    items += [
        (titles[key], fmt.tiny(quality[key]))
        for key in _QUALITY
        if fmt.as_number(quality.get(key)) is not None
    ]
    return Facts(tuple(items)) if items else None


def compliance(energy: Part) -> Section | None:
    """Ratios against their limits, the checklist, the split among users."""
    rows = energy.get("compliance") or []
    if not rows and not energy.get("checklist"):
        return None
    failed = [row for row in rows if row.get("state") == "failed"]
    lead = (
        _("{count} 项约束中 {failed} 项不满足。", count=len(rows), failed=len(failed))
        if failed
        else _("{count} 项约束全部满足或不适用。", count=len(rows))
    )
    verdicts = tuple(_limit_verdict(row) for row in rows)
    blocks = some(
        (
            Verdicts(verdicts) if verdicts else None,
            make_table(
                "table-energy-compliance",
                _("绿电直连合规核查"),
                rows,
                "limit reading value required margin state rule_id reason",
                worst=worst_state,
                forms=frozenset({"workbook"}),
            ),
            make_table(
                "table-energy-checklist",
                _("申报核对清单"),
                [row for row in energy.get("checklist") or [] if row.get("applies") is not False],
                "title answer rule_id source",
                fold=0,
            ),
            make_table(
                "table-energy-users",
                _("多用户电量分摊"),
                energy.get("users"),
                _all_columns(energy.get("users")),
            ),
        )
    )
    return Section("energy-compliance", _("绿电直连：合规性"), lead, blocks)


def _limit_verdict(row: Part) -> Verdict:
    limit, reading = str(row.get("limit") or ""), str(row.get("reading") or "")
    if limit == "self_use_of_generation" and reading == "b":
        limit = "self_use_of_generation_net"
    subject = value_label("limit", limit)
    if reading in ("in_force", "before_2030", "new_from_2030"):
        words = value_label("reading", reading)
        subject = _("{limit}（{reading}）", limit=subject, reading=words)
    return verdict({**row, "indicator": limit}, "energy-compliance", subject)


def _limit_name(limit: str) -> str:
    """A limit in words, with the asset it belongs to (``max_mw:wind``)."""
    kind, _colon, owner = limit.partition(":")
    words = value_label("limit", kind)
    return _("{owner}的{limit}", owner=name(owner), limit=words) if owner else words


def _all_columns(rows: Any) -> str:
    return " ".join(dict.fromkeys(key for row in rows or [] for key in row))


def dispatch(hours: Hours | None) -> Section | None:
    """The year hour by hour."""
    if hours is None:
        return None
    lead: str = _("调度序列按小时给出，以下各图均由同一序列绘出。")
    if hours.cut:
        lead += _("序列超过一年，图中只画第一年。")
    blocks = some(
        (
            charts.monthly_balance(hours),
            charts.overview(hours),
            charts.dispatch(hours),
            charts.green_heat(hours),
            charts.import_heat(hours),
            charts.duration_curves(hours),
            charts.storage_state(hours),
        )
    )
    return Section("energy-dispatch", _("绿电直连：全年调度"), lead, blocks)


_CASH_SHOWN = (
    "year investment replacement opex grid_energy grid_fixed export_income avoided_bill sales "
    "income_tax net net_yuan cumulative cumulative_yuan discounted"
)


def money(energy: Part) -> Section | None:
    """Bill before and after, cost items, cash flow."""
    bill = energy.get("bill") or {}
    finance = energy.get("finance") or {}
    lines = bill_lines(bill, energy.get("plan") or {})
    saving = fmt.as_number(bill.get("saving_yuan"))
    lead = (
        _("电费单每年变化 {change}（不含电源和储能的投资、运维）。", change=fmt.yuan(-saving))
        if saving is not None
        else ""
    )
    whole = yearly_saving(energy)
    if whole is not None:
        lead += _("计入投资和运维，年供电成本变化 {change}。", change=fmt.yuan(-whole))
    keys = (
        *("capex", "npv", "irr", "equity_irr", "payback_years", "payback_discounted_years"),
        *("lcoe", "blended_price", "green_price", "grid_price", "contract_price"),
        *("annual_saving",),
    )
    items = tuple(figure(key, finance[key]) for key in keys if finance.get(key) is not None)
    flow = _with_sums(finance.get("cash_flow") or [])
    notes = finance.get("notes")
    blocks = some(
        (
            charts.cost_build_up(energy),
            make_table(
                "table-energy-bill",
                _("电费对比"),
                lines,
                "item grid_only_yuan plan_yuan difference_yuan",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-energy-tariffs",
                _("各种电价方式分别定容的年供电总成本"),
                energy.get("tariffs"),
                "title annual_cost chosen note",
                fold=0,
            ),
            Figures(items) if items else None,
            _notes(notes),
            charts.cash_flow(energy),
            make_table(
                "table-energy-cash", _("现金流量"), flow, _CASH_SHOWN, forms=PAGE_AND_MORE, fold=30
            ),
            make_table(
                "table-energy-cash-all",
                _("现金流量明细"),
                flow,
                _all_columns(flow),
                forms=frozenset({"workbook"}),
            ),
            make_table(
                "table-energy-operation",
                _("各年运行"),
                finance.get("operation"),
                _all_columns(finance.get("operation")),
                forms=frozenset({"workbook"}),
            ),
        )
    )
    if not blocks:
        return None
    return Section("energy-money", _("绿电直连：电费与财务"), lead, blocks)


def _notes(notes: Any) -> Prose | None:
    if not notes:
        return None
    return Prose(tuple(map(str, notes)) if isinstance(notes, list) else (str(notes),), "note")


def _with_sums(flow: list[dict[str, Any]]) -> list[dict[str, Any]]:
    total, rows = 0.0, []
    for row in flow:
        net = charts.cash_net(row)
        if net is None:
            rows.append(row)
            continue
        total += net
        rows.append(row if "cumulative" in row else {**row, "cumulative_yuan": total})
    return rows


def bill_lines(bill: Part, plan_record: Part) -> list[dict[str, Any]]:
    """Items of the bill without and with the plan, side by side, with the total."""
    grid, own = bill.get("grid_only") or {}, bill.get("plan") or {}
    before = _amounts(grid.get("items"), grid.get("years"))
    after = _amounts(own.get("items") or plan_record.get("costs"), own.get("years"))
    titles = {
        str(item.get("item")): str(item["title"])
        for side in (grid, own)
        for item in side.get("items") or []
        if item.get("title")
    }
    lines = [
        _line(titles.get(key) or value_label("item", key), before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
    ]
    if not lines:
        return []
    first = sum(before.values()) if before else None
    last = sum(after.values()) if after else None
    return [*lines, _line(_("合计"), first, last)]


def _line(item: str, before: Any, after: Any) -> dict[str, Any]:
    first, last = fmt.as_number(before), fmt.as_number(after)
    known = first is not None or last is not None
    return {
        "item": item,
        "grid_only_yuan": first,
        "plan_yuan": last,
        "difference_yuan": (last or 0.0) - (first or 0.0) if known else None,
    }


def _amounts(items: Any, years: Any = None) -> dict[str, float]:
    """Amount of each item [yuan a year]; bills state the whole horizon."""
    found: dict[str, float] = {}
    for item in items or []:
        amount = charts.yearly_amount(item, fmt.as_number(years) or 1.0)
        if amount is not None:
            found[str(item.get("item"))] = found.get(str(item.get("item")), 0.0) + amount
    return found


def shadow_prices(energy: Part) -> Section | None:
    """What one unit more of each limit is worth."""
    rows = (energy.get("plan") or {}).get("shadow_prices") or []
    if isinstance(rows, Mapping):
        rows = [{"limit": key, "value": value} for key, value in rows.items()]
    if not rows:
        return None
    shown = [
        {
            "limit": _limit_name(str(row.get("limit"))),
            "shadow_price": row.get("value"),
            "unit": row.get("unit"),
            "text": row.get("text"),
        }
        for row in rows
    ]
    shown.sort(key=lambda row: -abs(fmt.as_number(row["shadow_price"]) or 0.0))
    table = make_table(
        "table-energy-shadow",
        _("约束的边际价值"),
        shown,
        "limit shadow_price unit text",
        forms=PAGE_AND_MORE,
    )
    lead = _("约束每放宽一个单位，年成本的变化；为零的约束不起作用。")
    return Section("energy-shadow", _("绿电直连：边际价值"), lead, some((table,)))


def carbon(energy: Part) -> Section | None:
    """Emissions before and after, by the factor chosen."""
    part = energy.get("carbon") or {}
    if not part:
        return None
    before, after = fmt.as_number(part.get("before_tco2")), fmt.as_number(part.get("after_tco2"))
    items: list[Figure] = []
    if before is not None:
        items.append(Figure(_("实施前年排放"), fmt.number(before, 0), "tCO₂"))
    if after is not None:
        items.append(Figure(_("实施后年排放"), fmt.number(after, 0), "tCO₂"))
    lead = ""
    if before and after is not None:
        lead = _(
            "按所选排放因子，年排放由 {before} 吨降为 {after} 吨，减少 {share}。",
            before=fmt.number(before, 0),
            after=fmt.number(after, 0),
            share=fmt.share(1 - after / before),
        )
    factors = part.get("by_factor") or part.get("factors")
    source = part.get("factor_source")
    said = _(
        "所选因子 {value} kgCO₂/kWh：{source}。",
        value=part.get("factor_value"),
        source=source or fmt.DASH,
    )
    blocks = some(
        (
            Figures(tuple(items)) if items else None,
            Prose((said,)) if source else None,
            _factor_table(factors),
            _carbon_figures(part),
            _notes(part.get("notes")),
            _notes(part.get("reason")),
        )
    )
    return Section("energy-carbon", _("绿电直连：碳排放"), lead, blocks)


def _carbon_figures(part: Part) -> Figures | None:
    """Emission per unit of energy, and certificates, where there are any."""
    keys = ("before_per_tce", "after_per_tce", "certificates_issued", "certificates_missing")
    items = tuple(figure(key, part[key]) for key in keys if part.get(key) is not None)
    return Figures(items) if items else None


def _factor_table(factors: Any) -> Block | None:
    if isinstance(factors, Mapping):
        rows = [
            value if isinstance(value, Mapping) else {"item": key, "value": value}
            for key, value in factors.items()
        ]
    else:
        rows = list(factors or [])
    columns = _all_columns([{k: v for k, v in row.items() if k != "factor"} for row in rows])
    return make_table("table-energy-factors", _("排放因子"), rows, columns, forms=PAGE_AND_MORE)


def study(energy: Part) -> Section | None:
    """Sensitivity and trade-offs, where a study was made."""
    part = energy.get("study") or {}
    blocks = some((charts.tornado(part), charts.pareto(part)))
    return Section("energy-study", _("绿电直连：情景研究"), "", blocks) if blocks else None
