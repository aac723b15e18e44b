"""The front of cost against green share, CO2 or investment, from the setting on the bench."""

from __future__ import annotations

from typing import Any

from greenland.energy.case.changes import changed_tree
from greenland.energy.case.schema import Case
from greenland.energy.studies.config import Against, StudyFile
from greenland.energy.studies.kinds.pareto import pareto
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.running import Runner, Tell
from greenland.energy.studies.study import other_objective
from greenland.energy.studies.task import code_digest, digest_of
from greenland.energy.workbench.knobs import Settings
from greenland.energy.workbench.workbench import Workbench
from greenland.inputs import hashes_of
from greenland.workers import Alone, Crew
from greenland.yamlfile import validate

POINTS = 8
"""Points of a front that is looked at: enough to see its bend."""


def front(
    bench: Workbench,
    settings: Settings,
    *,
    against: str = Against.GREEN_SHARE,
    points: int = POINTS,
    crew: Crew | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """The cheapest plans for rising demands.

    Parameters
    ----------
    bench : Workbench
    settings : mapping of knob to setting
        What the front starts from.
    against : {"green_share", "co2", "capex"}
    points : int
    crew : Crew, optional
        Who sizes; this process when left out.
    tell : callable, optional
        Told how many points are done, and how many there will be.

    Returns
    -------
    dict
        ``against``; ``points`` with ``label``, ``changes``, ``annual_cost`` [yuan/yr], ``capex``
        [yuan], ``co2_t``, ``shares`` and ``capacities``; ``summary`` as of the study.

    Raises
    ------
    InputError
        If the case with the settings has no plan, or is sized for something else than least cost.
    """
    tree = changed_tree(bench.source.tree, bench.changes(settings))
    source = bench.source
    case = validate(tree, Case, file=source.file)
    study = StudyFile.model_validate(
        {"case": source.file, "pareto": {"against": str(against), "points": points}}
    )
    files = hashes_of(source.folder, (), tree)
    digest = digest_of([tree, files, code_digest()])
    path = source.folder / source.file
    base = StudyBase(study, path, {}, path, tree, case, digest, files)
    base.require(other_objective(base))
    found = pareto(base, Runner(base, crew or Alone(), None, tell))
    kept = ("status", "annual_cost", "capex", "co2_t", "shares", "capacities", "reason")
    return {
        "against": str(study.pareto.against) if study.pareto else str(against),
        "points": [
            {
                "label": one.label,
                "changes": dict(one.task.changes),
                **{name: one.row.get(name) for name in kept},
            }
            for one in found.cases
        ],
        "summary": found.summary,
    }
