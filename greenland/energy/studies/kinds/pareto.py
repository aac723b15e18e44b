"""The front of cost against green share, CO2 or investment.

Every point is the cheapest plan that keeps a limit on the other quantity. Where the limits are put
is decided in rounds, so that the points stand evenly along the front, not along one axis: between
the points known, the front is interpolated, and the longest stretches are divided first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from greenland.energy.studies.cases import (
    Findings,
    StudiedCase,
    all_faults,
    base_case,
    base_task,
    has_plan,
    require_plan,
)
from greenland.energy.studies.config import Against, ParetoPart, StudyKind
from greenland.energy.studies.measures import Row, measure_of
from greenland.energy.studies.reading import StudyBase, Where
from greenland.energy.studies.running import Runner
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.i18n import _

COARSE = ((0.5, 1.0), (0.0, 0.25, 0.75))
"""Shares of the range at which points of the first rounds stand. Those of later rounds begin from
their nearest neighbour, which halves what they take."""
FINE = 2
"""Further rounds in which the others are put."""
INWARD = 1e-4
"""Share of the range by which the last point keeps off the extreme, which only one plan reaches."""
SAME = 1e-6
"""Share of the range within which two points are one."""


@dataclass(frozen=True)
class Setting:
    """What a front sets against the cost.

    Parameters
    ----------
    path : str
        The limit that is tightened.
    measure : str
        What is reached.
    rises : bool
        Whether tightening raises it.
    """

    path: str
    measure: str
    rises: bool


SETTINGS = {
    Against.GREEN_SHARE: Setting(
        "limits.min_self_use_of_consumption", "shares.self_use_of_consumption", True
    ),
    Against.CO2: Setting("limits.max_co2_t", "co2_t", False),
    Against.CAPEX: Setting("limits.max_capex_yuan", "capex", False),
}


def pareto(base: StudyBase, runner: Runner) -> Findings:
    """The cheapest plans for rising demands, evenly along the front."""
    part = base.study.pareto
    assert part is not None
    setting = SETTINGS[part.against]
    where: Where = (StudyKind.PARETO,)
    for name, value in (("from", part.first), ("to", part.last)):
        if value is not None:
            base.require(all_faults(base, [({setting.path: value}, (*where, name))]))
    runner.expected = part.points + 2
    runner.prepare()
    first = runner.rows([base_task()])[0]
    require_plan(base, first)
    cheapest = measure_of(first, setting.measure)
    if cheapest is None:
        text = _("案例没有给出网电的排放因子（grid.emission_factor），算不出碳排放。")
        base.require([base.problem((*where, "against"), text)])
    assert cheapest is not None
    start = cheapest if part.first is None else part.first
    end = _end(runner, part, first) if part.last is None else part.last
    if (end - start) * (1 if setting.rises else -1) <= 0:
        text = _("前沿没有范围：一端为 {start:.4g}，另一端为 {end:.4g}。", start=start, end=end)
        base.require([base.problem(where, text, _("请改 from、to 或 max_cost_ratio。"))])
    front = _Front(runner, setting, start, end)
    if part.first is None:
        front.known[start] = (base_task(), first)
    for shares in COARSE:
        front.ask([start + share * (end - start) for share in shares])
    for left in range(FINE, 0, -1):
        lacking = part.points - front.count
        front.ask(front.between(-(-lacking // left)))
    cases = front.cases()
    points = [(one.measure(setting.measure), one.measure("annual_cost")) for one in cases]
    plain = [(x, y) for x, y in points if x is not None and y is not None]
    summary = {
        "against": str(part.against),
        "measure": setting.measure,
        "path": setting.path,
        "knee": cases[knee(plain)].name if len(plain) > 2 else None,
        "spacing": spacing(plain),
        "without_plan": sorted(front.without),
    }
    return Findings((base_case(first), *cases), summary)


def _end(runner: Runner, part: ParetoPart, first: Row) -> float:
    """How far the front goes: as far as can be for a multiple of the least cost."""
    setting = SETTINGS[part.against]
    most = first["annual_cost"] + (part.max_cost_ratio - 1.0) * abs(first["annual_cost"])
    task = StudyTask(TaskKind.EXTREME, {}, {"against": str(part.against), "max_cost": most})
    row = runner.rows([task])[0]
    start = measure_of(first, setting.measure)
    reached = measure_of(row, setting.measure)
    assert start is not None
    if reached is None:
        return start
    return reached - INWARD * (reached - start)


class _Front:
    """Points of a front by the limit they were sized for."""

    def __init__(self, runner: Runner, setting: Setting, start: float, end: float) -> None:
        self.runner, self.setting, self.start, self.end = runner, setting, start, end
        self.known: dict[float, tuple[StudyTask, Row]] = {}
        self.without: list[float] = []

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self.known) + len(self.without)

    def ask(self, limits: Sequence[float]) -> None:
        """Size for some limits more."""
        # the sharper a demand, the longer it takes: those are begun first
        sharpest_first = sorted(limits, key=lambda one: -abs(one - self.start))
        told = [float(f"{one:.9g}") for one in sharpest_first]
        new = [one for one in told if one not in self.known and one not in self.without]
        if self.start in self.known:
            new = [one for one in new if abs(one - self.start) > SAME * abs(self.end - self.start)]
        tasks = [StudyTask(TaskKind.SIZE, {self.setting.path: one}) for one in new]
        near = [self._nearest(one) for one in new]
        for limit, task, row in zip(new, tasks, self.runner.rows(tasks, near), strict=True):
            if has_plan(row):
                self.known[limit] = (task, row)
            else:
                self.without.append(limit)

    def _nearest(self, limit: float) -> StudyTask | None:
        """The point known whose limit is nearest."""
        found = min(self.known, key=lambda one: (abs(one - limit), one), default=None)
        return None if found is None else self.known[found][0]

    def between(self, count: int) -> list[float]:
        """Limits for so many points more, where the front is longest between those known."""
        from scipy.interpolate import PchipInterpolator

        limits = sorted(self.known)
        if len(limits) < 2 or count < 1:
            return []
        reached = [measure_of(self.known[one][1], self.setting.measure) for one in limits]
        cost = [measure_of(self.known[one][1], "annual_cost") for one in limits]
        across, up = _scaled(np.array(reached, float)), _scaled(np.array(cost, float))
        fine = np.linspace(limits[0], limits[-1], 2001)
        lengths = np.hypot(
            np.diff(PchipInterpolator(limits, across)(fine)),
            np.diff(PchipInterpolator(limits, up)(fine)),
        )
        along = np.concatenate([[0.0], np.cumsum(lengths)])
        marks = np.interp(limits, fine, along)
        stretches = np.diff(marks)
        parts = np.ones(len(stretches), dtype=int)
        for _n in range(count):
            parts[int(np.argmax(stretches / parts))] += 1
        wanted = [
            marks[n] + stretches[n] * k / parts[n]
            for n in range(len(stretches))
            for k in range(1, parts[n])
        ]
        return [float(one) for one in np.interp(wanted, along, fine)]

    def _label(self, value: float) -> str:
        """A value as people read it."""
        if self.setting.measure.startswith("shares."):
            return f"{value:.2%}"
        if self.setting.measure == "capex":
            return str(_("初投资 {value} 万元", value=f"{value / 1e4:,.0f}"))
        return f"{value:,.0f} tCO2"

    def cases(self) -> list[StudiedCase]:
        """All points, the cheapest end first; those that came to the same plan once."""
        found: list[StudiedCase] = []
        width = abs(self.end - self.start)
        for limit in sorted(self.known, reverse=not self.setting.rises):
            task, row = self.known[limit]
            value = measure_of(row, self.setting.measure)
            if found and value is not None:
                last = found[-1].measure(self.setting.measure)
                if last is not None and abs(last - value) <= SAME * width:
                    continue
            label = self._label(limit if value is None else value)
            at = {self.setting.path: limit}
            found.append(StudiedCase(str(len(found) + 1), label, at, task, row))
        return found


def _scaled(values: Any) -> Any:
    """Values between zero and one."""
    width = float(np.ptp(values))
    return (values - values.min()) / (width or 1.0)


def knee(points: Sequence[tuple[float, float]]) -> int:
    """Place of the point furthest from the line between the ends, both axes scaled to one.

    Examples
    --------
    >>> knee([(0.0, 0.0), (0.8, 0.1), (1.0, 1.0)])
    1
    """
    x, y = (_scaled(np.array(one, dtype=float)) for one in zip(*points, strict=True))
    dx, dy = x[-1] - x[0], y[-1] - y[0]
    away = np.abs(dx * (y - y[0]) - dy * (x - x[0]))
    return int(np.argmax(away))


def spacing(points: Sequence[tuple[float, float]]) -> float | None:
    """Longest over mean distance of neighbours along the front, both axes scaled to one."""
    if len(points) < 3:
        return None
    x, y = (_scaled(np.array(one, dtype=float)) for one in zip(*points, strict=True))
    gaps = np.hypot(np.diff(x), np.diff(y))
    return float(gaps.max() / gaps.mean())
