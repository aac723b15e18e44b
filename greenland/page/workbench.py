"""Direct supply: values are turned in the page, and the exact optimum follows."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import (
    abort,
    render_template,
    request,
)
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from greenland.energy.workbench import Cards
from greenland.errors import InputError, input_error
from greenland.files import whole
from greenland.i18n import _
from greenland.page.choose import choose_park
from greenland.page.desk import CURVES, Seat, cases_of, curve_files, desk
from greenland.page.folders import checked_name
from greenland.page.jobs import Job
from greenland.page.kinds import checked_kind
from greenland.page.served import served
from greenland.page.versions import copy_version
from greenland.page.workbench_asked import (
    asked,
    blueprint,
    change_of,
    seat_of,
    settings_of,
    tab_of,
)
from greenland.page.workbench_cards import AGAINST
from greenland.page.workbench_words import day_in_words, in_words, knob_in_words
from greenland.page.workbench_work import (
    MODULES,
    BenchTask,
    size_patiently,
)
from greenland.report.labels import name as name_of

PATIENT = "bench_patient"
CODES = ("pv", "wind", "battery")
"""Names of parts that are the code of what they are, as in the report."""


@blueprint.get("/")
def index() -> str | AnyResponse:
    """Choose the park."""
    return choose_park("workbench.park", _("直供测算"))


@blueprint.get("/<name>/")
def park(name: str) -> str:
    """The workbench of a case of a park."""
    folder = served().folders.park_folder(name)
    cases = cases_of(folder)
    file = request.args.get("case") or next(iter(cases), "")
    found: dict[str, Any] = {"park": name, "cases": cases, "file": file, "problems": ()}
    if file not in cases:
        return render_template("page/workbench_none.html", **found)
    try:
        seat = desk().seat(folder, file)
    except InputError as error:
        found["problems"] = error.problems
        return render_template("page/workbench_none.html", **found)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number, knob in enumerate(seat.bench.knobs):
        shown = {"id": f"k{number}", **knob_in_words(knob)}
        owner = name_of(knob.owner) if knob.owner in CODES else knob.owner
        groups.setdefault((knob.group, owner), []).append(shown)
    cards, problems = Cards(seat.bench).all()
    found |= {
        "groups": groups,
        "cards": [card.to_record() for card in cards],
        "card_problems": problems,
        "curve_files": curve_files(folder),
        "title": cases[file],
        "against": {str(key): _(title) for key, title in AGAINST.items()},
        "words": _words(),
    }
    return render_template("page/workbench.html", **found)


def _words() -> dict[str, str]:
    """What the script of the page says."""
    return {
        "working": str(_("测算中…")),
        "done": str(_("已按新设定测算：{head}")),
        "took": str(_("用时 {n} 秒")),
        "failed": str(_("未能测算")),
        "infeasible": str(_("各项要求不能同时满足")),
        "sizing": str(_("测算中，已 {n} 秒")),
        "why": str(_("正在查明是哪一项要求、差多少…")),
        "open": str(
            _("快速算法没有给出解，改用通用求解器，可能要几分钟；可继续调整，以最新设定为准。")
        ),
        "own": str(_("自发自用")),
        "import": str(_("下网")),
        "export": str(_("上网")),
        "curtailment": str(_("弃电")),
        "unserved": str(_("缺电")),
        "load": str(_("负荷")),
        "month": str(_("{n} 月")),
        "months": str(_("月份")),
        "time": str(_("时刻")),
        "unlimited": str(_("不限")),
        "base": str(_("原案例 {text}")),
        "saved": str(_("已保存情景“{name}”。")),
        "removed": str(_("已删除情景“{name}”。")),
        "written": str(_("已写入园区文件夹：{name}")),
        "overwrite": str(_("{text} 要覆盖吗？")),
        "remove": str(_("删除情景“{name}”？")),
        "choose": str(_("请先勾选要比较的情景。")),
        "numbers": str(_("数据表")),
        "front": str(_("年供电总成本（万元/年）")),
        "point": str(_("采用这一点：{label}")),
        "uploaded": str(_("已收下曲线 {name}。")),
        "clean": str(_("读数检查没有发现疑问。")),
    }


# -- what the script asks for --------------------------------------------------------------------


@blueprint.post("/<name>/size")
def size(name: str) -> dict[str, Any]:
    """Size a case with settings, unless the tab has changed again meanwhile."""
    content = asked()
    _folder, seat, _file = seat_of(name, content)
    answer = desk().size(seat, settings_of(content), *change_of(content))
    return {"overtaken": True} if answer is None else in_words(seat, answer)


@blueprint.post("/<name>/reasons")
def reasons(name: str) -> dict[str, Any]:
    """Which requirements conflict, and by how much each would have to give."""
    content = asked()
    _folder, seat, _file = seat_of(name, content)
    found = desk().reasons(seat, settings_of(content), *change_of(content))
    return found or {"text": "", "relaxations": []}


@blueprint.post("/<name>/doing")
def doing(name: str) -> dict[str, Any]:
    """What a sizing that takes longer is at."""
    content = asked()
    served().folders.park_folder(name)
    return {"text": desk().doing(tab_of(content))}


@blueprint.post("/<name>/day")
def day(name: str) -> dict[str, Any]:
    """The steps of one day."""
    content = asked()
    _folder, seat, _file = seat_of(name, content)
    try:
        wanted = dt.date.fromisoformat(str(content.get("day")))
    except ValueError:
        abort(400)
    with seat.lock:
        answer = seat.bench.size(settings_of(content))
    if answer.result is None or not answer.plan.status.has_plan:
        return {"day": wanted.isoformat(), "times": [], "series": []}
    return day_in_words(seat, answer, answer.day(wanted))


@blueprint.post("/<name>/patient")
def patient(name: str) -> dict[str, Any]:
    """Begin to size settings the quick way gives no answer for."""
    content = asked()
    folder, seat, file = seat_of(name, content)
    settings = settings_of(content)
    seat.bench.changes(settings)  # refused here, if it is
    kind = f"{PATIENT}:{tab_of(content)}"  # each tab has its own
    running = served().jobs.latest(folder, kind)
    if running is not None:
        served().jobs.cancel(running)
    job = served().jobs.start(
        folder,
        kind,
        size_patiently,
        BenchTask(folder, file, settings),
        title=_("直供测算"),
        modules=MODULES,
        after=_adopted(seat),
    )
    return job.as_record()


def _adopted(seat: Seat) -> Any:
    """Puts what a process found on the desk."""

    def after(job: Job) -> None:
        task, found, seconds = job.result
        seat.bench.adopt(task.settings, found, seconds)
        job.result = None

    return after


# -- curves --------------------------------------------------------------------------------------


@blueprint.post("/<name>/curve")
def upload(name: str) -> dict[str, Any]:
    """Take in a curve; a file of the same name is kept as a dated copy."""
    folder = served().folders.park_folder(name)
    given = request.files.get("file")
    if given is None or not given.filename:
        raise input_error("no_curve", _("没有收到文件。"))
    path = folder / checked_name(unicodedata.normalize("NFC", given.filename))
    if path.suffix.lower() not in CURVES:
        raise input_error(
            "curve_type",
            _("“{name}”不是曲线文件。", name=path.name),
            remedy=_("请用 CSV、Excel 或 Parquet 文件。"),
            allowed="、".join(CURVES),
        )
    if path.exists() and request.form.get("force") != "yes":
        raise input_error(
            "curve_taken",
            _("园区文件夹中已有 {file}。", file=path.name),
            remedy=_("选择覆盖时，原文件另存为带日期的副本。"),
        )
    _keep_curve(path, given)
    return {"file": path.name, "files": curve_files(folder)}


def _keep_curve(path: Path, given: FileStorage) -> None:
    """Write a curve whole or not at all, if it is what its ending says; the old one is kept."""
    with whole(path) as temporary:
        given.save(temporary)
        try:
            checked_kind(temporary)
        except InputError as error:
            raise InputError([replace(one, file=path.name) for one in error.problems]) from error
        if path.exists():
            copy_version(path)
