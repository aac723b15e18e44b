"""``province.yaml``: what the parks alone do not tell of the province."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from greenland.i18n import _
from greenland.key_results import RANKED
from greenland.park.method import ASSESSED_YEARS
from greenland.rules import Override
from greenland.yamlfile import nearest, read_model

CONFIG_FILE = "province.yaml"


class ProvinceRules(BaseModel):
    """Rule packs of the province, from general to local, and values of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    packs: list[str] = Field(min_length=1)
    overrides: dict[str, Override] = {}


class ProvinceFigures(BaseModel):
    """Figures of the whole province in the assessed year, which no park reports."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gdp_yi: float | None = Field(default=None, gt=0)
    park_gdp_yi: float | None = Field(default=None, ge=0)
    above_scale_output_yi: float | None = Field(default=None, gt=0)
    source: str = ""

    @model_validator(mode="after")
    def _sourced(self) -> ProvinceFigures:
        given = (self.gdp_yi, self.park_gdp_yi, self.above_scale_output_yi)
        if any(value is not None for value in given) and not self.source.strip():
            raise ValueError(_("给出全省数时须写明出处（source）"))
        return self


class ProvinceConfig(BaseModel):
    """Content of ``province.yaml``; all of it may be left out.

    Parameters
    ----------
    name : str
        Name of the province or prefecture.
    year : int, optional
        Assessed year; that of most parks when left out.
    parks : int, optional
        How many parks there are; the number of folders when left out.
    rules : ProvinceRules, optional
        Those of the parks when left out.
    figures : ProvinceFigures
        Of the whole province.
    weights : dict
        Weight of each ranked indicator in the overall ranking; 1 where not named, 0 leaves it out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(default="", max_length=200)
    year: int | None = Field(default=None, ge=ASSESSED_YEARS[0], le=ASSESSED_YEARS[1])
    parks: int | None = Field(default=None, ge=1)
    rules: ProvinceRules | None = None
    figures: ProvinceFigures = ProvinceFigures()
    weights: dict[str, float] = {}

    @field_validator("weights")
    @classmethod
    def _known(cls, weights: dict[str, float]) -> dict[str, float]:
        keys = [item.key for item in RANKED]
        for key, weight in weights.items():
            if key not in keys:
                guess = nearest(key, keys)
                text = _("“{key}”不是排名的指标", key=key)
                raise ValueError(text + (_("，是否应为“{guess}”？", guess=guess) if guess else ""))
            if not weight >= 0:
                raise ValueError(_("“{key}”的权重应不小于 0", key=key))
        if not sum(weights.get(key, 1.0) for key in keys) > 0:
            raise ValueError(_("权重不能全部为 0"))
        return weights


def read_province(folder: Path) -> ProvinceConfig:
    """``province.yaml`` of a folder; the defaults where there is none.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    path = folder / CONFIG_FILE
    return read_model(path, ProvinceConfig) if path.is_file() else ProvinceConfig()
