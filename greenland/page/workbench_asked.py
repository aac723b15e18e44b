"""What the views of the workbench share: their blueprint, and what a script asks about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, request

from greenland.errors import input_error
from greenland.i18n import _
from greenland.page.desk import Seat, cases_of, desk
from greenland.page.served import served

blueprint = Blueprint("workbench", __name__, url_prefix="/energy")


def asked() -> dict[str, Any]:
    """What a script sent: a mapping, else the request is refused."""
    content = request.get_json(silent=True)
    if not isinstance(content, dict):
        abort(400)
    return content


def seat_of(name: str, content: Mapping[str, Any]) -> tuple[Path, Seat, str]:
    """The folder of a park, the case that is asked about, and its file."""
    folder = served().folders.park_folder(name)
    file = content.get("case")
    if not isinstance(file, str) or file not in cases_of(folder):
        raise input_error(
            "no_case", _("园区文件夹中没有这个案例。"), remedy=_("请刷新页面后从列表中选择。")
        )
    return folder, desk().seat(folder, file), file


def settings_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of knobs a script sent."""
    settings = content.get("settings")
    if not isinstance(settings, dict):
        abort(400)
    return settings


def tab_of(content: Mapping[str, Any]) -> str:
    """Name a tab gave itself."""
    return str(content.get("tab", ""))[:64]


def change_of(content: Mapping[str, Any]) -> tuple[str, int]:
    """The tab a request is from, and the number of its change."""
    serial = content.get("serial")
    if not isinstance(serial, int):
        abort(400)
    return tab_of(content), serial
