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
        **_untitled(Record.model_json_schema()),
    }


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
