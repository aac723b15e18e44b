"""Whether the ``land:`` part of park.yaml can be used, found before anything is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.land.per_mu.scheme import load_scheme as load_per_mu_scheme
from greenland.land.per_mu.settings import PerMuSettings, benchmark_problems
from greenland.land.reallocate.settings import ReallocationSettings
from greenland.land.review.scheme import load_scheme as load_review_scheme
from greenland.land.review.settings import ReviewSettings, ideal_problems
from greenland.land.settings import settings
from greenland.yamlfile import line_of, nearest

if TYPE_CHECKING:
    from greenland.park import Park

# Settings of each section, and what loads the scheme they name.
_SECTIONS: dict[str, tuple[type[BaseModel], Callable[[str, Path | None], Any] | None]] = {
    "per_mu": (PerMuSettings, load_per_mu_scheme),
    "review": (ReviewSettings, load_review_scheme),
    "reallocation": (ReallocationSettings, None),
}


def settings_problems(park: Park) -> list[Problem]:
    """Every fault of the ``land:`` part of park.yaml and of the schemes it names."""
    problems = []
    for section in park.config.land:
        touches: tuple[str, ...] = ()
        if section in _SECTIONS:
            touches, faults = (f"land.{section}",), _faults(park, section)
        else:
            guess = nearest(section, list(_SECTIONS))
            touches = (f"land.{guess}",) if guess else ()
            faults = [_unknown(park, section, guess)]
        problems += [
            replace(item, touches=touches) if item.severity is Severity.ERROR else item
            for item in faults
        ]
    return problems


def _faults(park: Park, section: str) -> list[Problem]:
    model, load = _SECTIONS[section]
    try:
        chosen = settings(park, section, model)
    except InputError as error:
        return list(error.problems)
    name = getattr(chosen, "scheme", None)
    if name is None and isinstance(chosen, PerMuSettings) and chosen.benchmarks:
        name = str(park.rulebook.rule("land.per_mu.default_scheme").value)
    if load is None or name is None:
        return []
    try:
        scheme = load(name, park.folder)
    except InputError as error:
        row = line_of(park.config.tree, ("land", section, "scheme"))
        return [
            item if item.file and item.row else replace(item, file="park.yaml", row=row)
            for item in error.problems
        ]

    def line(*path: str) -> int | None:
        return line_of(park.config.tree, ("land", section, *path))

    if isinstance(chosen, PerMuSettings):
        return benchmark_problems(chosen, scheme, partial(line, "benchmarks"))
    if isinstance(chosen, ReviewSettings):
        return ideal_problems(chosen, scheme, partial(line, "ideals"))
    return []


def _unknown(park: Park, section: str, guess: str | None) -> Problem:
    return Problem(
        Severity.ERROR,
        "yaml_extra_forbidden",
        _("不认识的项“{key}”", key=f"land.{section}"),
        _("是否应为“{guess}”？", guess=guess) if guess else "",
        file="park.yaml",
        row=line_of(park.config.tree, ("land", section)),
        allowed="、".join(_SECTIONS),
    )
