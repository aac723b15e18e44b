"""Rules in force: packs of dated, sourced values, and what a park overrides.

A pack is a folder of YAML files below ``rules/packs``; each file lists rules. Of several rules
with one id, those in force in the assessed year count; a pack named later wins over one named
earlier, and within a pack the one that came into force last. Limits and methods are those of the
last day of the year (`Rulebook.rule`); prices hold from their day (`Rulebook.in_year`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from greenland.errors import InputError, Problem, RuleNotFoundError, Severity
from greenland.i18n import _
from greenland.rules.dated import Ranking, RuleSpan, latest, spans_in_year
from greenland.rules.override import PART_OF_FAULT, Override, overriding
from greenland.rules.rule import Confidence, Origin, Rule, Value
from greenland.yamlfile import nearest, read_model
from greenland.yamlhints import short

PACKS = Path(__file__).parent / "packs"
LEVEL = "{level}"  # stands for the level of the park in a rule id
Place = Callable[[tuple[str | int, ...]], dict[str, Any]]


class _RuleEntry(BaseModel):
    """One rule as it stands in a pack file."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")
    value: Value
    unit: str = ""
    title: str
    title_en: str
    document: str = ""
    origin: Origin = Origin.DOCUMENT
    clause: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    plan_end: dt.date | None = None
    confidence: Confidence
    note: str = ""
    note_en: str = ""

    @model_validator(mode="after")
    def _of_its_origin(self) -> _RuleEntry:
        if bool(self.document) != (self.origin is Origin.DOCUMENT):
            raise ValueError(_("写 document（文件名称或文号），或写 origin，只写一项。"))
        return self

    @model_validator(mode="after")
    def _of_its_unit(self) -> _RuleEntry:
        values = self.value if isinstance(self.value, list) else [self.value]
        for value in values:
            share = self.unit.startswith("share") and value is not None
            if (self.unit and isinstance(value, bool)) or (share and isinstance(value, str | dict)):
                raise ValueError(
                    _(
                        "有单位“{unit}”的规则，值应为数字：{value}",
                        unit=self.unit,
                        value=short(value),
                    )
                )
        return self


class _PackFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rules: list[_RuleEntry]


def available_packs() -> list[str]:
    """Names of the packs that come with the package."""
    return sorted(path.name for path in PACKS.iterdir() if path.is_dir())


@lru_cache(maxsize=32)
def pack_rules(folder: Path) -> tuple[Rule, ...]:
    """Every rule in the files of a pack, in force or not."""
    rules = []
    for path in sorted(folder.glob("*.yaml")):
        for entry in read_model(path, _PackFile).rules:
            rules.append(Rule(**entry.model_dump(), pack=folder.name))
    return tuple(rules)


def is_known_rule(rule_id: str) -> bool:
    """Whether a pack of the package has the rule in some year; ``{level}`` stands for any level.

    Examples
    --------
    >>> is_known_rule("land.per_mu.output_floor.{level}"), is_known_rule("land.per_mu.min_tax")
    (True, False)
    """
    before, level, after = rule_id.partition(LEVEL)
    return any(
        known == rule_id or (level and known.startswith(before) and known.endswith(after))
        for known in known_rule_ids()
    )


@lru_cache(maxsize=1)
def known_rule_ids() -> tuple[str, ...]:
    """Ids of all rules of the package's packs, in force or not."""
    ids = {rule.id for name in available_packs() for rule in pack_rules(PACKS / name)}
    return tuple(sorted(ids))


def packs_with(rule_id: str, year: int) -> tuple[str, ...]:
    """Packs of the package that have a value for a rule on some day of a year."""
    found = []
    for name in available_packs():
        versions = [rule for rule in pack_rules(PACKS / name) if rule.id == rule_id]
        if versions and spans_in_year(versions, Ranking.of((name,)), year):
            found.append(name)
    return tuple(found)


