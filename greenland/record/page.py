"""The names in the page ``docs/results.md``, made from the types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from greenland.record.message import Message
from greenland.record.record import Record


def layout_list() -> str:
    """Every name of the record in Markdown: one paragraph for each object or row of a table.

    Each name is followed by what it is and its unit; ``[]`` stands for every row of a list,
    ``*`` for every key of a mapping.
    """
    return "".join(
        f"- {f'**`{path}`**' if path else '**顶层**'}：{'、'.join(names)}\n"
        for path, names in _paragraphs(Record, "", ())
    )


def _paragraphs(
    model: type[BaseModel], path: str, above: tuple[type[BaseModel], ...]
) -> Iterator[tuple[str, list[str]]]:
    inner = []
    for name, info in model.model_fields.items():
        key = info.alias or name
        place = f"{path}.{key}" if path else key
        inner += [(f"{place}{suffix}", part) for part, suffix in _models(info.annotation, "")]
    yield path, [_named(info.alias or name, info) for name, info in model.model_fields.items()]
    for place, part in inner:
        if part not in (model, *above):  # a rule holds the rule it replaces
            yield from _paragraphs(part, place, (*above, model))


def _models(annotation: Any, suffix: str) -> Iterator[tuple[type[BaseModel], str]]:
    """Models inside an annotation but those every chapter has, with the way to them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is not Message and annotation.__name__ != "NotEvaluatedRecord":
            yield annotation, suffix
        return
    origin = get_origin(annotation)
    step = "[]" if origin is tuple else ".*" if origin is dict else ""
    for item in get_args(annotation):
        yield from _models(item, suffix + step)


def _named(key: str, info: FieldInfo) -> str:
    extra = info.json_schema_extra
    unit = extra.get("unit") if isinstance(extra, dict) else None
    shown = "小数" if unit == "share" else unit
    return f"`{key}` {info.description}{f'（{shown}）' if shown else ''}"
