"""The verdict of each side in a sentence or two, and what is not met, by when, in ten lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.record import Record, if_made
from greenland.report import formatters as fmt
from greenland.report.blocks import Judgement, Task, Unmet
from greenland.report.chosen import chosen, yearly_saving
from greenland.report.labels import value_label
from greenland.report.naming import Naming
from greenland.report.sections.energy.limits import compliance_words
from greenland.report.sections.exit import leaving_words
from greenland.results import State

MOST_LINES = 10


def verdicts(
    record: Record, met: Sequence[Judgement], failed: Sequence[Judgement]
) -> tuple[tuple[str, str], ...]:
    """Side and verdict: land, energy; none for a side that was not evaluated."""
    energy = if_made(record.energy)
    found = [] if energy is None else [(str(_("绿电直连")), _energy(energy))]
    land = _land(record, *(sum(_of_land(row) for row in rows) for rows in (met, failed)))
    return tuple(([(str(_("土地")), land)] if land else []) + found)


def _of_land(row: Judgement | Unmet) -> bool:
    return not row.target.startswith("energy")


def _land(record: Record, met: int, failed: int) -> str:
    """Requirements of the park, then its parcels."""
    said: list[str] = []
    if met + failed:
        said.append(_met_words(met, failed))
    said += _parcels(record)
    return _("，").join(said) + _("。") if said else ""


def _met_words(met: int, failed: int) -> str:
    """How many requirements are met."""
    if not failed:
        return _("{count} 项要求全部达到", count=met)
    if not met and failed > 1:
        return _("{count} 项要求均未达到", count=failed)
    return _("{count} 项要求中 {failed} 项未达到", count=met + failed, failed=failed)


def _parcels(record: Record) -> Iterable[str]:
    land = record.land
    standard, stock, leaving = if_made(land.standard_land), if_made(land.stock), if_made(land.exit)
    policy = if_made(land.policy)
    measures = () if policy is None else policy.measures
    binding = [row for row in measures if row.kind in ("penalty", "notice")]
    count = sum(1 for row in binding if row.subject == "park")
    if count:
        yield _("触发 {count} 条对园区的约束性措施", count=count)
    if standard is not None:
        states = {row.state: row.parcels for row in standard.summary}
        total = sum(states.values())
        bad = states.get(State.FAILED, 0) + states.get(State.OVERDUE, 0)
        if total:
            yield _("{total} 宗“标准地”中 {bad} 宗不达标或逾期", total=total, bad=bad)
    if stock is not None:
        idle = next((row for row in stock.totals if row.ledger == "idle"), None)
        if idle is not None and idle.parcels:
            yield _("闲置土地 {count} 宗", count=idle.parcels)
    if leaving is not None:
        out = next((row for row in leaving.summary if row.decision == "exit"), None)
        if out is not None and out.parcels:
            yield leaving_words(out)


def _energy(energy: EnergyRecord) -> str:
    """Whether it may be built, what, for how much, and what it saves."""
    plan = chosen(energy.plan)
    if not plan.capacities:
        return _(
            "求解状态：{status}，没有可用的规模方案。",
            status=value_label("status", energy.plan.status),
        )
    said = _("；").join((compliance_words(energy), _sizes(energy))) + _("。")
    money = _money(energy)
    return said + (_("，").join(money) + _("。") if money else "")


def _sizes(energy: EnergyRecord) -> str:
    values = chosen(energy.plan).capacities or {}
    named = Naming(energy).capacities(values)
    sizes = _("、").join(
        f"{one.title} {fmt.number(values[key])} {one.unit}"
        for key, one in named.items()
        if values[key]
    )
    return _("推荐规模：{sizes}", sizes=sizes) if sizes else _("不建电源和储能")


def _money(energy: EnergyRecord) -> list[str]:
    finance, saving = energy.finance, yearly_saving(energy)
    capex = energy.plan.capex if finance is None else finance.capex
    said: list[str] = []
    if capex is not None:
        said.append(_("初投资 {capex}", capex=fmt.yuan(capex)))
    if saving is not None:
        said.append(
            _("比全部网购每年节约 {saving}（投资已摊入）", saving=fmt.yuan(saving))
            if saving >= 0
            else _("比全部网购每年多支出 {extra}（投资已摊入）", extra=fmt.yuan(-saving))
        )
    if finance is not None and finance.npv is not None:
        said.append(_("净现值 {npv}", npv=fmt.yuan(finance.npv)))
    return said


def shortfalls(
    failed: Sequence[Judgement], tasks: Sequence[Task], year: int
) -> tuple[tuple[Unmet, ...], int]:
    """What is not met and what is overdue, at most ten lines; and how many more there are.

    Parameters
    ----------
    failed : sequence of Judgement
    tasks : sequence of Task
        Of which those that are due at once are taken.
    year : int
        Assessed year.
    """
    now = str(_("立即"))
    merged: dict[tuple[str, str, str], Unmet] = {}
    for row in failed:
        key = (row.subject, row.value, row.required)
        before = merged[key].rule_ids if key in merged else ()
        rules = (*before, row.rule_id) if row.rule_id else before
        by = str(_("{year} 年度", year=year))
        merged[key] = Unmet(*key, by, row.target, row.state, tuple(dict.fromkeys(rules)))
    urgent = [Unmet(task.text, "", "", now, task.target) for task in tasks if task.by == now]
    lines = [*urgent, *merged.values()]
    if len(lines) <= MOST_LINES:
        return tuple(lines), 0
    shown = [*urgent, *_of_both_sides([*merged.values()], MOST_LINES - 1 - len(urgent))]
    return tuple(shown), len(lines) - len(shown)


def _of_both_sides(rows: Sequence[Unmet], room: int) -> list[Unmet]:
    """As many as there is room for, of land and of energy: neither hides the other."""
    land = [row for row in rows if _of_land(row)]
    energy = [row for row in rows if not _of_land(row)]
    rest = min(len(energy), max(room // 2, room - len(land)))
    return [*land[: room - rest], *energy[:rest]]


def waiting(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Tasks that are not due at once."""
    now = str(_("立即"))
    return tuple(task for task in tasks if task.by != now)
