"""Direct supply: values are turned in the page, and the exact optimum follows."""

from __future__ import annotations

import datetime as dt
import io
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from greenland.energy.studies.config import Against
from greenland.energy.workbench import Cards
from greenland.errors import InputError, input_error
from greenland.files import whole
from greenland.i18n import N_, _
from greenland.page.desk import CURVES, Seat, cases_of, curve_files, desk
from greenland.page.folders import checked_name
from greenland.page.jobs import Job, JobState
from greenland.page.kinds import checked_kind
from greenland.page.served import served
from greenland.page.versions import copy_version
from greenland.page.workbench_words import day_in_words, in_words, knob_in_words
from greenland.page.workbench_work import (
    MODULES,
    BenchTask,
    Compared,
    compare_cards,
    find_front,
    size_patiently,
)
from greenland.report.comparison import GROUPS, compared_rows
from greenland.report.labels import name as name_of

blueprint = Blueprint("workbench", __name__, url_prefix="/energy")

PATIENT, COMPARE, FRONT = "bench_patient", "bench_compare", "bench_front"
CODES = ("pv", "wind", "battery")
"""Names of parts that are the code of what they are, as in the report."""
AGAINST = {
    Against.GREEN_SHARE: N_("自用占用电量的比例"),
    Against.CO2: N_("网电排放"),
    Against.CAPEX: N_("初投资"),
}


@blueprint.get("/")
def index() -> str | AnyResponse:
    """Choose the park."""
    names = served().folders.names()
    if len(names) == 1:
        return redirect(url_for("workbench.park", name=names[0]))
    return render_template("page/workbench_parks.html", names=names)


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


def _content() -> dict[str, Any]:
    content = request.get_json(silent=True)
    if not isinstance(content, dict):
        abort(400)
    return content


def _seat(name: str, content: Mapping[str, Any]) -> tuple[Path, Seat, str]:
    """The folder of a park, the case that is asked about, and its file."""
    folder = served().folders.park_folder(name)
    file = content.get("case")
    if not isinstance(file, str) or file not in cases_of(folder):
        raise input_error(
            "no_case", _("园区文件夹中没有这个案例。"), remedy=_("请刷新页面后从列表中选择。")
        )
    return folder, desk().seat(folder, file), file


def _settings(content: Mapping[str, Any]) -> dict[str, Any]:
    settings = content.get("settings")
    if not isinstance(settings, dict):
        abort(400)
    return settings


@blueprint.post("/<name>/size")
def size(name: str) -> dict[str, Any]:
    """Size a case with settings, unless the tab has changed again meanwhile."""
    content = _content()
    _folder, seat, _file = _seat(name, content)
    tab, serial = str(content.get("tab", ""))[:64], content.get("serial")
    if not isinstance(serial, int):
        abort(400)
    answer = desk().size(seat, _settings(content), tab, serial)
    return {"overtaken": True} if answer is None else in_words(seat, answer)


@blueprint.post("/<name>/reasons")
def reasons(name: str) -> dict[str, Any]:
    """Which requirements conflict, and by how much each would have to give."""
    content = _content()
    _folder, seat, _file = _seat(name, content)
    return seat.bench.reasons(_settings(content)) or {"text": "", "relaxations": []}


@blueprint.post("/<name>/day")
def day(name: str) -> dict[str, Any]:
    """The steps of one day."""
    content = _content()
    _folder, seat, _file = _seat(name, content)
    try:
        asked = dt.date.fromisoformat(str(content.get("day")))
    except ValueError:
        abort(400)
    with seat.lock:
        answer = seat.bench.size(_settings(content))
    if answer.result is None or not answer.plan.status.has_plan:
        return {"day": asked.isoformat(), "times": [], "series": []}
    return day_in_words(seat, answer, answer.day(asked))


@blueprint.post("/<name>/patient")
def patient(name: str) -> dict[str, Any]:
    """Begin to size settings the quick way gives no answer for."""
    content = _content()
    folder, seat, file = _seat(name, content)
    settings = _settings(content)
    seat.bench.changes(settings)  # refused here, if it is
    kind = f"{PATIENT}:{str(content.get('tab', ''))[:64]}"  # each tab has its own
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


# -- cards ---------------------------------------------------------------------------------------


@blueprint.post("/<name>/cards")
def save_card(name: str) -> dict[str, Any]:
    """Keep settings as a card."""
    content = _content()
    _folder, seat, _file = _seat(name, content)
    cards = Cards(seat.bench)
    title, note = str(content.get("name", "")), str(content.get("note", ""))
    cards.save(title, _settings(content), note=note, force=content.get("force") is True)
    return {"cards": [card.to_record() for card in cards.all()[0]]}


@blueprint.post("/<name>/cards/remove")
def remove_card(name: str) -> dict[str, Any]:
    """Take a card away."""
    content = _content()
    _folder, seat, _file = _seat(name, content)
    cards = Cards(seat.bench)
    cards.remove(str(content.get("name", "")))
    return {"cards": [card.to_record() for card in cards.all()[0]]}


