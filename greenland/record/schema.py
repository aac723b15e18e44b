"""The JSON Schema of ``results.json``, made from the types.

The file beside this module is what ``python -m greenland.record.schema`` writes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from greenland.record.record import FORMAT, Record

PATH = Path(__file__).with_name("results.schema.json")


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"greenland results.json, format {FORMAT}",
        **_named_in_json(_untitled(Record.model_json_schema())),
    }


def _named_in_json(node: Any) -> Any:
    """A schema in which discriminators say true, where pydantic before 2.14 says True."""
    if isinstance(node, list):
        return [_named_in_json(part) for part in node]
    if not isinstance(node, dict):
        return node
    if "propertyName" in node and "mapping" in node:
        names = {"True": "true", "False": "false"}
        mapping = {names.get(name, name): at for name, at in node["mapping"].items()}
        return {**node, "mapping": mapping}
    return {key: _named_in_json(part) for key, part in node.items()}


def _untitled(node: dict[str, Any]) -> dict[str, Any]:
    """The schema without the titles pydantic makes of the names, which repeat them."""
    return {
        key: {name: _untitled(part) for name, part in value.items()}
        if key in ("properties", "$defs")
        else _untitled(value)
        if isinstance(value, dict)
        else [_untitled(part) if isinstance(part, dict) else part for part in value]
        if isinstance(value, list)
        else value
        for key, value in node.items()
        if key != "title"
    }


def schema_text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
