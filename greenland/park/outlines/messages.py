"""What is told about outlines: each kind once, with the outlines it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.park.normal import listing
from greenland.park.outlines.shapes import ShapeChange, ShapeFault

LISTED = 10  # names in one message

FAULTS = {
    ShapeFault.MISSING: N_("{n} 个图形没有形状，或坐标无法读出，未采用：{names}"),
    ShapeFault.NOT_FINITE: N_("{n} 个图形的坐标不是有限的数，未采用：{names}"),
    ShapeFault.POINT: N_("{n} 个图形是点，不是面，未采用：{names}"),
    ShapeFault.OPEN_LINE: N_("{n} 个图形是没有闭合的线，不是面，未采用：{names}"),
    ShapeFault.NO_AREA: N_("{n} 个图形的面积为零，未采用：{names}"),
}
CHANGES = {
    ShapeChange.LINE_CLOSED: N_("{n} 个图形是闭合的线，按所围的面采用：{names}"),
    ShapeChange.PARTS_LEFT_OUT: N_("{n} 个图形除面外还有点或线，只采用面：{names}"),
    ShapeChange.MENDED: N_("{n} 个图形的边界自相交，按所围的范围采用：{names}"),
}


class OutlineNotes:
    """Problems of an outline file, with outlines named by their parcel number or place.

    Parameters
    ----------
    file : str
        Name of the file.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.numbers: Sequence[str | None] = ()
        self.unclosed = np.array([], int)

    def add(self, severity: Severity, code: str, message: str, remedy: str = "") -> None:
        """Add one problem."""
        self.problems.append(Problem(severity, code, message, remedy, file=self.file))

    def outlines(
        self,
        severity: Severity,
        code: str,
        message: str,
        places: Iterable[int],
        remedy: str = "",
        **given: str,
    ) -> None:
        """Add one problem of the outlines at *places*, if there are any; see `listed`."""
        names = [
            self.numbers[place] or str(_("第 {n} 个图形", n=place + 1))
            for place in map(int, places)
        ]
        self.listed(severity, code, message, names, remedy, **given)

    def listed(
        self,
        severity: Severity,
        code: str,
        message: str,
        names: Sequence[str],
        remedy: str = "",
        **given: str,
    ) -> None:
        """Add one problem of things of those names, if there are any.

        Parameters
        ----------
        message : str
            A message not yet translated, with fields ``n`` and ``names``.
        **given : str
            Its other fields.
        """
        if not names:
            return
        shown = listing(names[:LISTED])
        if len(names) > LISTED:
            shown = _("{names} 等", names=shown)
        self.add(severity, code, _(message, n=len(names), names=shown, **given), remedy)

    def nothing_left(self) -> InputError:
        """The error of a file without a usable outline, with everything told so far."""
        text = _("图形文件中没有可用的宗地图形。")
        last = Problem(Severity.ERROR, "geometry_empty", text, file=self.file)
        return InputError([*self.problems, last])
