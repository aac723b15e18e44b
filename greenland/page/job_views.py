"""How far a job is, as JSON; and giving it up."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort

from greenland.page.jobs import Job
from greenland.page.served import served

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


def _job(number: str) -> Job:
    job = served().jobs.get(number)
    if job is None:
        abort(404)
    return job


@blueprint.get("/<number>")
def state(number: str) -> dict[str, Any]:
    """State, part under way, parts done of how many, and why it failed."""
    return _job(number).as_record()


@blueprint.post("/<number>/cancel")
def cancel(number: str) -> dict[str, Any]:
    """Give it up."""
    job = _job(number)
    served().jobs.cancel(job)
    return job.as_record()
