"""A province: many parks evaluated, ranked among their like, added up, held against its goals."""

from greenland.province.config import ProvinceConfig
from greenland.province.evaluation import evaluate
from greenland.province.result import ProvinceResult

__all__ = ["ProvinceConfig", "ProvinceResult", "evaluate"]
