"""The list of parks, a new one by form, and who a park is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.errors import InputError, Problem
from greenland.files import write_text
from greenland.i18n import _
from greenland.page.check import checked_now, signature
from greenland.page.files import files_of
from greenland.page.folders import ParkFolders
from greenland.page.intake import change_settings
from greenland.page.results import results_path
from greenland.page.served import served
from greenland.park.blank_yaml import blank_yaml
from greenland.park.config import (
    CONFIG_FILE,
    PARK_LEVEL_LABELS,
    PARK_TYPE_LABELS,
    ParkConfig,
    read_config,
)
from greenland.park.method import ASSESSED_YEARS
from greenland.park.setting import with_settings
from greenland.yamlfile import validate
from greenland.yamltree import parse_tree

blueprint = Blueprint("parks", __name__)


@blueprint.get("/")
def index() -> str:
    """Every park below the folder."""
    folders = served().folders
    rows = [_row(folders, name) for name in folders.names()]
    return render_template("page/parks.html", rows=rows, single=folders.single)


def _row(folders: ParkFolders, name: str) -> dict[str, Any]:
    folder = folders.park_folder(name)
    known, seen = served().configs, signature(folder)
    if folder not in known or known[folder][0] != seen:  # a workbook takes a while to open
        try:
            known[folder] = seen, read_config(folder)
        except InputError:
            known[folder] = seen, None
    there = results_path(folder).is_file()
    return {"name": name, "config": known[folder][1], "results": there}


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | AnyResponse | tuple[str, int]:
    """A new park by form."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            name = _make(request.form)
        except InputError as error:
            problems = list(error.problems)
        else:
            served().messages.tell(
                _("已建立。下一步：下载空白工作簿填写，再放到下面；已有台账的直接放入。")
            )
            return redirect(url_for("parks.overview", name=name))
    given = {key: request.form.get(key, "") for key in ("name", "level", "type", "code")}
    year = request.form.get("year") or str(dt.date.today().year - 1)
    page = render_template("page/new.html", problems=problems, given=given, year=year, **_lists())
    return (page, 400) if problems else page


def _lists() -> dict[str, Any]:
    return {
        "levels": {str(key): _(label) for key, label in PARK_LEVEL_LABELS.items()},
        "types": {str(key): _(label) for key, label in PARK_TYPE_LABELS.items()},
        "years": ASSESSED_YEARS,
    }


def _make(form: Mapping[str, str]) -> str:
    """Make the folder of a new park with its ``park.yaml``; the name of the folder."""
    folder = served().folders.new_folder(form.get("name", "").strip())
    text = with_settings(blank_yaml(), _checked(form))
    folder.mkdir()
    write_text(folder / CONFIG_FILE, text)
    return folder.name


def _checked(form: Mapping[str, str]) -> dict[str, str | int]:
    """Settings of the form, as ``park.yaml`` takes them.

    Raises
    ------
    InputError
        With everything that is wrong with them.
    """
    year = form.get("year", "").strip()
    settings: dict[str, str | int] = {
        "name": form.get("name", "").strip(),
        "level": form.get("level", ""),
        "type": form.get("type", ""),
        "year": int(year) if year.isascii() and year.isdecimal() and len(year) <= 4 else year,
    }
    if code := form.get("code", "").strip():
        settings["code"] = code
    validate(parse_tree(with_settings("", settings), CONFIG_FILE), ParkConfig, file=CONFIG_FILE)
    return settings


@blueprint.get("/park/<name>/")
def overview(name: str) -> str:
    """What there is of a park, and what to do next."""
    shared = served()
    folder = shared.folders.park_folder(name)
    problems: list[Problem] = []
    config = None
    try:
        config = read_config(folder)
    except InputError as error:
        problems = list(error.problems)
    return render_template(
        "page/park.html",
        park=name,
        config=config,
        problems=problems,
        files=files_of(folder, config),
        waiting=shared.incoming.waiting(folder),
        checked=checked_now(shared.jobs, shared.signatures, folder),
        jobs=[job.as_record() for job in shared.jobs.of(folder) if job.under_way],
        results=results_path(folder).is_file(),
        **_lists(),
    )


@blueprint.post("/park/<name>/settings")
def settings(name: str) -> AnyResponse:
    """Write who the park is into ``park.yaml``; the version before is kept."""
    folder = served().folders.park_folder(name)
    changed = change_settings(folder, _checked(request.form))
    served().messages.tell(
        _("基本情况已保存，原来的 park.yaml 保留在 versions。") if changed else _("没有改动。")
    )
    return redirect(url_for("parks.overview", name=name))
