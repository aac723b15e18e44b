"""What is wrong with the input, and evaluations that were not made."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from greenland.errors import Severity
from greenland.record.base import RecordModel, Said, always, cell, rows


class ProblemRecord(RecordModel):
    """One finding about the input."""

    severity: Severity = always("程度：error 错误、warning 警告、notice 提示")
    code: str = always("问题种类的代码")
    message: Said = always("问题")
    remedy: Said | None = cell("处理办法")
    file: str | None = cell("文件")
    sheet: str | None = cell("工作表")
    row: int | None = cell("行号")
    column: str | None = cell("列")
    got: Said | None = cell("实际内容")
    allowed: Said | None = cell("允许内容")
    touches: tuple[str, ...] = rows("影响的评价")


class NotEvaluatedRecord(RecordModel):
    """An evaluation that was not made, and why."""

    evaluated: Literal[False] = Field(description="未计算")
    reason: Said = always("未计算的原因")
    problems: tuple[ProblemRecord, ...] = rows("造成未计算的问题")
