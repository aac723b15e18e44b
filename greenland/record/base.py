"""What every part of the record is built of: frozen models with described fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from greenland.record.message import Message, Said


@dataclass(frozen=True, slots=True)
class RuleReference:
    """Marks a field that holds the id of a rule, so that the rules used can be gathered."""


RuleId = Annotated[str, RuleReference()]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d", json_schema_extra={"format": "date"})]
Direction = Literal[">=", "<=", ">", "<", "not_in"]


class RecordModel(BaseModel):
    """A part of the record: nothing in it that is not described, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready names and values, as they stand in ``results.json``."""
        return self.model_dump(mode="json", by_alias=True)

    def cells(self) -> dict[str, Any]:
        """Names as in ``results.json`` and values; messages in the language in use."""
        return {name: _shown(getattr(self, field)) for name, field in _names(type(self))}


class Evaluated(RecordModel):
    """Results of an evaluation that was made."""

    evaluated: Literal[True] = Field(default=True, description="已计算")
    rules: tuple[RuleId, ...] = Field(default=(), description="本项评价查用的规则")


@cache
def _names(model: type[RecordModel]) -> tuple[tuple[str, str], ...]:
    """Name in the file and attribute of each field."""
    return tuple((info.alias or name, name) for name, info in model.model_fields.items())


def _shown(value: Any) -> Any:
    kind = type(value)
    if kind is Message:
        return str(value)
    if kind is tuple:
        return [_shown(item) for item in value]
    if isinstance(value, RecordModel):
        return value.cells()
    return value


def cell(description: str, unit: str = "", **options: Any) -> Any:
    """A field that may be null, and is where there is no data.

    Parameters
    ----------
    description : str
        What it is, in Chinese.
    unit : str
        ``"share"`` for a decimal.
    **options
        Further arguments of `pydantic.Field`, such as ``alias``.
    """
    return Field(default=None, description=description, **_unit(unit), **options)


def always(description: str, unit: str = "", **options: Any) -> Any:
    """A field that is never null; arguments as of `cell`."""
    return Field(description=description, **_unit(unit), **options)


def rows(description: str, **options: Any) -> Any:
    """A table or list; empty where there is nothing to list."""
    return Field(default=(), description=description, **options)


def _unit(unit: str) -> dict[str, Any]:
    """Named only where there is one: an empty value would take the place of the type's own."""
    return {"json_schema_extra": {"unit": unit}} if unit else {}


__all__ = [
    "Day",
    "Direction",
    "Evaluated",
    "Message",
    "RecordModel",
    "RuleId",
    "RuleReference",
    "Said",
    "always",
    "cell",
    "rows",
]
