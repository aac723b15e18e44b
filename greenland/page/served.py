"""What every view of the page shares."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from greenland.page.check import Signature
    from greenland.page.folders import ParkFolders
    from greenland.page.intake import Incoming
    from greenland.page.jobs import Jobs
    from greenland.page.messages import Messages
    from greenland.page.results import ReadResults
    from greenland.page.security import Access
    from greenland.park import ParkConfig

KEY = "greenland"


@dataclass(frozen=True, slots=True)
class Served:
    """Parks, long work and access of one server.

    Parameters
    ----------
    folders : ParkFolders
    jobs : Jobs
    incoming : Incoming
        Uploads that wait for a decision.
    access : Access
    language : str
        Spoken until a reader chooses another.
    read : ReadResults
        Results read lately.
    made : Path
        Folder of reports and marked copies that were asked for; gone with the server.
    messages : Messages
        What the next page tells a reader.
    signatures : dict
        Files each check saw, by the number of its job.
    configs : dict
        Who each park is, with the files it was read from; None where it cannot be read.
    """

    folders: ParkFolders
    jobs: Jobs
    incoming: Incoming
    access: Access
    language: str
    read: ReadResults
    made: Path
    messages: Messages
    signatures: dict[str, Signature] = field(default_factory=dict)
    configs: dict[Path, tuple[Signature, ParkConfig | None]] = field(default_factory=dict)

    def close(self) -> None:
        """Give up what is under way, and take away what waits."""
        self.jobs.close()
        self.incoming.close()
        shutil.rmtree(self.made, ignore_errors=True)


def served() -> Served:
    """Those of the server that answers."""
    return cast("Served", current_app.extensions[KEY])
