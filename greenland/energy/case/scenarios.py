"""Scenarios of a case: the same file with some keys changed, each a case of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from greenland.energy.case.changes import UnknownPartError, put_value
from greenland.energy.case.loading import LoadedCase, load_case
from greenland.energy.case.schema import Case
from greenland.energy.case.source import read_source
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.yamlfile import nearest, place_of, validate
from greenland.yamltree import YamlMap

KEY = "scenarios"


def read_scenarios(path: Path) -> dict[str, LoadedCase]:
    """Read a case file and every scenario in it; the case itself stands first, under ``""``.

    Returns
    -------
    dict of name to LoadedCase

    Raises
    ------
    InputError
        With every fault of the case and of all its scenarios.
    """
    return {name: load_case(case, path.parent) for name, case in case_models(path).items()}


def case_models(path: Path) -> dict[str, Case]:
    """A case file and every scenario in it, without their curves.

    Raises
    ------
    InputError
        With every fault of what is written in the file.
    """
    tree = read_source(path)
    cases = {"": validate(tree, Case, file=path.name)}
    problems: list[Problem] = []
    for name, changes in cases[""].scenarios.items():
        changed, faults = _changed(tree, name, changes, path.name)
        problems += faults
        if faults:
            continue
        try:
            cases[name] = validate(changed, Case, file=f"{path.name} {KEY}.{name}", root=tree)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return cases


def _changed(
    tree: YamlMap, name: str, changes: Mapping[str, Any], file: str
) -> tuple[YamlMap, list[Problem]]:
    """The case with the values of a scenario in it, and what does not lead to a value."""
    changed = copy.deepcopy(tree)
    del changed[KEY]
    problems = []
    for path, value in changes.items():
        try:
            put_value(changed, path, value)
        except UnknownPartError as fault:
            guess = nearest(fault.part, fault.known)
            problems.append(
                Problem(
                    Severity.ERROR,
                    "scenario_key",
                    _(
                        "情景“{scenario}”的“{path}”：没有“{part}”",
                        scenario=name,
                        path=path,
                        part=fault.part,
                    ),
                    _("是否应为“{guess}”？", guess=guess) if guess else "",
                    file=file,
                    **place_of(tree, (KEY, name, path)),
                    got=fault.part,
                    allowed="、".join(fault.known),
                )
            )
    return changed, problems


def scenarios_of(paths: Mapping[str, Path]) -> Iterator[tuple[str, LoadedCase]]:
    """Every case of some files with its scenarios, named by file and scenario."""
    for title, path in paths.items():
        for scenario, loaded in read_scenarios(path).items():
            yield f"{title} · {scenario}" if scenario else title, loaded
