"""What every view of the page shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from greenland.page.folders import ParkFolders
    from greenland.page.jobs import Jobs
    from greenland.page.security import Access

KEY = "greenland"


@dataclass(frozen=True, slots=True)
class Served:
    """Parks, long work and access of one server.

    Parameters
    ----------
    folders : ParkFolders
    jobs : Jobs
    access : Access
    language : str
        Spoken until a reader chooses another.
    """

    folders: ParkFolders
    jobs: Jobs
    access: Access
    language: str


def served() -> Served:
    """Those of the server that answers."""
    return cast("Served", current_app.extensions[KEY])
