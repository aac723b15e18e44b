"""The rules a record rests on, gathered from its fields."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from greenland.record.base import RuleReference


def rule_ids(part: Any) -> set[str]:
    """Ids of all rules that fields of a record, or of a part of it, refer to.

    Parameters
    ----------
    part : model, tuple, list, dict or value
    """
    return set(_walk(part))


def _walk(node: Any) -> Iterator[str]:
    if isinstance(node, BaseModel):
        references, others = _fields(type(node))
        for name in references:
            yield from _ids(getattr(node, name))
        for name in others:
            yield from _walk(getattr(node, name))
        for name, value in (node.model_extra or {}).items():
            yield from _undescribed(name, value)
    elif isinstance(node, tuple | list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        for item in node.values():
            yield from _walk(item)


def _undescribed(name: str, value: Any) -> Iterator[str]:
    """The ids in names and values no model describes, by the names of their fields."""
    if name == "rule_id" or name == "rule_ids" or name.endswith("_rule_id"):
        yield from _ids(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _undescribed(key, item)
    elif isinstance(value, list):
        for item in value:
            yield from _undescribed("", item)


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        yield from (str(item) for item in value)


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the fields that hold ids of rules, and of those that hold further models."""
    fields = model.model_fields
    references = tuple(name for name, info in fields.items() if _refers(info))
    return references, tuple(
        name for name, info in fields.items() if name not in references and _holds_models(info)
    )


def _refers(info: FieldInfo) -> bool:
    return any(isinstance(item, RuleReference) for item in (*info.metadata, *_parts(info)))


def _holds_models(info: FieldInfo) -> bool:
    return any(isinstance(item, type) and issubclass(item, BaseModel) for item in _parts(info))


def _parts(info: FieldInfo) -> Iterator[Any]:
    """The annotation and everything inside it, metadata too."""
    yield from _inside(info.annotation)


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for item in get_args(annotation):
        yield from _inside(item)
