"""What a case leaves out of its economics and storages, taken from the rules and said so."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from greenland.energy.case.schema import Case
from greenland.energy.site import Technology
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.rules import Rule, Rulebook
from greenland.rules.holders import where_held

_PREFIX = "energy.cost"
_STORAGE = ("lifetime", "charge_efficiency", "discharge_efficiency", "depth_of_discharge")
FIELDS: dict[str, tuple[str, ...]] = {
    "sources": ("lifetime",),
    "storages": _STORAGE,
    "electrolysers": ("lifetime",),
    "fixed_assets": ("lifetime",),
    "grid": ("lifetime",),
}
"""Fields of each kind of part that a rule fills where the case leaves them out."""

SITE_FIELDS = ("discount_rate", "project_years")
_OWNERS = {
    "storages": "storage",
    "electrolysers": "electrolyser",
    "fixed_assets": "fixed_asset",
    "grid": "grid",
}
_OF_SOURCES = {Technology.PV: "pv", Technology.WIND: "wind"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field that a case leaves out, and the rule that fills it.

    Parameters
    ----------
    kind : str
        List of the case the part stands in, such as ``"storages"``; empty for the site.
    place : int
        Of the part in its list.
    owner : str
        Name of the part.
    """

    kind: str
    place: int
    owner: str
    field: str
    rule_id: str

    @property
    def name(self) -> str:
        """The field as people write it, such as ``battery.lifetime``."""
        return f"{self.owner}.{self.field}" if self.owner else self.field


def default_rules() -> Iterator[tuple[str, str]]:
    """Every field that a rule may fill, such as ``storages.lifetime``, with the rule's id."""
    for name in SITE_FIELDS:
        yield name, f"{_PREFIX}.{name}"
    for kind, names in FIELDS.items():
        owners = [_OWNERS[kind]] if kind in _OWNERS else [*_OF_SOURCES.values(), "source"]
        for name in names:
            yield from ((f"{kind}.{name}", f"{_PREFIX}.{owner}.{name}") for owner in owners)


def left_out(case: Case, fields: Mapping[str, Any]) -> Iterator[LeftOut]:
    """Every field that a case leaves to the rules.

    Parameters
    ----------
    case : Case
    fields : mapping
        Parts of the site, as `load_case` made them.
    """
    for name in SITE_FIELDS:
        if getattr(case, name) is None:
            yield LeftOut("", 0, "", name, f"{_PREFIX}.{name}")
    for kind, names in FIELDS.items():
        written, parts = getattr(case, kind), fields[kind]
        if kind == "grid":
            written, parts = [written], [parts]
        for place, (given, part) in enumerate(zip(written, parts, strict=True)):
            if given is None or (kind == "grid" and not part.decides_capacity):
                continue  # a given connection is not built
            owner = _OWNERS.get(kind) or _OF_SOURCES.get(part.technology, "source")
            for field in names:
                if not _given(given, field):
                    title = getattr(part, "name", kind)
                    yield LeftOut(kind, place, title, field, f"{_PREFIX}.{owner}.{field}")


def _given(part: BaseModel, field: str) -> bool:
    """Whether a case says a field, or another in its place."""
    written = part.model_fields_set
    return field in written or (field == "depth_of_discharge" and "min_soc" in written)


def rules_of(case: Case, fields: Mapping[str, Any], rulebook: Rulebook) -> dict[LeftOut, Rule]:
    """The rule of every field a case leaves out.

    Raises
    ------
    InputError
        With every field that no rule fills either.
    """
    found, problems = {}, []
    for item in left_out(case, fields):
        rule = rulebook.get(item.rule_id)
        if rule is not None:
            found[item] = rule
            continue
        problems.append(
            Problem(
                Severity.ERROR,
                "default_missing",
                _(
                    "案例没有给出 {field}，也没有缺省值{held}。",
                    field=item.name,
                    held=where_held(rulebook, item.rule_id),
                ),
                _("请在案例中填写，或在 overrides 中给出 {rule_id}。", rule_id=item.rule_id),
                column=item.name,
                touches=("energy",),
            )
        )
    if problems:
        raise InputError(problems)
    return found


def with_defaults(case: Case, fields: Mapping[str, Any], rulebook: Rulebook) -> dict[str, Any]:
    """Fields of the site with what the case leaves out put in.

    Raises
    ------
    InputError
        With every field that no rule fills either.
    """
    filled = dict(fields)
    for item, rule in rules_of(case, fields, rulebook).items():
        value: Any = rulebook.number(rule.id)
        if not item.kind:
            filled[item.field] = round(value) if item.field == "project_years" else value
        elif item.kind == "grid":
            filled["grid"] = dataclasses.replace(filled["grid"], **{item.field: value})
        else:
            parts = list(filled[item.kind])
            parts[item.place] = dataclasses.replace(parts[item.place], **{item.field: value})
            filled[item.kind] = tuple(parts)
    return filled
