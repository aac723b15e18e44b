"""What a park sets for its re-allocation in park.yaml, and its choices."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from greenland.i18n import N_, _


class ReallocationObjective(StrEnum):
    """What is maximised."""

    TAX = "tax"
    REVENUE = "revenue"
    SCORE = "score"


OBJECTIVE_LABELS = {
    ReallocationObjective.TAX: N_("预期年税收（万元）"),
    ReallocationObjective.REVENUE: N_("预期年营业收入（万元）"),
    ReallocationObjective.SCORE: N_("加权得分"),
}

SCORED = ("tax_wan", "revenue_wan", "output_wan", "value_added_wan", "fixed_investment_wan")

COLUMN_LABELS = {
    "tax_wan": N_("预期年税收"),
    "revenue_wan": N_("预期年营业收入"),
    "output_wan": N_("预期年产值"),
    "value_added_wan": N_("预期年工业增加值"),
    "fixed_investment_wan": N_("固定资产投资额"),
    "power_mw": N_("用电负荷"),
    "energy_tce": N_("预期年综合能耗"),
    "emission_t": N_("预期年主要污染物排放量"),
    "requested_area_mu": N_("申请用地面积"),
    "area_mu": N_("用地总量"),
}

LIMIT_UNITS = {"area_mu": "亩", "power_mw": "MW", "energy_tce": "吨标煤", "emission_t": "吨"}


class LandSource(StrEnum):
    """Where land on offer comes from."""

    AVAILABLE = "available"
    STOCK = "stock"
    EXIT = "exit"


SOURCE_LABELS = {
    LandSource.AVAILABLE: N_("尚可供应"),
    LandSource.STOCK: N_("批而未供"),
    LandSource.EXIT: N_("退出"),
}


class ParkLimits(BaseModel):
    """What the park as a whole has for new projects; left out: not limited."""

    model_config = ConfigDict(extra="forbid")

    area_mu: float | None = Field(default=None, ge=0)
    power_mw: float | None = Field(default=None, ge=0)
    energy_tce: float | None = Field(default=None, ge=0)
    emission_t: float | None = Field(default=None, ge=0)


class ReallocationSettings(BaseModel):
    """``land.reallocation`` of park.yaml.

    Parameters
    ----------
    objective : {"tax", "revenue", "score"}
    weights : mapping
        For a score: weight of each figure of the pipeline, summing to 1; each figure counts as
        its share in the pipeline's total.
    time_limit : float
        [s]
    gap : float
        Stop when the benefit is this near to the bound, as decimal of it.
    """

    model_config = ConfigDict(extra="forbid")

    objective: ReallocationObjective = ReallocationObjective.TAX
    weights: dict[str, float] = {}
    limits: ParkLimits = ParkLimits()
    sources: list[LandSource] = list(LandSource)
    time_limit: float = Field(50.0, gt=0)
    gap: float = Field(0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _weighted(self) -> ReallocationSettings:
        unknown = [name for name in self.weights if name not in SCORED]
        if unknown:
            raise ValueError(
                _("权重不认识 {names}，可用：{allowed}", names="、".join(unknown),
                  allowed="、".join(SCORED))
            )  # fmt: skip
        if any(weight < 0 for weight in self.weights.values()):
            raise ValueError(_("权重不能为负"))
        total = sum(self.weights.values())
        if self.objective is ReallocationObjective.SCORE and abs(total - 1) > 1e-9:
            raise ValueError(_("加权得分的权重之和应为 1，实际为 {total}", total=f"{total:g}"))
        return self
