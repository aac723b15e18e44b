"""Case files: a site written down in YAML, with its curves as files beside it.

The keys are the fields of `greenland.energy.site`; a curve is a CSV, Excel or Parquet file. The
``energy:`` part of a park file has the same form.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import BaseModel

from greenland.energy import site as parts
from greenland.energy.case.defaults import SITE_FIELDS, with_defaults
from greenland.energy.case.packs import packs_of
from greenland.energy.case.reader import CaseReader, user
from greenland.energy.case.schema import Case
from greenland.energy.case.source import read_source
from greenland.energy.case.weather import weather_of
from greenland.energy.compliance import ComplianceConfig
from greenland.energy.compliance.export import LIMIT_FIELDS, SHARE, export_ban, export_base
from greenland.energy.money.levelling import levelled
from greenland.energy.profiles.tables import files_kept
from greenland.energy.site import Site
from greenland.energy.site.limit_kinds import SITE_LIMITS
from greenland.errors import InputError, Problem
from greenland.rules import Rule, Rulebook, load_rulebook
from greenland.yamlfile import validate

if TYPE_CHECKING:
    from greenland.energy.profiles.renewable.weather import Weather


@dataclass(frozen=True, eq=False)
class LoadedCase:
    """A case with its curves read.

    Parameters
    ----------
    case : Case
    folder : Path
        What file names are relative to.
    load : Series
        [MW]
    fields : dict
        Keyword arguments of `Site`, without prices where there is a tariff.
    users : DataFrame, optional
        Consumption of each user [MW].
    series : tuple of dict
        Name and provenance of every curve.
    weather : Weather, optional
        Of the place, for the facts of the resource.
    """

    case: Case
    folder: Path
    load: pd.Series
    fields: Mapping[str, Any]
    users: pd.DataFrame | None = None
    series: tuple[dict[str, Any], ...] = field(default=())
    weather: Weather | None = None

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of the site, those of curves with the file each was read from."""
        files = {item["name"]: item["provenance"].get("file", "") for item in self.series}

        def file_of(problem: Problem) -> str:
            return problem.file or next((files[n] for n in problem.columns if n in files), "")

        return [dataclasses.replace(item, file=file_of(item)) for item in problems]

    def site(self, rulebook: Rulebook, **grid: Any) -> Site:
        """The site, with *grid* fields (such as a tariff's prices) put in.

        What the case leaves out of `greenland.energy.case.defaults.FIELDS` comes from the rules;
        what a feasibility study adds is in the yearly costs of the parts.

        Raises
        ------
        InputError
            With every fault of the site.
        """
        fields = with_defaults(self.case, self.fields, rulebook)
        if fields["grid"] is not None and grid:
            fields["grid"] = dataclasses.replace(fields["grid"], **grid)
        if fields["grid"] is not None and self.export_ban(rulebook) is not None:
            fields["grid"] = dataclasses.replace(fields["grid"], export_allowed=False)
        if self.case.limits_from_rules:
            fields["limits"] = limits_with_rules(self.case, fields["limits"], rulebook)
        try:
            site = Site(load=self.load, **fields)
        except InputError as error:
            raise InputError(self.located(error.problems)) from error
        return levelled(site, self.case.finance, rulebook, self.case.objective)

    def export_ban(self, rulebook: Rulebook) -> Rule | None:
        """The rule by which nothing is fed back, where the case leaves that to the rules."""
        case = self.case
        written: BaseModel | None = case.grid
        if not case.limits_from_rules or written is None:
            return None
        if "export_allowed" in written.model_fields_set:
            return None
        config = case.compliance or ComplianceConfig()
        return export_ban(config, rulebook, makes_hydrogen=bool(case.electrolysers))

    def exports(self, rulebook: Rulebook) -> bool:
        """Whether energy may be fed back in some step."""
        allowed = self.fields["grid"].export_allowed is not False
        return allowed and self.export_ban(rulebook) is None


