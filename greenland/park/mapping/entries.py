"""Content of ``mapping.yaml`` as it stands in the file."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, field_validator

# Written where a sheet or column is not to be read.
NOT_READ = ("不读取", "not read")


class MatchKind(StrEnum):
    """How an entry came about."""

    CERTAIN = "certain"  # the dictionary has the name, the synonym or the value
    GUESSED = "guessed"  # likeness of names, units or values; used once it is confirmed
    UNMATCHED = "unmatched"  # nothing like it
    DECIDED = "decided"  # written by hand


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    match: MatchKind = MatchKind.DECIDED
    confirm: bool = False
    note: str = ""

    @property
    def target(self) -> str:
        """What it stands for: name of a table, column or value; empty: nothing is said."""
        raise NotImplementedError

    @property
    def waits(self) -> bool:
        """Whether it is a guess that nobody has confirmed."""
        return bool(self.target) and self.match is MatchKind.GUESSED and not self.confirm

    @property
    def used(self) -> bool:
        """Whether reading follows it."""
        return bool(self.target) and not self.waits

    @property
    def skipped(self) -> bool:
        """Whether it says that the sheet or column is not to be read."""
        return self.target in NOT_READ

    @property
    def by_hand(self) -> bool:
        """Whether a person has written or confirmed it."""
        return self.used and self.match is not MatchKind.CERTAIN


class ValueEntry(_Entry):
    """What a value of the park's table stands for."""

    value: str | None = None

    @property
    def target(self) -> str:
        """Name or code of a choice, or a land code."""
        return (self.value or "").strip()


class ColumnEntry(_Entry):
    """What a heading of the park's table stands for, and in which unit its numbers are."""

    column: str | None = None
    unit: str | None = None
    values: dict[str, ValueEntry] = {}

    @field_validator("values", mode="before")
    @classmethod
    def _short(cls, values: Any) -> Any:
        return _in_full(values, "value")

    @property
    def target(self) -> str:
        """Header of the dictionary, without unit."""
        return (self.column or "").strip()


class SheetEntry(_Entry):
    """What a sheet, or a CSV file by its name without ``.csv``, stands for."""

    table: str | None = None
    columns: dict[str, ColumnEntry] = {}

    @field_validator("columns", mode="before")
    @classmethod
    def _short(cls, values: Any) -> Any:
        return _in_full(values, "column")

    @property
    def target(self) -> str:
        """Title of a table."""
        return (self.table or "").strip()


class MappingFile(BaseModel):
    """Content of ``mapping.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sheets: dict[str, SheetEntry] = {}

    def confirmed(self) -> MappingFile:
        """The same with every guess confirmed."""
        return MappingFile(sheets={name: _confirmed(entry) for name, entry in self.sheets.items()})


_E = TypeVar("_E", bound=_Entry)


def _confirmed(entry: _E) -> _E:
    """An entry, and those below it, whose guesses are confirmed."""
    update: dict[str, Any] = {"confirm": True} if entry.waits else {}
    for part in ("columns", "values"):
        below: Mapping[str, _Entry] | None = getattr(entry, part, None)
        if below:
            update[part] = {name: _confirmed(item) for name, item in below.items()}
    return entry.model_copy(update=update)


def _in_full(values: Any, key: str) -> Any:
    """``占地: 宗地面积`` for ``占地: {column: 宗地面积}``."""
    if values is None:
        return {}
    if not isinstance(values, dict):
        return values
    return {
        name: {key: item} if isinstance(item, str) or item is None else item
        for name, item in values.items()
    }
