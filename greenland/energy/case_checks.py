"""Every fault and doubt about a case, without solving anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from greenland.energy.case.loading import LoadedCase, read_energy, rulebook_of
from greenland.energy.case.scenarios import read_scenarios
from greenland.energy.compliance import ComplianceConfig, unknown_answers
from greenland.energy.money.allocation import not_shared_out
from greenland.energy.money.carbon import CarbonConfig, chosen_factor
from greenland.energy.money.cash_flow import unknown_ageing, unknown_parts
from greenland.energy.money.config import FinanceConfig
from greenland.energy.site.checks import site_problems
from greenland.energy.sized_case import grid_fields_under, tariffs_of
from greenland.energy.tariff import Tariff
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
        problems: list[Problem] = []
        for loaded in read_scenarios(path).values():
            found = _problems(loaded, rulebook_of(loaded))
            problems += [problem for problem in found if problem not in problems]
        return problems
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
    try:
        tariffs = tariffs_of(loaded, rulebook)
        prices = grid_fields_under(loaded, tariffs[0]) if tariffs else {}
        site = loaded.site(rulebook, **prices)
    except InputError as error:
        return [*problems, *error.problems]
    return [*problems, *site_problems(site)]


def loaded_config_problems(loaded: LoadedCase, rulebook: Rulebook) -> list[Problem]:
    """What fits nothing in the parts about money of a case."""
    case, fields = loaded.case, loaded.fields
    names = [item.name for item in (*fields["sources"], *fields["storages"])]
    sources = [item.name for item in fields["sources"]]
    others = [item.name for kind in ("electrolysers", "fixed_assets") for item in fields[kind]]
    return config_problems(
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
