"""Parts of a record of which a test names only what it is about."""

from __future__ import annotations

import types
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)


def part(model: type[M], **given: Any) -> M:
    """A part with the values given, what else it must have neutral: no number, no row, no data."""
    return model.model_validate(_filled(model, given))


def _filled(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    filled = dict(given)
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in given:
            filled[key] = _within(info.annotation, given[key])
        elif info.is_required():
            filled[key] = _neutral(info.annotation)
    return filled


def _within(annotation: Any, value: Any) -> Any:
    """The value, with the parts inside it filled."""
    model = _model_of(annotation)
    if isinstance(value, Mapping) and value.get("evaluated") is False:
        return value
    if model is not None and isinstance(value, Mapping):
        return _filled(model, value)
    if model is not None and isinstance(value, list):
        return [_filled(model, item) if isinstance(item, Mapping) else item for item in value]
    return value


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The first model inside an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for arg in get_args(annotation) if (m := _model_of(arg)) is not None), None)


def _neutral(annotation: Any) -> Any:
    origin = get_origin(annotation)
    if origin is Literal:
        return get_args(annotation)[0]
    if origin in (Union, types.UnionType) or hasattr(annotation, "__metadata__"):
        return _neutral(get_args(annotation)[-1])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _filled(annotation, {})
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return "no_data"
    return {str: "2026-12-31", int: 0, float: 0.0, bool: False}.get(annotation, {})
