"""Rows of the intake workbook: every field of a case once, with what people need to fill it in."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from greenland.energy.case.schema import Case
from greenland.i18n import language
from greenland.yamlfile import read_tree

LEVELS = ("r", "k", "o")  # required, key, optional
NAMED = ("users", "assumptions", "compliance.answers", "rules.overrides", "scenarios")
"""Paths of mappings whose keys are names; each is a sheet of rows."""


class _Sheet(BaseModel):
    """A sheet as ``fields.yaml`` declares it."""

    model_config = ConfigDict(extra="forbid")

    sheet: str
    sheet_en: str
    parts: str = ""
    table: str = ""
    fields: list[tuple[str, str, str, str, str, str, str, str]] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sheets: list[_Sheet]


@dataclass(frozen=True, slots=True)
class CellKind:
    """What a field may hold.

    Parameters
    ----------
    choices : tuple of str
        All it may say, where it is one of a list.
    truth, text, number, nested : bool
        Whether it may be yes or no, text, a number, a list or mapping.
    """

    choices: tuple[str, ...] = ()
    truth: bool = False
    text: bool = False
    number: bool = False
    nested: bool = False


@dataclass(frozen=True, slots=True)
class IntakeField:
    """One row of the workbook.

    Parameters
    ----------
    path : tuple of str
        Keys from the case down; within the part where the sheet has parts.
    level : str
        One of `LEVELS`.
    title, unit, allowed, meaning : str
        In the language in use.
    kind : CellKind
    default : any
        Of the schema; None where it has none.
    section : bool
        Whether it stands for a whole part of the case, which may be there without any entry.
    """

    path: tuple[str, ...]
    level: str
    title: str
    unit: str
    allowed: str
    meaning: str
    kind: CellKind
    default: Any
    section: bool = False

    @property
    def key(self) -> str:
        """The path as it stands in the workbook."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class IntakeSheet:
    """One sheet of the workbook.

    Parameters
    ----------
    title : str
        In the language in use.
    titles : tuple of str
        In all languages.
    parts : str
        List of the case whose items stand in its columns, such as ``"sources"``; or empty.
    table : str
        Mapping of the case whose items stand in its rows, one of `NAMED`; or empty.
    fields : tuple of IntakeField
    """

    title: str
    titles: tuple[str, str]
    parts: str
    table: str
    fields: tuple[IntakeField, ...]


def intake_sheets() -> tuple[IntakeSheet, ...]:
    """Sheets of the workbook in order, in the language in use."""
    return _sheets(language())


@lru_cache(maxsize=4)
def _sheets(spoken: str) -> tuple[IntakeSheet, ...]:
    tree = read_tree(Path(__file__).with_name("fields.yaml"))
    chinese = spoken == "zh"
    return tuple(
        IntakeSheet(
            item.sheet if chinese else item.sheet_en,
            (item.sheet, item.sheet_en),
            item.parts,
            item.table,
            tuple(_field(row, item.parts, chinese=chinese) for row in item.fields),
        )
        for item in _File.model_validate(tree).sheets
    )


def _field(row: tuple[str, ...], parts: str, *, chinese: bool) -> IntakeField:
    path, level, title, unit, allowed, meaning, title_en, meaning_en = row
    keys = tuple(path.split("."))
    annotation, default = field_of((parts, *keys) if parts else keys)
    return IntakeField(
        keys,
        level,
        title if chinese else title_en,
        unit,
        allowed if chinese else "",
        meaning if chinese else meaning_en,
        kind_of(annotation),
        default,
        section=all(
            one is type(None) or (isinstance(one, type) and issubclass(one, BaseModel))
            for one in _members(annotation)
        ),
    )


def field_of(path: tuple[str, ...]) -> tuple[Any, Any]:
    """Type and default of a field of a case.

    Raises
    ------
    KeyError
        If a case has no such field.
    """
    model: Any = Case
    annotation, default = None, None
    for key in path:
        found = model.model_fields[key]
        annotation, default = found.annotation, found.default
        model = part_model(annotation)
    return annotation, None if repr(default) == "PydanticUndefined" else default


def part_model(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, or holds a list of; None for plain values and curves."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = part_model(inner)
        if found is not None:
            return found
    return None


def kind_of(annotation: Any) -> CellKind:
    """What a type allows, all members of a union together."""
    choices: list[str] = []
    allowed = set()
    for member in _members(annotation):
        if isinstance(member, type) and issubclass(member, Enum):
            choices += [str(one.value) for one in member]
        elif get_origin(member) is Literal:
            choices += [str(getattr(one, "value", one)) for one in get_args(member)]
        elif member in (bool, str, int, float):
            allowed.add({bool: "truth", str: "text"}.get(member, "number"))
        elif member is not type(None):
            allowed.add("nested")
    closed = bool(choices) and not allowed
    return CellKind(
        tuple(dict.fromkeys(choices)) if closed else (),
        truth="truth" in allowed,
        text="text" in allowed or bool(choices),
        number="number" in allowed,
        nested="nested" in allowed,
    )


def _members(annotation: Any) -> Iterator[Any]:
    """Members of a union, unions within it included; what is annotated, without its bounds."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for inner in get_args(annotation):
            yield from _members(inner)
    elif hasattr(annotation, "__metadata__"):
        yield from _members(annotation.__origin__)
    else:
        yield annotation


def leaf_paths() -> Iterator[tuple[str, ...]]:
    """Every path of a case that the workbook has to have a place for."""
    yield from _leaves(Case, ())


def _leaves(model: type[BaseModel], before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, item in model.model_fields.items():
        path = (*before, key)
        inner = part_model(item.annotation)
        listed = any(get_origin(member) is list for member in _members(item.annotation))
        mapped = any(get_origin(one) is dict for one in _members(item.annotation))
        whole = inner is None or inner.__name__ == "Curve" or mapped or (listed and before)
        if whole or inner is None:
            yield path
        else:
            yield from _leaves(inner, path)
