"""Read ``results.json`` back, so that a report can be rendered again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from greenland.errors import input_error
from greenland.i18n import _

FORMAT = 1  # layout of results.json this version renders
PARTS = ("park", "land", "energy", "rules", "problems")


def read_record(path: Path) -> dict[str, Any]:
    """Read a results record.

    Raises
    ------
    InputError
        If the file is not JSON, is not a results record, or has another layout.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise input_error(
            "results_json",
            _("文件不是有效的 JSON：{detail}", detail=str(error)),
            remedy=_("请选择 greenland assess 写出的 results.json。"),
            file=path.name,
        ) from error
    missing = (
        list(PARTS) if not isinstance(record, dict) else [key for key in PARTS if key not in record]
    )
    if missing:
        raise input_error(
            "results_json",
            _("这不是评价结果文件，缺少：{missing}", missing="、".join(missing)),
            remedy=_("请选择 greenland assess 写出的 results.json。"),
            file=path.name,
        )
    if record.get("format") != FORMAT:
        raise input_error(
            "results_format",
            _("结果文件的版式与本程序不同。"),
            remedy=_("请用写出它的那个版本，或重新运行 greenland assess。"),
            file=path.name,
            got=str(record.get("format")),
            allowed=str(FORMAT),
        )
    return dict(record)
