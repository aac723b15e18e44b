"""Preview the sizes of a case under its tariff, or the cheapest of its candidates."""

from __future__ import annotations

from pathlib import Path

from greenland.energy.case import read_case, rulebook_of
from greenland.energy.preview import Preview, preview
from greenland.energy.sized_case import grid_fields_under, tariffs_of


def preview_file(path: str | Path, *, days: int = 12, full: bool = False) -> Preview:
    """Preview the sizes of a case file.

    Parameters
    ----------
    path : path
    days : int
        Typical days.
    full : bool
        Whether to size the whole horizon as well.

    Raises
    ------
    InputError
        With every fault of the case; see `greenland.energy.preview.preview`.
    """
    loaded = read_case(Path(path))
    rulebook = rulebook_of(loaded)
    tariffs = tariffs_of(loaded, rulebook)
    fields = [grid_fields_under(loaded, tariff) for tariff in tariffs] or [{}]
    goal = loaded.case.objective
    found = [
        preview(loaded.site(rulebook, **under), days, objective=goal, full=full) for under in fields
    ]
    return min(found, key=_cost)


def _cost(found: Preview) -> float:
    return found.plan.annual_cost if found.plan.status.has_plan else float("inf")
