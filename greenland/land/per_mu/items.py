"""Items of a per-mu scheme, as data: indicators, benchmarks, and how values become points."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from greenland.i18n import N_, _, language
from greenland.land.formula import checked
from greenland.land.indicators import INDICATOR_LABELS, QUOTIENTS
from greenland.land.schemes import OWN_NAMES, RuleId, SchemeModel
from greenland.yamlfile import known_name

# Columns a formula may name: a firm's figures of a year (企业效益), and the land it is held to.
FORMULA_COLUMNS = (
    "land_mu",
    "tax_wan",
    "revenue_wan",
    "output_wan",
    "value_added_wan",
    "energy_tce",
    "electricity_mwh",
    "water_m3",
    "emission_t",
    "employees",
    "rd_wan",
    "fixed_investment_wan",
    "technical_upgrade_wan",
)


def firm_indicator(name: str) -> str:
    """Return *name* when firms have such an indicator, or the scheme being read defines it.

    Raises
    ------
    ValueError
        With the nearest known name.
    """
    return known_name(name, [*QUOTIENTS, *OWN_NAMES.get()], _("指标"))


FirmIndicator = Annotated[str, AfterValidator(firm_indicator)]


def _formula(text: str) -> str:
    return checked(text, FORMULA_COLUMNS)


def _condition(text: str) -> str:
    return checked(text, FORMULA_COLUMNS, condition=True)


Formula = Annotated[str, AfterValidator(_formula)]
Condition = Annotated[str, AfterValidator(_condition)]
Column = Annotated[str, AfterValidator(lambda name: known_name(name, FORMULA_COLUMNS, _("数据列")))]


def _new_name(name: str) -> str:
    if name in INDICATOR_LABELS:
        raise ValueError(_("指标“{name}”已有定义，请另取名称", name=name))
    return name


IndicatorName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), AfterValidator(_new_name)]


class OwnIndicator(SchemeModel):
    """An indicator a scheme defines itself.

    Parameters
    ----------
    formula : str
        Over `FORMULA_COLUMNS`, see `greenland.land.formula`.
    unit : str
        ``"share"`` for decimals, else as it is printed.
    """

    title: str
    title_en: str
    unit: str
    formula: Formula

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en


class BenchmarkMethod(StrEnum):
    """What an indicator is measured against."""

    FIXED = "fixed"
    GROUP_MEAN = "group_mean"
    LAST_YEAR_MEAN = "last_year_mean"
    RULE = "rule"
    BEST = "best"
    INDUSTRY_MEAN = "industry_mean"
    INDUSTRY_BEST = "industry_best"


BY_INDUSTRY = (BenchmarkMethod.INDUSTRY_MEAN, BenchmarkMethod.INDUSTRY_BEST)
BENCHMARK_LABELS = {
    BenchmarkMethod.FIXED: N_("固定基准值"),
    BenchmarkMethod.GROUP_MEAN: N_("同组当年平均"),
    BenchmarkMethod.LAST_YEAR_MEAN: N_("同组上年平均的倍数"),
    BenchmarkMethod.RULE: N_("规则规定的数值"),
    BenchmarkMethod.BEST: N_("同组最优企业"),
    BenchmarkMethod.INDUSTRY_MEAN: N_("同组同行业平均"),
    BenchmarkMethod.INDUSTRY_BEST: N_("同组同行业最优企业"),
}


class Missing(StrEnum):
    """What happens to an item whose figure is missing."""

    UNSCORED = "unscored"  # the firm gets no score
    GROUP_MEAN = "group_mean"  # the mean item score of the group
    ZERO = "zero"
    EXEMPT = "exempt"  # the item is left out, its weight spread over the others
    POINTS = "points"  # the points the item states, as a deduction


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
    fewest : int
        For an industry (two digits of GB/T 4754): with fewer firms that have the figure, the
        whole group stands in.
    """

    method: BenchmarkMethod
    value: float | None = Field(default=None, gt=0)
    factor: float = Field(default=1.0, gt=0)
    mean: Literal["aggregate", "simple"] = "aggregate"
    rule: RuleId | None = None
    otherwise: Literal["group_mean"] | None = None
    fewest: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _complete(self) -> Benchmark:
        if self.method is BenchmarkMethod.FIXED and self.value is None:
            raise ValueError(_("固定基准值（fixed）须给出 value"))
        if self.method is BenchmarkMethod.RULE and not self.rule:
            raise ValueError(_("按规则取基准值（rule）须给出规则编号 rule"))
        return self


class ScoringMethod(StrEnum):
    """How a value becomes points."""

    RATIO = "ratio"  # value / benchmark
    RECIPROCAL = "reciprocal"  # benchmark / value: less is better
    COMPLEMENT = "complement"  # 2 − value / benchmark, not below 0: less is better
    MIN_MAX = "min_max"  # between the least and the greatest value
    STEPS = "steps"  # points by bands of the value
    RANK = "rank"  # points by the place among the group


AGAINST_BENCHMARK = (ScoringMethod.RATIO, ScoringMethod.RECIPROCAL, ScoringMethod.COMPLEMENT)
LESS_IS_BETTER = (ScoringMethod.RECIPROCAL, ScoringMethod.COMPLEMENT)
METHOD_LABELS = {
    ScoringMethod.MIN_MAX: N_("极值法"),
    ScoringMethod.STEPS: N_("分段计分"),
    ScoringMethod.RANK: N_("名次计分"),
}