@dataclass(frozen=True)
class Rulebook:
    """The rules in force in one year, as `load_rulebook` gives them.

    Parameters
    ----------
    year : int
        Assessed year.
    packs : tuple of str
        Names, from the most general to the most local.
    rules : mapping of rule id to Rule
        Those in force, overrides of the park in their place.
    all_rules : tuple of Rule
        Of every pack, in force or not.
    """

    year: int
    packs: tuple[str, ...]
    rules: Mapping[str, Rule]
    all_rules: tuple[Rule, ...] = ()

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id in force.

        Raises
        ------
        RuleNotFoundError
            If no named pack has one in force in the year.
        """
        try:
            return self.rules[rule_id]
        except KeyError:
            raise RuleNotFoundError(rule_id, self.year, self.packs, packs_with) from None

    def find(self, rule_id: str) -> Rule | None:
        """The rule of that id in force, whether it has a value or not; or None."""
        return self.rule(rule_id) if rule_id in self.rules else None

    def get(self, rule_id: str) -> Rule | None:
        """The rule of that id in force, or None; a rule without a value counts as None."""
        if rule_id not in self.rules or self.rules[rule_id].value is None:
            return None
        return self.rule(rule_id)

    def number(self, rule_id: str) -> float:
        """The value of a numeric rule, as a float in the rule's unit.

        Raises
        ------
        RuleNotFoundError
            If there is none, or its value is left to the park to supply.
        """
        value = self.rule(rule_id).value
        if value is None:
            raise RuleNotFoundError(rule_id, self.year, self.packs, packs_with)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{rule_id}: {value!r}")
        return float(value)

    def under(self, prefix: str) -> Iterator[Rule]:
        """Every rule in force whose id begins with *prefix* and a dot."""
        for rule_id in sorted(self.rules):
            if rule_id.startswith(prefix + "."):
                yield self.rule(rule_id)

    def in_year(self, rule_id: str) -> tuple[RuleSpan, ...]:
        """The rule of that id on every day of the year, in consecutive spans of days.

        Days on which no rule is in force belong to no span; a rule without a value makes none.
        """
        versions = [rule for rule in self.all_rules if rule.id == rule_id]
        return spans_in_year(versions, self.ranking, self.year)

    @property
    def ranking(self) -> Ranking:
        """Which of two rules of one id wins."""
        return Ranking.of(self.packs)

    def as_of(self, year: int) -> Rulebook:
        """The same packs and overrides in another year."""
        return _select(self.all_rules, self.packs, year)

    def consulted(self) -> ConsultedRulebook:
        """The same rules, for one evaluation: it lists those the evaluation asks for."""
        return ConsultedRulebook(self.year, self.packs, self.rules, self.all_rules)


@dataclass(frozen=True)
class ConsultedRulebook(Rulebook):
    """A rulebook handed to one evaluation, whose results name every rule they rest on.

    Parameters
    ----------
    asked : set of str
        Ids of the rules asked for so far.
    """

    asked: set[str] = field(default_factory=set, compare=False, repr=False)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id in force, noted as asked for."""
        rule = super().rule(rule_id)
        self.asked.add(rule_id)
        return rule

    def in_year(self, rule_id: str) -> tuple[RuleSpan, ...]:
        """The rule of that id on every day of the year, noted as asked for where it is one."""
        found = super().in_year(rule_id)
        if found:
            self.asked.add(rule_id)
        return found

    def as_of(self, year: int) -> ConsultedRulebook:
        """The same packs and overrides in another year; what is asked for is noted here too."""
        other = super().as_of(year)
        return ConsultedRulebook(year, other.packs, other.rules, other.all_rules, self.asked)


def _select(rules: Sequence[Rule], packs: tuple[str, ...], year: int) -> Rulebook:
    """Keep of each id the rule in force at the end of the year: latest pack, then latest date."""
    chosen = latest(rules, Ranking.of(packs), dt.date(year, 12, 31))
    return Rulebook(year, packs, chosen, tuple(rules))


def load_rulebook(
    packs: Sequence[str] = ("national",),
    year: int | None = None,
    *,
    overrides: Mapping[str, Override] | None = None,
    folders: Sequence[Path] = (),
    place: Place | None = None,
) -> Rulebook:
    """Load packs and keep the rules in force in a year.

    Parameters
    ----------
    packs : sequence of str
        Names, from the most general to the most local; later ones win.
    year : int, optional
        Assessed year; the current one when left out.
    overrides : mapping of rule id to Override, optional
        The park's own values; shown as overrides wherever they act.
    folders : sequence of Path, optional
        Further places of packs, before the package's own.
    place : callable, optional
        Gives ``file`` and ``row`` of a path below ``rules`` in the park's or case's file.

    Returns
    -------
    Rulebook
        The rules in force; ``rule(id)``, ``number(id)`` and ``under(prefix)`` look them up.

    Raises
    ------
    InputError
        If a pack does not exist, a pack file is faulty, or an override names an unknown rule.

    Examples
    --------
    >>> load_rulebook(("national",), 2026).number("energy.direct.self_use_of_generation")
    0.6
    """
    places = [*folders, PACKS]
    rules: list[Rule] = []
    where = place or (lambda path: {})
    problems: list[Problem] = []
    for number, name in enumerate(packs):
        folder = next((item for item in map(_pack_of(name), places) if item), None)
        if folder is None:
            problems.append(replace(_no_pack(name), **where(("packs", number))))
            continue
        rules.extend(pack_rules(folder))
    year = dt.date.today().year if year is None else year
    base = _select(rules, tuple(packs), year)
    if not problems:  # else rules of the missing pack would be called unknown
        for rule_id, item in (overrides or {}).items():
            own = overriding(item, rule_id, base.all_rules, base.rules.get(rule_id))
            if isinstance(own, Problem):
                part = PART_OF_FAULT[own.code]
                problems.append(replace(own, **where(("overrides", rule_id, part))))
            else:
                rules.append(own)
    if problems:
        raise InputError(problems)
    return _select(rules, tuple(packs), year)


def _pack_of(name: str) -> Callable[[Path], Path | None]:
    """Finds the folder of a pack directly below a place: no path, and nothing outside it."""

    def below(place: Path) -> Path | None:
        names = [item.name for item in place.iterdir() if item.is_dir()] if place.is_dir() else []
        return place / name if name in names else None

    return below


def _no_pack(name: str) -> Problem:
    known = available_packs()
    guess = nearest(name, known)
    return Problem(
        Severity.ERROR,
        "rule_pack",
        _("没有名为“{name}”的规则包。", name=short(name)),
        _("是否应为“{guess}”？", guess=guess) if guess else "",
        got=short(name),
        allowed="、".join(known),
    )
