"""Schemes of the per-mu benefit evaluation (亩均效益评价), as data.

A scheme says which indicators count with which weights, what each is measured against, what
happens when a figure is missing, who is exempt, and how scores become classes. Schemes are YAML
files; those in ``schemes/`` come with the package, a park may bring its own.
"""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from greenland.i18n import N_, _, language
from greenland.land.indicators import QUOTIENTS
from greenland.land.schemes import RuleId, SchemeModel, SchemeRegistry
from greenland.results import PerMuClass
from greenland.rules import Confidence
from greenland.yamlfile import known_name

SCHEMES = Path(__file__).parent / "schemes"
FULL_WEIGHT = 100.0  # points of a firm that just reaches every benchmark


class BenchmarkMethod(StrEnum):
    """What an indicator is measured against."""

    FIXED = "fixed"
    GROUP_MEAN = "group_mean"
    LAST_YEAR_MEAN = "last_year_mean"
    RULE = "rule"


BENCHMARK_LABELS = {
    BenchmarkMethod.FIXED: N_("固定基准值"),
    BenchmarkMethod.GROUP_MEAN: N_("同组当年平均"),
    BenchmarkMethod.LAST_YEAR_MEAN: N_("同组上年平均的倍数"),
    BenchmarkMethod.RULE: N_("规则规定的数值"),
}


class Missing(StrEnum):
    """What happens to an item whose figure is missing."""

    UNSCORED = "unscored"  # the firm gets no score
    GROUP_MEAN = "group_mean"  # the mean item score of the group
    ZERO = "zero"
    EXEMPT = "exempt"  # the item is left out, its weight spread over the others


class FirmGroup(StrEnum):
    """Firms that are ranked together."""

    ABOVE_SCALE = "above_scale"
    BELOW_SCALE = "below_scale"


FIRM_GROUP_LABELS = {FirmGroup.ABOVE_SCALE: N_("规上"), FirmGroup.BELOW_SCALE: N_("规下")}


class Tenants(StrEnum):
    """How firms on rented land are treated."""

    COMBINED = "combined"  # figures and land together with the landlord's, one class
    FOLLOW = "follow"  # not scored; the landlord's class
    OWN = "own"  # scored on the land they rent


def firm_indicator(name: str) -> str:
    """Return *name* when firms have such an indicator.

    Raises
    ------
    ValueError
        With the nearest known name.
    """
    return known_name(name, QUOTIENTS, _("指标"))


FirmIndicator = Annotated[str, AfterValidator(firm_indicator)]


