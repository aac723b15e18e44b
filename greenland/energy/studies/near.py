"""A sizing that begins from the solution of another, which is handed to it and hands on its own.

Solutions travel with the tasks: which one a task begins from is decided by the study, and hangs
neither on the process that does the task nor on what that process did before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from greenland.energy.studies.measures import Row
from greenland.energy.studies.task import StudyTask
from greenland.lp.recent import Solved
from greenland.lp.solution import Solution

Solutions = Mapping[int, Solution]
"""By the place of the tariff among those a case chooses from."""


@dataclass(frozen=True)
class NearTask:
    """A task with the solutions it may begin from.

    Parameters
    ----------
    task : StudyTask
        Of the kind ``size``.
    begin : mapping of place to Solution
    """

    task: StudyTask
    begin: Solutions = field(default_factory=dict)


@dataclass(frozen=True)
class NearRow:
    """What a task came to, with the solutions others may begin from.

    Parameters
    ----------
    row : dict
    solutions : mapping of place to Solution
    """

    row: Row
    solutions: Solutions


def without_reduced_costs(solved: Solved) -> Solution:
    """A solution as it is handed on: a beginning needs columns and duals."""
    return replace(solved[1], reduced_costs=np.empty(0))
