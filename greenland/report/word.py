"""placeholder"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_docx(
    record: Mapping[str, Any], path: Path, language: str = "zh", template: Path | None = None
) -> Path:
    raise NotImplementedError(record, path, language, template)