@blueprint.post("/<name>/cards/export")
def export_card(name: str) -> dict[str, Any]:
    """Write a card as a case file into the folder of the park."""
    content = _content()
    _folder, seat, _file = _seat(name, content)
    path = Cards(seat.bench).export(
        str(content.get("name", "")), force=content.get("force") is True
    )
    return {"file": path.name}


@blueprint.get("/<name>/case.yaml")
def case_file(name: str) -> Response:
    """A card, or settings, as a case file to download."""
    _folder, seat, file = _seat(name, {"case": request.args.get("case")})
    title = request.args.get("card", "")
    if title:
        settings: Mapping[str, Any] = Cards(seat.bench).get(title).settings
    else:
        try:
            settings = json.loads(request.args.get("settings", "{}"))
        except ValueError:
            abort(400)
        if not isinstance(settings, dict):
            abort(400)
    text = seat.bench.case_text(settings, name=title)
    return send_file(  # which writes a Chinese name as headers can hold it
        io.BytesIO(text.encode()),
        mimetype="application/yaml",
        as_attachment=True,
        download_name=f"{title or Path(file).stem}.yaml",
    )


@blueprint.post("/<name>/compare")
def compare(name: str) -> AnyResponse:
    """Begin to compare cards."""
    folder, _bench, file = _seat(name, {"case": request.form.get("case")})
    chosen = tuple(request.form.getlist("card"))
    if not chosen:
        raise input_error("no_cards", _("请先勾选要比较的情景。"))
    job = served().jobs.start(
        folder,
        f"{COMPARE}:{request.form.get('tab', '')[:64]}",
        compare_cards,
        BenchTask(folder, file, cards=chosen),
        title=_("情景比较"),
        modules=MODULES,
    )
    return redirect(url_for("workbench.compared", name=name, number=job.id))


def _job(name: str, number: str, kind: str) -> Job:
    """A job of a park by its number."""
    folder = served().folders.park_folder(name)
    job = served().jobs.get(number)
    if job is None or job.folder != folder.resolve() or not job.kind.startswith(kind):
        abort(404)
    return job


@blueprint.get("/<name>/compared/<number>")
def compared(name: str, number: str) -> str:
    """A comparison, or how far it is."""
    job = _job(name, number, COMPARE)
    found: dict[str, Any] = {"park": name, "job": job.as_record(), "reason": job.reason}
    found["problems"] = job.problems
    if isinstance(job.result, Compared):
        rows = compared_rows(job.result.record)
        found["cases"] = job.result.record["cases"]
        found["groups"] = [
            (_(title), [row for row in rows if row.group == group])
            for group, title in GROUPS.items()
        ]
    return render_template("page/workbench_compared.html", **found)


@blueprint.get("/<name>/compared/<number>/<form>")
def compared_file(name: str, number: str, form: str) -> Response:
    """The files of a comparison."""
    result = _job(name, number, COMPARE).result
    if not isinstance(result, Compared):
        abort(404)
    content: dict[str, tuple[bytes | str, str]] = {
        "comparison.html": (result.page, "text/html"),
        "comparison.xlsx": (result.workbook, _XLSX),
        "comparison.json": (
            json.dumps(result.record, ensure_ascii=False, indent=1),
            "application/json",
        ),
    }
    if form not in content:
        abort(404)
    data, kind = content[form]
    answer = Response(data, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=form)
    return answer


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# -- front ---------------------------------------------------------------------------------------


@blueprint.post("/<name>/front")
def begin_front(name: str) -> dict[str, Any]:
    """Begin a front from the settings of a tab."""
    content = _content()
    folder, seat, file = _seat(name, content)
    settings, against = _settings(content), str(content.get("against", ""))
    if against not in list(Against):
        abort(400)
    seat.bench.changes(settings)
    job = served().jobs.start(
        folder,
        f"{FRONT}:{str(content.get('tab', ''))[:64]}",
        find_front,
        BenchTask(folder, file, settings, against=against),
        title=_("费用前沿"),
        modules=MODULES,
    )
    return job.as_record()


@blueprint.get("/<name>/front/<number>")
def front_found(name: str, number: str) -> dict[str, Any]:
    """The points of a front that is done."""
    job = _job(name, number, FRONT)
    if job.state is not JobState.DONE:
        return {"points": [], "reason": job.reason}
    measures = {
        Against.GREEN_SHARE: lambda one: one["shares"]["self_use_of_consumption"],
        Against.CO2: lambda one: one["co2_t"],
        Against.CAPEX: lambda one: one["capex"] / 1e4,
    }
    against = Against(job.result["against"])
    units = {Against.CO2: "tCO2", Against.CAPEX: str(_("万元")), Against.GREEN_SHARE: "%"}
    points = [
        {
            "x": float(measures[against](one)) * (100 if against is Against.GREEN_SHARE else 1),
            "y": one["annual_cost"] / 1e4,
            "settings": dict(one["changes"]),
        }
        for one in job.result["points"]
        if one["annual_cost"] is not None and measures[against](one) is not None
    ]
    return {"points": points, "title": str(_(AGAINST[against])), "unit": units[against]}


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
