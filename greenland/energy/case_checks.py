"""Every fault and doubt about a case, without solving anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from greenland.energy.case.loading import (
    LoadedCase,
    load_case,
    read_energy,
    rulebook_of,
    rulebook_of_case,
)
from greenland.energy.case.packs import pack_problems
from greenland.energy.case.salvage import case_without_faults
from greenland.energy.case.scenarios import case_models
from greenland.energy.case.schema import Case
from greenland.energy.compliance import ComplianceConfig, unknown_answers
from greenland.energy.money.allocation import not_shared_out
from greenland.energy.money.carbon import CarbonConfig, chosen_factor
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.part_names import unknown_ageing, unknown_parts
from greenland.energy.site.checks import site_problems
from greenland.energy.sized_case import grid_fields_under, tariffs_of
from greenland.energy.tariff import Tariff
from greenland.energy.tariff.resolve import resolve
from greenland.errors import InputError, Problem, Severity
from greenland.rules import Rulebook


def config_problems(
    names: Sequence[str],
    rulebook: Rulebook,
    *,
    finance: FinanceConfig | None = None,
    compliance: ComplianceConfig | None = None,
    carbon: CarbonConfig | None = None,
    parts: Sequence[str] = (),
    sources: Sequence[str] = (),
) -> list[Problem]:
    """What fits nothing in the parts about money, found before anything is sized.

    Parameters
    ----------
    names : sequence of str
        Sources and storages.
    rulebook : Rulebook
    finance, compliance, carbon : optional
        Parts of the file.
    parts, sources : sequence of str
        All that is invested in, and the sources of it.
    """
    problems = []
    if finance is not None:
        problems += unknown_ageing(finance, names)
        problems += unknown_parts(finance, parts, sources)
    if compliance is not None:
        problems += unknown_answers(compliance, rulebook)
    if carbon is not None:
        try:
            chosen_factor(carbon, rulebook)
        except InputError as error:
            problems += error.problems
    return problems


def case_problems(path: Path) -> list[Problem]:
    """Every fault and doubt about a case file, without solving anything."""
    try:
        cases = case_models(path)
    except InputError as error:
        return [*error.problems, *_of_the_rest(path, error.problems)]
    problems: list[Problem] = []
    for case in cases.values():
        found = _of_case(case, path.parent)
        problems += [problem for problem in found if problem not in problems]
    return problems


def _of_the_rest(path: Path, known: Sequence[Problem]) -> list[Problem]:
    """Faults of what is right in a file that is not: its curves, and prices that are missing."""
    case, taken = case_without_faults(path)
    if case is None:
        return []
    try:
        load_case(case, path.parent)
        found: list[Problem] = []
    except InputError as error:
        found = list(error.problems)
    try:
        found += unread_problems(case, path.parent, known)
    except InputError as error:
        found += error.problems
    # a value that was taken out is not missing
    return [item for item in found if item not in known and item.column not in taken]


def _of_case(case: Case, folder: Path) -> list[Problem]:
    """Every fault and doubt about one case, whether its curves are read or not."""
    try:
        loaded = load_case(case, folder)
    except InputError as error:
        unread = list(error.problems)
        try:
            return unread + unread_problems(case, folder, unread)
        except InputError as other:
            return unread + list(other.problems)
    try:
        return _problems(loaded, rulebook_of(loaded))
    except InputError as error:
        return list(error.problems)


def energy_problems(
    energy: Mapping[str, Any], folder: Path, rulebook: Rulebook, *, tree: Any = None
) -> list[Problem]:
    """Every fault and doubt about the ``energy:`` part of a park, without solving anything."""
    try:
        return _problems(read_energy(energy, folder, tree=tree), rulebook)
    except InputError as error:
        return list(error.problems)


def _problems(loaded: LoadedCase, rulebook: Rulebook) -> list[Problem]:
    problems = loaded_config_problems(loaded, rulebook)
    # without its prices the rest of the site is checked all the same
    prices: dict[str, Any] = {}
    try:
        tariffs = tariffs_of(loaded, rulebook)
        prices = grid_fields_under(loaded, tariffs[0]) if tariffs else {}
    except InputError as error:
        problems += error.problems
        prices = {"import_price": 0.0, "export_price": 0.0}
    try:
        site = loaded.site(rulebook, **prices)
    except InputError as error:
        return [*problems, *error.problems]
    return [*problems, *loaded.located(site_problems(site))]


def unread_problems(case: Case, folder: Path, known: Sequence[Problem]) -> list[Problem]:
    """What can be said of a case whose curves are not all read: money, and prices left out.

    Parameters
    ----------
    known : sequence of Problem
        Faults found so far, not to be said twice.
    """
    rulebook = rulebook_of_case(case)
    names = [item.name for item in (*case.sources, *case.storages)]
    found = pack_problems(case, rulebook.packs) + config_problems(
        names, rulebook, finance=case.finance, compliance=case.compliance, carbon=case.carbon
    )
    grid: Any = case.grid
    if case.tariff is not None and grid is not None:
        hours = pd.date_range(f"{rulebook.year}-01-01", f"{rulebook.year}-12-31 23:00", freq="h")
        allowed = getattr(grid, "export_allowed", True) is not False
        try:
            resolve(case.tariff, hours, rulebook, folder=folder, export_allowed=allowed)
        except InputError as error:
            # files of prices are read on the steps of the load, which are not known
            found += [item for item in error.problems if item.code in _WITHOUT_CURVES]
    return [item for item in found if item not in known]


_WITHOUT_CURVES = ("tariff_missing", "tariff_billing")


def loaded_config_problems(loaded: LoadedCase, rulebook: Rulebook) -> list[Problem]:
    """What fits nothing in the parts about money of a case."""
    case, fields = loaded.case, loaded.fields
    names = [item.name for item in (*fields["sources"], *fields["storages"])]
    sources = [item.name for item in fields["sources"]]
    others = [
        item.name
        for kind in ("electrolysers", "generators", "fixed_assets")
        for item in fields[kind]
    ]
    return pack_problems(case, rulebook.packs) + config_problems(
        names,
        rulebook,
        parts=[*names, *others, "grid"],
        sources=sources,
        finance=case.finance,
        compliance=case.compliance,
        carbon=case.carbon,
    )


def checked_tariffs(
    loaded: LoadedCase, rulebook: Rulebook
) -> tuple[tuple[Tariff, ...], tuple[Problem, ...]]:
    """Tariffs a case asks for, and what is doubtful about the case.

    Raises
    ------
    InputError
        With its faults, those of its prices too.
    """
    problems = loaded_config_problems(loaded, rulebook)
    tariffs: tuple[Tariff, ...] = ()
    try:
        tariffs = tariffs_of(loaded, rulebook)
    except InputError as error:
        problems += error.problems
    split = None if loaded.users is None else not_shared_out(rulebook)
    problems += [] if split is None else [split]
    if any(item.severity is Severity.ERROR for item in problems):
        raise InputError(problems)
    return tariffs, tuple(problems)
