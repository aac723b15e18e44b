"""What else costs nearly as little: least and most of each capacity within a slack.

"Modelling to generate alternatives" (E. D. Brill 1979; for energy systems J. F. DeCarolis 2011).
"""

from __future__ import annotations

from typing import Any

from greenland.energy.sizing.extremes import decided_labels
from greenland.energy.studies.cases import (
    Findings,
    StudiedCase,
    base_case,
    base_task,
    require_plan,
)
from greenland.energy.studies.config import StudyKind
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.running import Runner
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.i18n import _
from greenland.yamlfile import nearest


def near_optimal(base: StudyBase, runner: Runner) -> Findings:
    """Least and most of each capacity among the plans that cost little more than the best."""
    part = base.study.near_optimal
    assert part is not None
    bench = runner.work.bench
    decided = decided_labels(bench.site(bench.loaded({})))
    base.require(_unknown(base, part.capacities, decided))
    chosen = part.capacities or decided
    runner.expected = 1 + 2 * len(chosen)
    first = runner.rows([base_task()])[0]
    require_plan(base, first)
    most = first["annual_cost"] + part.slack * abs(first["annual_cost"])
    asked = [(label, side) for label in chosen for side in (False, True)]
    tasks = [
        StudyTask(TaskKind.EXTREME, {}, {"capacity": label, "most": side, "max_cost": most})
        for label, side in asked
    ]
    cases = [base_case(first)]
    ranges: dict[str, dict[str, Any]] = {
        label: {"capacity": label, "optimum": first["capacities"][label]} for label in chosen
    }
    for (label, side), task, row in zip(asked, tasks, runner.rows(tasks), strict=True):
        words = _("{label} 最多", label=label) if side else _("{label} 最少", label=label)
        cases.append(StudiedCase(str(len(cases)), str(words), {"capacity": label}, task, row))
        ranges[label]["most" if side else "least"] = row.get("bound")
        ranges[label]["most_status" if side else "least_status"] = row["status"]
    summary = {
        "slack": part.slack,
        "base_cost": first["annual_cost"],
        "max_cost": most,
        "ranges": list(ranges.values()),
    }
    return Findings(tuple(cases), summary)


def _unknown(base: StudyBase, given: list[str], decided: list[str]) -> Any:
    for number, label in enumerate(given):
        if label not in decided:
            guess = nearest(label, decided)
            yield base.problem(
                (StudyKind.NEAR_OPTIMAL, "capacities", number),
                _("案例没有由模型决定的容量“{label}”。", label=label),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                got=label,
                allowed="、".join(decided),
            )
