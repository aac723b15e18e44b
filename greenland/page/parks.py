"""The list of parks, and the overview of each."""

from __future__ import annotations

from flask import Blueprint, render_template

from greenland.page.served import served

blueprint = Blueprint("parks", __name__)


@blueprint.get("/")
def index() -> str:
    """Every park below the folder."""
    return render_template("page/parks.html", names=served().folders.names())


@blueprint.get("/park/<name>/")
def overview(name: str) -> str:
    """What there is of a park, and what to do next."""
    served().folders.park_folder(name)
    return render_template("page/park.html", park=name)
