"""Scenarios of the workbench kept, compared and exported, and fronts of cost."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.energy.studies.config import Against
from greenland.energy.workbench import Cards
from greenland.errors import input_error
from greenland.i18n import N_, _
from greenland.page.jobs import Job, JobState
from greenland.page.served import served
from greenland.page.workbench_asked import asked, blueprint, seat_of, settings_of
from greenland.page.workbench_work import MODULES, BenchTask, Compared, compare_cards, find_front
from greenland.report.comparison import GROUPS, compared_rows

COMPARE, FRONT = "bench_compare", "bench_front"
AGAINST = {
    Against.GREEN_SHARE: N_("自用占用电量的比例"),
    Against.CO2: N_("网电排放"),
    Against.CAPEX: N_("初投资"),
}


@blueprint.post("/<name>/cards")
def save_card(name: str) -> dict[str, Any]:
    """Keep settings as a card."""
    content = asked()
    _folder, seat, _file = seat_of(name, content)
    cards = Cards(seat.bench)
    title, note = str(content.get("name", "")), str(content.get("note", ""))
    cards.save(title, settings_of(content), note=note, force=content.get("force") is True)
    return {"cards": [card.to_record() for card in cards.all()[0]]}


@blueprint.post("/<name>/cards/remove")
def remove_card(name: str) -> dict[str, Any]:
    """Take a card away."""
    content = asked()
    _folder, seat, _file = seat_of(name, content)
    cards = Cards(seat.bench)
    cards.remove(str(content.get("name", "")))
    return {"cards": [card.to_record() for card in cards.all()[0]]}


@blueprint.post("/<name>/cards/export")
def export_card(name: str) -> dict[str, Any]:
    """Write a card as a case file into the folder of the park."""
    content = asked()
    _folder, seat, _file = seat_of(name, content)
    path = Cards(seat.bench).export(
        str(content.get("name", "")), force=content.get("force") is True
    )
    return {"file": path.name}


@blueprint.get("/<name>/case.yaml")
def case_file(name: str) -> Response:
    """A card, or settings, as a case file to download."""
    _folder, seat, file = seat_of(name, {"case": request.args.get("case")})
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
    folder, _bench, file = seat_of(name, {"case": request.form.get("case")})
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
    content = asked()
    folder, seat, file = seat_of(name, content)
    settings, against = settings_of(content), str(content.get("against", ""))
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
