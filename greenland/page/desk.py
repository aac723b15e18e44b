"""Workbenches held ready for the page, by the case they are of; the newest change of a tab wins."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import current_app

from greenland.energy.workbench import BenchAnswer, Workbench
from greenland.errors import InputError
from greenland.lp.wanted import GivenUpError, while_wanted
from greenland.page.folders import file_of, name_fault
from greenland.page.method import MOST_DESKS, MOST_TABS
from greenland.park.config import CONFIG_FILE
from greenland.yamlfile import read_tree

if TYPE_CHECKING:
    from greenland.report.naming import Naming

Result = TypeVar("Result")
KEY = "greenland_desk"
CURVES = (".csv", ".xlsx", ".parquet")
"""Endings of files a curve may be read from."""


@dataclass
class Seat:
    """One case on the desk.

    Parameters
    ----------
    bench : Workbench
    stamp : tuple
        State of the files it was read from.
    naming : Naming, optional
        What the parts of the case are called, once there is a plan.
    """

    bench: Workbench
    stamp: tuple[Any, ...]
    naming: Naming | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Desk:
    """Every case that is open in some tab."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seats: OrderedDict[tuple[Path, str], Seat] = OrderedDict()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._doing: dict[str, str] = {}

    def seat(self, folder: Path, file: str) -> Seat:
        """The case of a file in a folder, read anew where a file of the folder changed.

        Raises
        ------
        InputError
            With every fault of the case.
        """
        key = (folder.resolve(), file)
        stamp = _stamp(folder)
        with self._lock:
            found = self._seats.get(key)
            if found is not None and found.stamp == stamp:
                self._seats.move_to_end(key)
                return found
        made = Seat(open_bench(folder, file), stamp)
        with self._lock:
            self._seats[key] = made
            self._seats.move_to_end(key)
            while len(self._seats) > MOST_DESKS:
                self._seats.popitem(last=False)
        return made

    def asked(self, tab: str, serial: int) -> None:
        """Note a change of a tab."""
        with self._lock:
            self._newest[tab] = max(serial, self._newest.get(tab, 0))
            self._newest.move_to_end(tab)
            while len(self._newest) > MOST_TABS:
                self._newest.popitem(last=False)

    def overtaken(self, tab: str, serial: int) -> bool:
        """Whether the tab has changed again since."""
        with self._lock:
            return self._newest.get(tab, 0) > serial

    def size(
        self, seat: Seat, settings: Mapping[str, Any], tab: str, serial: int
    ) -> BenchAnswer | None:
        """Size a case with settings; None where the tab has changed again meanwhile.

        Raises
        ------
        InputError
        """
        self.asked(tab, serial)
        with seat.lock:  # one after the other: a second sizing beside it would slow both
            return self._unless_overtaken(tab, serial, lambda: self._sized(seat, settings, tab))

    def _sized(self, seat: Seat, settings: Mapping[str, Any], tab: str) -> BenchAnswer:
        try:
            return seat.bench.size(settings, tell=partial(self._doing.__setitem__, tab))
        finally:
            self._doing.pop(tab, None)

    def doing(self, tab: str) -> str:
        """What is done for a tab, in words, where it takes longer."""
        return self._doing.get(tab, "")

    def reasons(
        self, seat: Seat, settings: Mapping[str, Any], tab: str, serial: int
    ) -> dict[str, Any] | None:
        """Why there is no plan; None where there is one, or the tab has changed again meanwhile.

        Raises
        ------
        InputError
        """
        return self._unless_overtaken(tab, serial, lambda: seat.bench.reasons(settings))

    def _unless_overtaken(self, tab: str, serial: int, work: Callable[[], Result]) -> Result | None:
        """Do work that is given up as soon as the tab has changed again."""
        if self.overtaken(tab, serial):
            return None
        try:
            with while_wanted(lambda: not self.overtaken(tab, serial)):
                return work()
        except GivenUpError:
            return None


def desk() -> Desk:
    """The desk of the server that answers."""
    return cast("Desk", current_app.extensions.setdefault(KEY, Desk()))


def open_bench(folder: Path, file: str) -> Workbench:
    """The workbench of a case in a park's folder.

    Raises
    ------
    InputError
    """
    if file == CONFIG_FILE:
        return Workbench.of_park(folder)
    return Workbench.of_file(file_of(folder, file))


def cases_of(folder: Path) -> dict[str, str]:
    """Cases of a park's folder: file, and the name it gives itself."""
    found: dict[str, str] = {}
    for path in _files(folder, (".yaml", ".yml")):
        try:
            tree = read_tree(path)
        except InputError:
            continue
        part = tree.get("energy") if path.name == CONFIG_FILE else tree
        if isinstance(part, Mapping) and "load" in part:
            found[path.name] = str(part.get("name") or path.stem)
    own = {CONFIG_FILE: found.pop(CONFIG_FILE)} if CONFIG_FILE in found else {}
    return own | found


def curve_files(folder: Path) -> list[str]:
    """Files of a park's folder that may hold a curve."""
    return [path.name for path in _files(folder, CURVES)]


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in endings and not name_fault(path.name) and path.is_file():
            yield path


def _stamp(folder: Path) -> tuple[Any, ...]:
    """Names, sizes and times of the files of a folder."""
    return tuple(
        (path.name, state.st_size, state.st_mtime_ns)
        for path in sorted(folder.iterdir())
        if path.is_file() and (state := path.stat())
    )
