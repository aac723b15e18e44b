"""What a study file may say about draws."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from greenland.energy.studies.config_parts import MOST_POINTS, Number, Path, StudyPart
from greenland.i18n import _


class Distribution(StrEnum):
    """Distributions of a draw."""

    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    DISCRETE = "discrete"


class DrawnChoice(StudyPart):
    """One of several values, or of several sets of changes such as weather years."""

    value: Any = None
    changes: dict[str, Any] = {}
    weight: Annotated[float, Field(gt=0)] = 1.0
    name: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if ("value" in self.model_fields_set) == bool(self.changes):
            raise ValueError(_("value 和 changes 要给其中一个"))
        return self


class Drawn(StudyPart):
    """An uncertain quantity: what it changes, and how it is distributed.

    Parameters
    ----------
    distribution : Distribution
        ``normal`` and ``lognormal`` are truncated to *low* and *high* where these are given.
    low, high, mode, mean, sd : float
        In the unit of the key, or as factors. *mean* and *sd* of a lognormal are its own, before
        it is truncated, not those of its logarithm.
    choices : list of DrawnChoice
    """

    name: str = ""
    path: Path | None = None
    paths: list[Path] = []
    factor: bool = False
    distribution: Distribution
    low: Number | None = None
    high: Number | None = None
    mode: Number | None = None
    mean: Number | None = None
    sd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    choices: list[DrawnChoice] = []

    @property
    def all_paths(self) -> list[str]:
        """The path, or all of them; none where choices say what they change."""
        return list(self.paths) if self.path is None else [self.path]

    @property
    def replaced_paths(self) -> list[str]:
        """Paths at which it puts values of its own, instead of multiplying what is there."""
        changed = dict.fromkeys(path for one in self.choices for path in one.changes)
        return [*changed] if changed else [] if self.factor else self.all_paths

    @property
    def title(self) -> str:
        """What people read, and what correlations name."""
        return self.name or "、".join(self.all_paths)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        kind = self.distribution
        needed = {
            Distribution.UNIFORM: ("low", "high"),
            Distribution.TRIANGULAR: ("low", "mode", "high"),
            Distribution.NORMAL: ("mean", "sd"),
            Distribution.LOGNORMAL: ("mean", "sd"),
            Distribution.DISCRETE: ("choices",),
        }[kind]
        optional = ("low", "high") if kind in (Distribution.NORMAL, Distribution.LOGNORMAL) else ()
        described = ("low", "high", "mode", "mean", "sd", "choices")
        lacking = [one for one in needed if getattr(self, one) in (None, [])]
        if lacking:
            raise ValueError(_("{kind} 分布还要给 {keys}", kind=kind, keys="、".join(lacking)))
        given = [one for one in described if one in self.model_fields_set]
        foreign = [one for one in given if one not in (*needed, *optional)]
        if foreign:
            raise ValueError(_("{kind} 分布没有 {keys}", kind=kind, keys="、".join(foreign)))
        low, high = self.low, self.high
        if low is not None and high is not None and low >= high:
            raise ValueError(_("low 应小于 high"))
        if kind is Distribution.TRIANGULAR:
            assert low is not None
            assert self.mode is not None
            assert high is not None
            if not low <= self.mode <= high:
                raise ValueError(_("mode 应在 low 与 high 之间"))
        if kind is Distribution.LOGNORMAL and (self.mean or 0.0) <= 0:
            raise ValueError(_("lognormal 分布的 mean 应大于 0"))
        return self._checked_paths()

    def _checked_paths(self) -> Self:
        """What is changed: by paths, or by the changes of every choice."""
        whole = [bool(one.changes) for one in self.choices]
        if any(whole) and not all(whole):
            raise ValueError(_("choices 要么都写 value，要么都写 changes"))
        if any(whole):
            if self.path is not None or self.paths or self.factor:
                raise ValueError(_("choices 写了 changes，就不再写 path、paths、factor"))
            if not self.name:
                raise ValueError(_("choices 写 changes 时要有 name"))
        elif (self.path is None) == (not self.paths):
            raise ValueError(_("path 和 paths 要给其中一个"))
        elif len(self.paths) > 1 and not self.factor:
            raise ValueError(_("几个 paths 一起变动时请写 factor: true，数值为倍数"))
        return self


class Correlation(StudyPart):
    """Correlation of two draws, as normal scores (Gaussian copula)."""

    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    value: Annotated[float, Field(gt=-1, lt=1)]


class MonteCarloPart(StudyPart):
    """Draws of what is uncertain."""

    draws: Annotated[int, Field(ge=2, le=MOST_POINTS)] = 500
    seed: Annotated[int, Field(ge=0, le=2**63)] = 1
    design: Literal["resized", "fixed", "both"] = "both"
    capacities: dict[str, Any] = {}
    variables: Annotated[list[Drawn], Field(min_length=1)]
    correlations: list[Correlation] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [one.title for one in self.variables]
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            raise ValueError(_("variables 中名称重复：{names}", names="、".join(twice)))
        replaced = [path for one in self.variables for path in one.replaced_paths]
        twice = sorted({path for path in replaced if replaced.count(path) > 1})
        if twice:
            raise ValueError(_("几个变量都直接给出同一项：{paths}", paths="、".join(twice)))
        for pair in self.correlations:
            unknown = [one for one in pair.between if one not in names]
            if unknown or pair.between[0] == pair.between[1]:
                raise ValueError(
                    _(
                        "correlations 的 between 应为 variables 中两个不同的名称：{names}",
                        names="、".join(names),
                    )
                )
        if self.capacities and self.design == "resized":
            raise ValueError(_("design 为 resized 时不用 capacities"))
        return self
