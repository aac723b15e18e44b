"""Results of a park as the page shows them: parts, reports, and the year before beside this one."""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from greenland.errors import InputError
from greenland.evaluations import EVALUATIONS
from greenland.i18n import _, language
from greenland.key_results import KEYS
from greenland.page.folders import ParkFolders, inside
from greenland.page.method import KEPT_PAGES, KEPT_RECORDS
from greenland.report.forms import RESULTS

if TYPE_CHECKING:
    from greenland.record.record import Record

T = TypeVar("T")
OUT = "out"
_HEAD = 4096  # characters in which the year stands
_YEAR = re.compile(r'"year"\s*:\s*(\d{4})')


def year_of(path: Path) -> int | None:
    """Year of a results file, without reading all of it; None where there is none."""
    try:
        with path.open(encoding="utf-8") as file:
            found = _YEAR.search(file.read(_HEAD))
    except (OSError, UnicodeDecodeError):
        return None
    return int(found.group(1)) if found else None


def results_path(folder: Path) -> Path:
    """The results file of a park, whether it is there or not.

    Raises
    ------
    NoParkError
        If it leads out of the park's folder.
    """
    return inside(folder, folder / OUT / RESULTS)


class ReadResults:
    """Records and pages that were made lately, so that a reload is fast."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: OrderedDict[tuple[object, ...], Record] = OrderedDict()
        self._pages: OrderedDict[tuple[object, ...], str] = OrderedDict()

    def record(self, path: Path) -> Record:
        """The record of a file.

        Raises
        ------
        InputError
            If it is none.
        """
        from greenland.report import read_record

        return self._kept(self._records, KEPT_RECORDS, _state(path), lambda: read_record(path))

    def page(self, path: Path, length: str) -> str:
        """The report of a file in the language in use, as one page."""
        from greenland.report import render_html

        record = self.record(path)
        key = (*_state(path), length, language())
        return self._kept(
            self._pages,
            KEPT_PAGES,
            key,
            lambda: render_html(record, language=language(), length=length),
        )

    def _kept(
        self,
        kept: OrderedDict[tuple[object, ...], T],
        most: int,
        key: tuple[object, ...],
        make: Callable[[], T],
    ) -> T:
        with self._lock:
            if key not in kept:
                kept[key] = make()
            kept.move_to_end(key)
            while len(kept) > most:
                kept.popitem(last=False)
            return kept[key]


def _state(path: Path) -> tuple[object, ...]:
    state = path.stat()
    return str(path.resolve()), state.st_size, state.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Part:
    """One evaluation: whether it was made, and what it came to or why it was not."""

    title: str
    made: bool
    text: str


def parts(record: Record) -> list[Part]:
    """Every evaluation of a record, in the order of the report."""
    from greenland.report import headlines

    lines = headlines(record, language=language())
    found = []
    for key, line in lines.items():
        item = EVALUATIONS[key]
        part = record.part(item)
        made = part is not None and part.evaluated
        found.append(Part(_(item.title), made, line or _("已完成")))
    return found


@dataclass(frozen=True, slots=True)
class YearFigure:
    """A key figure of this year and of the year before, as people read them."""

    title: str
    unit: str
    now: str
    before: str
    change: str


def figures(now: Record, before: Record | None) -> dict[str, list[YearFigure]]:
    """Key figures that either year has, with what changed, by the heading they stand under."""
    from greenland.key_results import key_results
    from greenland.report import formatters as fmt

    values, _reasons = key_results(now)
    others = key_results(before)[0] if before is not None else {}
    groups: dict[str, list[YearFigure]] = {}
    for key, item in KEYS.items():
        one, other = values.get(key), others.get(key)
        if one is None and other is None:
            continue
        shown = fmt.share if item.is_share else _number
        change = ""
        if one is not None and other is not None:
            change = fmt.points(one - other) if item.is_share else _signed(one - other)
        unit = "" if item.is_share else str(_(item.unit))
        row = YearFigure(_(item.title), unit, shown(one), shown(other), change)
        groups.setdefault(_(item.group), []).append(row)
    return groups


def _number(value: float | None) -> str:
    """A number; counts without decimals."""
    from greenland.report.formatters import number

    return number(value, 0 if value is not None and value.is_integer() else None)


def _signed(value: float) -> str:
    from greenland.report.formatters import signed

    return signed(value, 0 if value.is_integer() else None)


def earlier(
    read: ReadResults, folders: ParkFolders, folder: Path, record: Record
) -> tuple[Record, str] | None:
    """Results of the last year before, of this folder or of another folder of the same park.

    Returns
    -------
    tuple of Record and str, or None
        With the name of the folder they stand in.
    """
    from greenland.key_results import park_key

    own = [(year, path) for year, path in _earlier_in(folder, record.year)]
    for _year, path in sorted(own, reverse=True):
        try:
            return read.record(path), path.parent.name
        except InputError:
            continue
    for name in folders.names():
        other = folders.park_folder(name)
        if other.resolve() == folder.resolve():
            continue
        for year, path in _earlier_in(other, record.year):
            if year != record.year - 1 or not _may_be(path, record):
                continue
            try:
                found = read.record(path)
            except InputError:
                continue
            if park_key(found).park == park_key(record).park:
                return found, name
    return None


def _earlier_in(folder: Path, year: int) -> Iterator[tuple[int, Path]]:
    for path in folder.glob(f"{OUT}*/{RESULTS}"):
        if not path.resolve().is_relative_to(folder.resolve()):
            continue
        there = year_of(path)
        if there is not None and there < year:
            yield there, path


def _may_be(path: Path, record: Record) -> bool:
    """Whether the head of a results file names the park, so that others are not read whole."""
    names = [
        json.dumps(one, ensure_ascii=False) for one in (record.park.code, record.park.name) if one
    ]
    with path.open(encoding="utf-8") as file:
        head = file.read(_HEAD)
    return any(name in head for name in names)


def made_folder() -> Path:
    """A new folder for forms of reports and marked copies."""
    return Path(tempfile.mkdtemp(prefix="greenland-made-"))
