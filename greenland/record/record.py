"""The whole record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import Field

from greenland.evaluations import Evaluation
from greenland.record.base import Evaluated, RecordModel, always, rows
from greenland.record.energy.energy import EnergyRecord
from greenland.record.land.admission import AdmissionRecord
from greenland.record.land.exit import ExitRecord
from greenland.record.land.geometry import GeometryRecord
from greenland.record.land.per_mu import PerMuRecord
from greenland.record.land.policy import PolicyRecord
from greenland.record.land.reallocation import ReallocationRecord
from greenland.record.land.review import ReviewRecord
from greenland.record.land.standard_land import StandardLandRecord
from greenland.record.land.stock import StockRecord
from greenland.record.message import Texts
from greenland.record.park import ParkRecord
from greenland.record.power.account import AccountRecord
from greenland.record.power.outlook import OutlookRecord
from greenland.record.problems import NotEvaluatedRecord, ProblemRecord
from greenland.record.rules import RuleRecord

FORMAT: Final = 2  # layout of results.json

Chapter = TypeVar("Chapter", bound=Evaluated)
Either = Annotated[Chapter | NotEvaluatedRecord, Field(discriminator="evaluated")]


class LandRecord(RecordModel):
    """The evaluations of the land programme, each made or not."""

    standard_land: Either[StandardLandRecord] = always("“标准地”履约")
    per_mu: Either[PerMuRecord] = always("亩均效益")
    review: Either[ReviewRecord] = always("土地节约集约利用评价")
    stock: Either[StockRecord] = always("存量土地台账")
    exit: Either[ExitRecord] = always("动态评估与退出")
    admission: Either[AdmissionRecord] = always("项目准入")
    reallocation: Either[ReallocationRecord] = always("再配置")
    policy: Either[PolicyRecord] = always("差别化政策与指标")
    geometry: Either[GeometryRecord] | None = Field(
        default=None, description="宗地图形核对；园区没有宗地图形的为 null"
    )


class Record(RecordModel):
    """All results of one park in one year.

    Use `Record.made` for what the evaluations give, `greenland.record.reading.read_record` for a
    file, `greenland.record.reading.as_record` for what a file was read into.
    """

    format: Literal[2] = Field(default=FORMAT, description="版式编号")
    greenland: str = always("写出结果的 greenland 版本")
    language: str = always("文字所用语言：zh 中文、en 英文")
    scope: Literal["park", "energy"] = Field(
        default="park", description="范围：park 园区、energy 只有绿电直连"
    )
    year: int = always("评价年度")
    park: ParkRecord = always("园区")
    land: LandRecord = always("土地评价")
    energy: Either[EnergyRecord] = always("绿电直连规模测算")
    outlook: Either[OutlookRecord] | None = Field(
        default=None, description="年度电力供需分析；园区没有企业用能和供电设施数据的为 null"
    )
    account: Either[AccountRecord] | None = Field(
        default=None, description="园区碳账户；园区没有企业用能数据的为 null"
    )
    problems: tuple[ProblemRecord, ...] = rows("数据问题")
    rules: tuple[RuleRecord, ...] = rows("结果所依据的规则，按编号排列")

    @classmethod
    def made(cls, data: Mapping[str, Any], texts: Texts) -> Self:
        """The record of names and values the evaluations give.

        Parameters
        ----------
        data : mapping
            As in ``results.json``, messages as strings.
        texts : mapping of str
            Id and arguments of every message said meanwhile, by its words.
        """
        return cls.model_validate(data, context={"texts": texts})

    def to_json(self) -> str:
        """The text of ``results.json``."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False) + "\n"

    def part(self, item: Evaluation) -> Evaluated | NotEvaluatedRecord | None:
        """What the record has of an evaluation; None for a supplement the park does not have."""
        found: Evaluated | NotEvaluatedRecord | None = getattr(
            self.land if item.is_land else self, item.name
        )
        return found


def if_made(part: Chapter | NotEvaluatedRecord | None) -> Chapter | None:
    """The results of an evaluation, or None when it was not made."""
    return None if isinstance(part, NotEvaluatedRecord) else part
