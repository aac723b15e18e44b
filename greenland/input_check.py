"""Everything that is wrong with a park's input, found without evaluating anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenland.errors import Problem, Severity

if TYPE_CHECKING:
    from greenland.park import Park


@dataclass(frozen=True, slots=True)
class InputCheck:
    """What was found.

    Parameters
    ----------
    park : Park
        The park as read.
    problems : tuple of Problem
        Of the tables and outlines, of the settings of the land evaluations, and of the energy
        part with its curves.
    """

    park: Park
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Whether some evaluation cannot be made."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def check_input(folder: Path) -> InputCheck:
    """Read a park folder and check all of it; nothing is sized.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    InputCheck

    Raises
    ------
    InputError
        If ``park.yaml`` or the workbook cannot be used at all.

    Examples
    --------
    >>> from greenland.park import example_folder
    >>> check_input(example_folder()).has_errors
    False
    """
    from greenland.land.settings_check import settings_problems
    from greenland.park import read_park

    park = read_park(folder)
    problems = [*park.problems, *settings_problems(park)]
    if park.config.energy:
        from greenland.energy.case_checks import energy_problems

        tree = park.config.tree
        problems += energy_problems(park.config.energy, park.folder, park.rulebook, tree=tree)
    return InputCheck(park, tuple(problems))
