"""Where the package's templates are."""

from __future__ import annotations

from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _


def template_folder() -> Path:
    """The package's own templates, in a wheel or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "templates", package.parent / "templates"):
        if (place / "report.html").is_file():
            return place
    raise input_error(
        "templates_missing",
        _("找不到报告模板。"),
        remedy=_("请重新安装 greenland。"),
        got=str(package / "templates"),
    )
