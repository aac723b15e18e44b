"""What the constraint families have in common."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenland.energy.problem.assembly import Assembly
from greenland.lp.program import Integers

Family = Callable[[Assembly], None]

OPEN = np.inf


def served(assembly: Assembly) -> list[tuple[Integers, float]]:
    """What is consumed beside the firm load, and its sign."""
    parts = [(line, 1.0) for line in assembly.lines("shift_load")]
    parts += [(line, 1.0) for line in assembly.lines("electrolyser_load")]
    parts += [(line, -1.0) for line in assembly.lines("interrupted")]
    if "unserved" in assembly.columns:
        parts.append((assembly.columns["unserved"], -1.0))
    return parts


def not_green(assembly: Assembly) -> list[Integers]:
    """What generators give that are not green."""
    lines = assembly.lines("generation")
    return [lines[j] for j in assembly.data.generator_rows(green=False)]


def all_steps(assembly: Assembly) -> Integers:
    """Numbers of all steps."""
    return np.arange(assembly.data.steps)
