"""Headings of a park's own tables matched in the page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from greenland.errors import InputError
from greenland.i18n import _
from greenland.page.check import signature
from greenland.page.mapping_form import MATCH_LABELS, chosen, fields, not_read, save, tables
from greenland.page.served import served
from greenland.page.work import match

blueprint = Blueprint("mapping", __name__, url_prefix="/park/<name>/mapping")
MATCH = "match"


@blueprint.get("/")
def show(name: str) -> str:
    """Every sheet, heading and value with what it is taken for."""
    shared = served()
    folder = shared.folders.park_folder(name)
    job = shared.jobs.latest(folder, MATCH)
    now = signature(folder)
    if job is None or (not job.under_way and shared.signatures.get(job.id) != now):
        title = _("对照列名")
        job = shared.jobs.start(folder, MATCH, match, folder, title=title)
        shared.signatures.setdefault(job.id, now)
    return render_template(
        "page/mapping.html",
        park=name,
        job=job.as_record() if job.under_way else None,
        problems=job.problems,
        reason="" if job.problems else job.reason,
        sheets=fields(job.result) if job.result is not None else [],
        tables=tables(),
        not_read=not_read(),
        labels=MATCH_LABELS,
    )


@blueprint.post("/")
def decide(name: str) -> AnyResponse | tuple[str, int]:
    """Write what was chosen into ``mapping.yaml``."""
    folder = served().folders.park_folder(name)
    mapping = chosen(request.form)
    try:
        changed = save(folder, mapping)
    except InputError as error:
        page = render_template(
            "page/mapping.html",
            park=name,
            job=None,
            problems=error.problems,
            reason="",
            sheets=fields(mapping),
            tables=tables(),
            not_read=not_read(),
            labels=MATCH_LABELS,
        )
        return page, 400
    served().messages.tell(_("对照已保存。") if changed else _("没有改动。"))
    following = "problems.show" if request.form.get("then") == "check" else "mapping.show"
    return redirect(url_for(following, name=name))
