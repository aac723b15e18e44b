"""One set of sizes with which every year keeps every limit, against each year's own."""

from __future__ import annotations

from typing import Any

from greenland.energy.studies.cases import Findings, StudiedCase, all_faults
from greenland.energy.studies.config import StudyKind
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.running import Runner
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.i18n import _


def robust(base: StudyBase, runner: Runner) -> Findings:
    """Size for all years together, for the mean and for the dear years; and each by itself."""
    part = base.study.robust
    assert part is not None
    base.require(
        all_faults(
            base,
            ((changes, (StudyKind.ROBUST, "years", name)) for name, changes in part.years.items()),
        )
    )
    weights = [part.weights.get(name, 1.0) for name in part.years]
    common = {
        "names": list(part.years),
        "years": list(part.years.values()),
        "weights": weights,
        "level": 0.0 if part.cvar is None else part.cvar.level,
    }
    asked: list[tuple[str, str, StudyTask]] = [
        (
            "mean",
            str(_("各年都满足，平均费用最低")),
            StudyTask(TaskKind.ROBUST, {}, {**common, "risk_weight": 0.0}),
        )
    ]
    if part.cvar is not None and part.cvar.weight > 0:
        words = _("各年都满足，计入 CVaR（{level:.0%}）", level=part.cvar.level)
        options = {**common, "risk_weight": part.cvar.weight}
        asked.append(("cvar", str(words), StudyTask(TaskKind.ROBUST, {}, options)))
    for number, (name, changes) in enumerate(part.years.items(), start=1):
        words = _("只按“{year}”定容", year=name)
        asked.append((str(number), str(words), StudyTask(TaskKind.SIZE, changes)))
    tasks = [task for _name, _label, task in asked]
    runner.expected = len(tasks)
    cases = [
        StudiedCase(name, label, {}, task, row)
        for (name, label, task), row in zip(asked, runner.rows(tasks), strict=True)
    ]
    summary: dict[str, Any] = {
        "years": list(part.years),
        "weights": weights,
        "level": common["level"],
        "risk_weight": 0.0 if part.cvar is None else part.cvar.weight,
        "sized": [one.name for one in cases if one.task.kind is TaskKind.ROBUST],
    }
    return Findings(tuple(cases), summary)
