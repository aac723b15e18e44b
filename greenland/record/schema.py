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
        **{k: v for k, v in Record.model_json_schema().items() if k != "title"},
    }


def schema_text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