def rule_limits(rulebook: Rulebook) -> dict[str, str]:
    """Fields of `Limits` that a case may take from the rules, and the rule of each.

    What the share of export is a share of is a rule too.
    """
    found = {kind.field: kind.rule for kind in SITE_LIMITS if kind.rule and kind.rule != SHARE}
    return found | {LIMIT_FIELDS[export_base(rulebook)]: SHARE}


def limits_with_rules(case: Case, limits: parts.Limits, rulebook: Rulebook) -> parts.Limits:
    """Limits with the shares the case leaves out taken from the rules in force."""
    written: BaseModel = case.limits
    given = written.model_fields_set
    found: dict[str, Any] = {
        name: rulebook.number(rule_id)
        for name, rule_id in rule_limits(rulebook).items()
        if name not in given and rulebook.get(rule_id) is not None
    }
    return dataclasses.replace(limits, **found)


def read_case(path: Path) -> LoadedCase:
    """Read a case file and its curves.

    Raises
    ------
    InputError
        With every fault found, unknown keys with the nearest known one.
    """
    tree = read_source(path)
    return load_case(validate(tree, Case, file=path.name), path.parent)


def read_energy(
    energy: Mapping[str, Any], folder: Path, *, tree: Any = None, file: str = "park.yaml"
) -> LoadedCase:
    """Read the ``energy:`` part of a park file and its curves.

    Raises
    ------
    InputError
        With every fault found.
    """
    part = tree["energy"] if tree is not None and "energy" in tree else energy
    case = validate(part, Case, file=file, root=tree, prefix=("energy",) if tree else ())
    return load_case(case, folder)


@files_kept()  # one file often holds the curves of all users
def load_case(case: Case, folder: Path, reader: CaseReader | None = None) -> LoadedCase:
    """Read the curves of a case and make the parts of its site.

    Parameters
    ----------
    case : Case
    folder : Path
        What file names are relative to.
    reader : CaseReader, optional
        A new one that knows some curves already.

    Raises
    ------
    InputError
        With every curve that cannot be used.
    """
    reader = reader or CaseReader(folder, case.step_hours)
    load = reader.load(case.load)
    fields: dict[str, Any] = {
        name: tuple(reader.part(kind, item) for item in getattr(case, name))
        for name, kind in _LISTS.items()
    }
    fields["grid"] = None if case.grid is None else reader.part(parts.Grid, case.grid)
    limits: BaseModel = case.limits
    fields["limits"] = parts.Limits(**limits.model_dump())
    for name in ("weather_years", "unserved_price"):
        fields[name] = getattr(case, name)
    fields |= {name: getattr(case, name) for name in SITE_FIELDS if getattr(case, name) is not None}
    users = {name: reader.curve(curve, user(name)) for name, curve in case.users.items()}
    weather = weather_of(case.weather, folder, reader.problems)
    if reader.problems or load is None:
        raise InputError(reader.problems)
    table = pd.DataFrame(users, index=load.index) if users else None
    return LoadedCase(case, folder, load, fields, table, tuple(reader.series), weather)


_LISTS: dict[str, type] = {
    "sources": parts.Source,
    "storages": parts.Storage,
    "shiftable": parts.ShiftableLoad,
    "interruptible": parts.InterruptibleLoad,
    "electrolysers": parts.Electrolyser,
    "generators": parts.Generator,
    "fixed_assets": parts.FixedAsset,
}


def rulebook_of(loaded: LoadedCase) -> Rulebook:
    """The rules of a case that stands alone, in its year; see `greenland.energy.case.packs`."""
    return rulebook_of_case(loaded.case)


def rulebook_of_case(case: Case) -> Rulebook:
    """The rules of a case whose curves need not be read."""
    overrides = None if case.rules is None else case.rules.overrides
    packs = [one.pack for one in packs_of(case)]
    return load_rulebook(packs, case.year, overrides=overrides)