class Step(SchemeModel):
    """Points of one band: from a value upwards, up to a value, or down to a share of places.

    The band without a bound, which comes last, holds whatever is left.
    """

    points: float
    at_least: float | None = None
    at_most: float | None = None
    share: float | None = Field(default=None, gt=0, le=1)


class Scoring(SchemeModel):
    """How values of an item become points.

    Parameters
    ----------
    method : ScoringMethod
    reverse : bool
        For ``min_max`` and ``rank``: the least value is the best.
    base : float
        For ``min_max``: share of the weight the worst value gets.
    least, most : float, optional
        For ``min_max``: ends of the scale; those of the group where left out.
    steps : list of Step
        For ``steps``: bands, all from below or all from above. For ``rank``: cumulative shares of
        places; without them points fall evenly, from the whole weight to weight / firms.
    """

    method: ScoringMethod = ScoringMethod.RATIO
    reverse: bool = False
    base: float = Field(default=0.0, ge=0, lt=1)
    least: float | None = Field(default=None, allow_inf_nan=False)
    most: float | None = Field(default=None, allow_inf_nan=False)
    steps: list[Step] = []

    @model_validator(mode="after")
    def _fits(self) -> Scoring:
        ranged = self.method is ScoringMethod.MIN_MAX
        if not ranged and (self.base or self.least is not None or self.most is not None):
            raise ValueError(_("base、least、most 只用于极值法（min_max）"))
        if self.reverse and self.method not in (ScoringMethod.MIN_MAX, ScoringMethod.RANK):
            raise ValueError(
                _("reverse 只用于 min_max 和 rank；越小越好的比值用 reciprocal 或 complement")
            )
        if self.least is not None and self.most is not None and self.least >= self.most:
            raise ValueError(_("least 应小于 most"))
        if self.steps and self.method not in (ScoringMethod.STEPS, ScoringMethod.RANK):
            raise ValueError(_("steps 只用于 steps 和 rank"))
        if self.method is ScoringMethod.STEPS:
            self._banded()
        elif self.steps:
            shares = [step.share for step in self.steps if step.share is not None]
            if len(shares) < len(self.steps) or shares != sorted(set(shares)):
                raise ValueError(_("名次计分的每一段须给出递增的累计比例 share"))
        return self

    def _banded(self) -> None:
        if not self.steps or any(step.share is not None for step in self.steps):
            raise ValueError(_("分段计分须给出 steps，每段用 at_least 或 at_most"))
        last = self.steps[-1]
        bounded = (
            self.steps
            if last.at_least is not None or last.at_most is not None
            else (self.steps[:-1])
        )
        lower = [step.at_least for step in bounded if step.at_least is not None]
        upper = [step.at_most for step in bounded if step.at_most is not None]
        falling = len(lower) == len(bounded) and lower == sorted(set(lower), reverse=True)
        rising = len(upper) == len(bounded) and upper == sorted(set(upper))
        if not bounded or (lower and upper) or not (falling or rising):
            raise ValueError(
                _(
                    "各段须全部用 at_least 由大到小，或全部用 at_most 由小到大；"
                    "只有最后一段可不写界线"
                )
            )


class Item(SchemeModel):
    """One indicator of a group.

    Parameters
    ----------
    weight : float
        Points of a firm at the benchmark, or of the best one.
    benchmark : Benchmark, optional
        What ``ratio``, ``reciprocal`` and ``complement`` are taken against.
    scoring : Scoring
    cap, floor : float, optional
        Greatest and least ratio of value to benchmark that counts.
    full_when_zero : str, optional
        Column that, being zero, earns the whole weight: no emission, no energy.
    missing : Missing
    missing_points : float, optional
        For ``missing: points``; negative for a deduction.
    """

    indicator: FirmIndicator
    weight: float = Field(gt=0)
    benchmark: Benchmark | None = None
    scoring: Scoring = Scoring()
    cap: float | None = Field(default=None, gt=0)
    floor: float | None = None
    full_when_zero: Column | None = None
    missing: Missing = Missing.UNSCORED
    missing_points: float | None = Field(default=None, allow_inf_nan=False)
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Item:
        if self.cap is not None and self.floor is not None and self.floor >= self.cap:
            raise ValueError(_("floor 应小于 cap"))
        compared = self.scoring.method in AGAINST_BENCHMARK
        if compared != (self.benchmark is not None):
            raise ValueError(
                _("ratio、reciprocal、complement 须给出 benchmark，min_max、steps、rank 不用")
            )
        if not compared and (self.cap is not None or self.floor is not None):
            raise ValueError(_("cap、floor 是与基准值之比的界限，min_max、steps、rank 不用"))
        if (self.missing is Missing.POINTS) != (self.missing_points is not None):
            raise ValueError(_("missing: points 须同时给出 missing_points，其他情形不用"))
        if any(abs(step.points) > self.weight for step in self.scoring.steps):
            raise ValueError(_("各段分数不能超过权重"))
        return self


class BonusItem(SchemeModel):
    """Points added (or taken off, when negative) for a firm that meets a condition."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    title_en: str
    when: Condition
    points: float = Field(allow_inf_nan=False)
    note: str = ""

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en