class Benchmark(SchemeModel):
    """Benchmark of one item.

    Parameters
    ----------
    method : BenchmarkMethod
    value : float, optional
        For ``fixed``, in the unit of the indicator.
    factor : float
        Multiplies a mean.
    mean : {"aggregate", "simple"}
        Sum over sum, or mean of the firms' values.
    rule : str, optional
        For ``rule``: id, in which ``{level}`` stands for the level of the park.
    otherwise : {"group_mean"}, optional
        What stands in when the rule is not in force for the park.
    """

    method: BenchmarkMethod
    value: float | None = Field(default=None, gt=0)
    factor: float = Field(default=1.0, gt=0)
    mean: Literal["aggregate", "simple"] = "aggregate"
    rule: RuleId | None = None
    otherwise: Literal["group_mean"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Benchmark:
        if self.method is BenchmarkMethod.FIXED and self.value is None:
            raise ValueError(_("固定基准值（fixed）须给出 value"))
        if self.method is BenchmarkMethod.RULE and not self.rule:
            raise ValueError(_("按规则取基准值（rule）须给出规则编号 rule"))
        return self


class Item(SchemeModel):
    """One indicator of a group.

    Parameters
    ----------
    weight : float
        Points of a firm at the benchmark.
    cap, floor : float, optional
        Greatest and least ratio of value to benchmark that counts.
    missing : Missing
    """

    indicator: FirmIndicator
    weight: float = Field(gt=0)
    benchmark: Benchmark
    cap: float | None = Field(default=None, gt=0)
    floor: float | None = None
    missing: Missing = Missing.UNSCORED
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Item:
        if self.cap is not None and self.floor is not None and self.floor >= self.cap:
            raise ValueError(_("floor 应小于 cap"))
        return self


class Bound(SchemeModel):
    """The class down to a cumulative share of firms, or from a score upwards."""

    name: PerMuClass = Field(alias="class")
    share: float | None = Field(default=None, gt=0, le=1)
    score: float | None = None


class Classes(SchemeModel):
    """How scores become classes.

    Parameters
    ----------
    method : {"share", "score"}
    bounds : list of Bound
        From the best class to the worst; cumulative shares ending at 1, or least scores, the
        last without one.
    ties : {"better", "worse"}
        Where firms with one score stand on both sides of a boundary, the class all of them get.
    rounding : {"nearest", "down", "up"}
        How a share of the firms becomes a number of firms.
    """

    method: Literal["share", "score"]
    bounds: list[Bound] = Field(min_length=2)
    ties: Literal["better", "worse"] = "better"
    rounding: Literal["nearest", "down", "up"] = "nearest"
    confidence: Confidence = Confidence.TEXT
    note: str = ""

    @model_validator(mode="after")
    def _steps(self) -> Classes:
        if self.method == "share":
            values = [bound.share for bound in self.bounds]
            known = [value for value in values if value is not None]
            if len(known) < len(values) or known != sorted(set(known)):
                raise ValueError(_("按比例分类时每一类须给出递增的累计比例 share"))
            if not math.isclose(known[-1], 1.0):
                raise ValueError(_("最后一类的累计比例应为 1"))
        else:
            scores = [bound.score for bound in self.bounds[:-1]]
            known = [value for value in scores if value is not None]
            if len(known) < len(scores) or known != sorted(set(known), reverse=True):
                raise ValueError(_("按得分分类时除最后一类外须给出递减的最低得分 score"))
        return self


class Veto(SchemeModel):
    """A fact that limits the class, whatever the score.

    Parameters
    ----------
    when : {"veto_matter", "below"}
        A veto matter is entered for the firm, or an indicator is below a value.
    at_best : PerMuClass
        Best class such a firm can have.
    indicator : str, optional
        For ``below``.
    value : float, optional
        For ``below``: the threshold itself, in the unit of the indicator.
    rule : str, optional
        For ``below``, in place of *value*: id of the rule that holds the threshold, in which
        ``{level}`` stands for the level of the park.
    """

    when: Literal["veto_matter", "below"]
    at_best: PerMuClass = PerMuClass.D
    indicator: FirmIndicator | None = None
    value: float | None = Field(default=None, allow_inf_nan=False)
    rule: RuleId | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Veto:
        threshold = (self.value is not None) + (self.rule is not None)
        if self.when == "below" and (self.indicator is None or threshold != 1):
            raise ValueError(
                _("低于限值（below）须给出指标 indicator，并给出限值 value 或规则编号 rule 之一")
            )
        if self.when == "veto_matter" and (self.indicator is not None or threshold):
            raise ValueError(_("一票否决事项（veto_matter）不用 indicator、value 和 rule"))
        return self


class Exemptions(SchemeModel):
    """Who is not classed: young firms, new land [years], utilities."""

    firm_years: float | None = Field(default=None, gt=0)
    land_years: float | None = Field(default=None, gt=0)
    utilities: bool = False


class Bonus(SchemeModel):
    """Whether points added and taken off count, and within which bounds."""

    minimum: float | None = None
    maximum: float | None = None


class Title(SchemeModel):
    """A name in both languages."""

    title: str
    title_en: str


class GroupScheme(SchemeModel):
    """Items of one group of firms."""

    items: list[Item] = Field(min_length=1)

    @model_validator(mode="after")
    def _weights(self) -> GroupScheme:
        names = [item.indicator for item in self.items]
        if len(set(names)) < len(names):
            raise ValueError(_("同一组内指标不得重复"))
        total = math.fsum(item.weight for item in self.items)
        if not math.isclose(total, FULL_WEIGHT, rel_tol=1e-9):
            raise ValueError(
                _("各项权重之和应为 {full:g}，实际为 {total:g}", full=FULL_WEIGHT, total=total)
            )
        return self


class PerMuScheme(SchemeModel):
    """A whole scheme.

    Parameters
    ----------
    document, confidence : str, Confidence
        Where it comes from and how its wording was seen.
    groups : mapping of FirmGroup to GroupScheme
    class_titles : mapping of PerMuClass to Title
        What the place calls the classes.
    decimals : int
        Decimals scores are rounded to before they are compared.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    title_en: str
    document: str
    clause: str = ""
    confidence: Confidence
    note: str = ""
    groups: dict[FirmGroup, GroupScheme] = Field(min_length=1)
    classes: Classes
    class_titles: dict[PerMuClass, Title] = {}
    exempt: Exemptions = Exemptions()
    vetoes: list[Veto] = []
    bonus: Bonus | None = None
    tenants: Tenants = Tenants.COMBINED
    decimals: int = Field(default=4, ge=0, le=10)

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en


_REGISTRY = SchemeRegistry(SCHEMES, PerMuScheme, "per_mu_scheme")


def available_schemes() -> list[str]:
    """Ids of the schemes that come with the package."""
    return _REGISTRY.names()


def load_scheme(name: str, folder: Path | None = None) -> PerMuScheme:
    """Load a scheme by its id, or from a YAML file of the park.

    Parameters
    ----------
    name : str
        Id of a scheme of the package, or a file name ending in ``.yaml``.
    folder : Path, optional
        Folder a file name is relative to.

    Raises
    ------
    InputError
        If there is no such scheme, or the file is faulty.
    """
    return _REGISTRY.load(
        name, folder, lambda: _("没有名为“{name}”的亩均效益评价方案。", name=name)
    )
