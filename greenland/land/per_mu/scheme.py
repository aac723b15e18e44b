"""Schemes of the per-mu benefit evaluation (亩均效益评价), as data.

A scheme says which indicators count with which weights, what each is measured against, what
happens when a figure is missing, who is exempt, and how scores become classes. Schemes are YAML
files; those in ``schemes/`` come with the package, a park may bring its own.
"""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from greenland.i18n import N_, _, language
from greenland.land.per_mu.items import (
    BonusItem,
    Condition,
    FirmIndicator,
    IndicatorName,
    Item,
    OwnIndicator,
)
from greenland.land.schemes import RuleId, SchemeModel, SchemeRegistry, SchemeWithIndicators
from greenland.results import PerMuClass
from greenland.rules import Confidence

SCHEMES = Path(__file__).parent / "schemes"
FULL_WEIGHT = 100.0  # points of a firm that just reaches every benchmark


class FirmGroup(StrEnum):
    """The two groups every scheme knows; it may define further ones."""

    ABOVE_SCALE = "above_scale"
    BELOW_SCALE = "below_scale"


PLAIN_GROUPS = {str(FirmGroup.ABOVE_SCALE): True, str(FirmGroup.BELOW_SCALE): False}
FIRM_GROUP_LABELS = {FirmGroup.ABOVE_SCALE: N_("规上"), FirmGroup.BELOW_SCALE: N_("规下")}


class Tenants(StrEnum):
    """How firms on rented land are treated."""

    COMBINED = "combined"  # figures and land together with the landlord's, one class
    FOLLOW = "follow"  # not scored; the landlord's class
    OWN = "own"  # scored on the land they rent


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
    """Whether points added and taken off count, by which conditions, and within which bounds.

    Parameters
    ----------
    items : list of BonusItem
        Reckoned from the figures, on top of the points entered for the firm.
    """

    minimum: float | None = None
    maximum: float | None = None
    items: list[BonusItem] = []

    @model_validator(mode="after")
    def _once(self) -> Bonus:
        ids = [item.id for item in self.items]
        if len(set(ids)) < len(ids):
            raise ValueError(_("加减分项的 id 不得重复"))
        return self


class Title(SchemeModel):
    """A name in both languages."""

    title: str
    title_en: str


class GroupScheme(SchemeModel):
    """Items of one group of firms, and which firms belong to it.

    Parameters
    ----------
    title, title_en : str
        Name of a group of the scheme's own.
    above_scale : bool, optional
        Only firms above, or below, designated size.
    industries : list of str
        Only firms whose GB/T 4754 code begins with one of these.
    when : str, optional
        Only firms that meet this condition on their figures.
    least_land_mu : float, optional
        Firms with less land [亩] are not evaluated.
    full : float
        Points of a firm that just reaches every benchmark; what the weights add up to.
    """

    title: str = ""
    title_en: str = ""
    above_scale: bool | None = None
    industries: list[str] = []
    when: Condition | None = None
    least_land_mu: float | None = Field(default=None, gt=0)
    full: float = Field(default=FULL_WEIGHT, gt=0)
    items: list[Item] = Field(min_length=1)

    @property
    def limited(self) -> bool:
        """Whether it holds some firms only, by a condition of its own."""
        return self.above_scale is not None or bool(self.industries) or self.when is not None

    @model_validator(mode="after")
    def _weights(self) -> GroupScheme:
        names = [item.indicator for item in self.items]
        if len(set(names)) < len(names):
            raise ValueError(_("同一组内指标不得重复"))
        total = math.fsum(item.weight for item in self.items)
        if not math.isclose(total, self.full, rel_tol=1e-9):
            raise ValueError(
                _("各项权重之和应为 {full:g}，实际为 {total:g}", full=self.full, total=total)
            )
        return self


class PerMuScheme(SchemeWithIndicators):
    """A whole scheme.

    Parameters
    ----------
    document, confidence : str, Confidence
        Where it comes from and how its wording was seen.
    groups : mapping of name to GroupScheme
        ``above_scale`` and ``below_scale`` need no condition; groups of the scheme's own are
        tried before them, in their order.
    indicators : mapping of name to OwnIndicator
        Indicators the scheme defines itself.
    mixed : {"combined", "own"}
        A landlord and tenants of different groups: one unit in the landlord's group, or each
        firm in its own.
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
    note_en: str = ""
    indicators: dict[IndicatorName, OwnIndicator] = {}
    groups: dict[str, GroupScheme] = Field(min_length=1)
    classes: Classes
    class_titles: dict[PerMuClass, Title] = {}
    exempt: Exemptions = Exemptions()
    vetoes: list[Veto] = []
    bonus: Bonus | None = None
    tenants: Tenants = Tenants.COMBINED
    mixed: Literal["combined", "own"] = "combined"
    decimals: int = Field(default=4, ge=0, le=10)

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en

    def group_name(self, group: str) -> str:
        """Name of a group in the language in use."""
        part = self.groups[group]
        title = part.title if language() == "zh" else part.title_en
        return title or _(FIRM_GROUP_LABELS[FirmGroup(group)])

    @model_validator(mode="after")
    def _groups(self) -> PerMuScheme:
        for name, part in self.groups.items():
            if name not in PLAIN_GROUPS and not (part.title and part.title_en and part.limited):
                raise ValueError(
                    _(
                        "组“{name}”须有 title、title_en，并用 above_scale、industries 或 when "
                        "写明哪些企业属于该组；不用条件的组只有 above_scale、below_scale",
                        name=name,
                    )
                )
            if name in PLAIN_GROUPS and part.limited:
                raise ValueError(_("组“{name}”按是否规上划分，不能另加条件；请另设一组", name=name))
        return self


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
