"""Tables of the Word file: chosen columns, their widths, lines and repeated heads."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenland.report.tables import Table
from greenland.report.word.file import unbroken
from greenland.report.word.rows import Rows

WIDEST_TABLE = 8
TWIPS_PER_MM = 1440 / 25.4
WIDEST_ACROSS = 13  # columns of a table that lies across the sheet
MM_PER_LETTER = 0.19  # width of a Latin letter, half a Chinese one, at a size of 1 pt
MARGIN_MM = 0.9  # between the text of a cell and its sides
WHOLE_ROWS, WHOLE_LINES = 8, 12  # rows and lines of text up to which a table stays on one page
_FEW_COLUMNS = 3  # of a table that may stand in two halves side by side
SHORT_ROWS, LONG_ROWS = 4, 20  # up to which its letters are 五号, 小五; below them 8 pt
_FIRST, _LAST = 2, 2  # rows of a longer one that no page ends after, or begins with
_HEADING_LETTERS = 6  # of a heading that stand in one line: three Chinese characters
_ROOM_PT = 8  # between a table without a note and the text after it
_SLACK_MM = 0.5  # fonts differ a little
_OTHER_FONT = 1.25  # digits of the font that stands in where the official one is not installed
_ROWS_WEIGHED = 60  # rows by which the room of a long table is shared out
_STEPS, _FINEST_MM = 120, 0.25  # of sharing it out
_ALSO = 0.01  # what a cell counts that is not the highest of its row, so that two highest ones move
_ONLY_TO_LOOK_UP = ("row", "basis", "direction")
_SPARED = (
    *("row", "basis", "stage", "direction", "formula", "numerator", "denominator", "national"),
    *("weight", "reason", "contribution", "due_date", "holder_id", "firm_id", "allowed", "file"),
)


def narrowed(table: Table, *, across: bool = True) -> Table:
    """The table without the columns a printed page can spare.

    Parameters
    ----------
    table : Table
    across : bool
        Whether a wide table may lie across the sheet; else its first columns are kept, which are
        those that decide.
    """
    room = WIDEST_ACROSS if across and table.landscape else WIDEST_TABLE
    columns = list(table.columns)
    upright = table.landscape and not across
    for key in _ONLY_TO_LOOK_UP if upright else _SPARED:
        if len(columns) <= room:
            break
        columns = [column for column in columns if column.key != key]
    return replace(table, columns=tuple(columns[:room]))


def widths(
    headings: Sequence[str], lines: Sequence[Sequence[str]], size: float, total: float
) -> list[float]:
    """Widths of the columns [mm]: no word is broken while there is room, long texts get the rest.

    What is left above the longest words goes where it makes the table lowest. Where there is no
    room, columns of short words keep theirs and the widest give way.

    Parameters
    ----------
    headings, lines
        What stands in the columns.
    size : float
        Of the letters [pt].
    total : float
        Width of the table [mm].
    """
    sides = 2 * MARGIN_MM + _SLACK_MM
    least, wanted = [], []
    for place, heading in enumerate(headings):
        cells = [line[place] for line in lines]
        word = max(map(_longest_word, [heading, *cells]))
        word = max(word, min(_letters(heading), _HEADING_LETTERS))
        whole = max([_letters(heading) / 2, *map(_letters, cells)])
        least.append(word * MM_PER_LETTER * size * _OTHER_FONT + sides)
        wanted.append(max(least[-1], whole * MM_PER_LETTER * size + sides))
    if sum(least) >= total:
        return _levelled(least, total)
    if sum(wanted) >= total:
        texts = [headings, *lines[:_ROWS_WEIGHED]]
        return _lowest(least, [list(map(_letters, line)) for line in texts], size, total)
    return [want * total / sum(wanted) for want in wanted]


def _lowest(
    least: Sequence[float], letters: Sequence[Sequence[int]], size: float, total: float
) -> list[float]:
    """Widths from the least ones on that make a table about as low as it can be.

    A row is as high as its longest cell; the sum of these heights is convex in the widths, so that
    giving away the room step by step, each to the column that gains most, comes near its least.
    """
    sides = 2 * MARGIN_MM + _SLACK_MM
    needed = np.array(letters, dtype=float) * MM_PER_LETTER * size
    found = np.array(least)
    spare = total - float(found.sum())
    step = max(spare / _STEPS, _FINEST_MM)
    while spare > 0:
        given = min(step, spare)
        lines = np.maximum(needed / (found - sides), 1.0)
        wider = np.maximum(needed / (found + given - sides), 1.0)
        place = _most_gained(lines, wider)
        if place is None:  # every text stands in one line
            return [float(one) * total / float(found.sum()) for one in found]
        found[place] += given
        spare -= given
    return [float(one) for one in found]


def _most_gained(lines: NDArray[np.float64], wider: NDArray[np.float64]) -> int | None:
    """The column that lowers the rows most when it is widened; None where none does."""
    order = np.sort(lines, axis=1)
    highest, next_high = order[:, -1], order[:, -2] if order.shape[1] > 1 else order[:, -1] * 0
    best, most = None, 0.0
    for place in range(lines.shape[1]):
        others = np.where(lines[:, place] >= highest, next_high, highest)
        gain = float((highest - np.maximum(others, wider[:, place])).sum())
        gain += _ALSO * float((lines[:, place] - wider[:, place]).sum())
        if gain > most + 1e-9:
            best, most = place, gain
    return best


def _height(lines: Sequence[Sequence[str]], widths: Sequence[float], size: float) -> int:
    """Lines of text a table is high, without its heading."""
    sides = 2 * MARGIN_MM + _SLACK_MM
    return sum(
        max(
            math.ceil(_letters(text) * MM_PER_LETTER * size / (width - sides)) or 1
            for text, width in zip(line, widths, strict=True)
        )
        for line in lines
    )


def fitting(
    headings: Sequence[str], lines: Sequence[Sequence[str]], total: float, highest: int
) -> int:
    """How many rows stand in a table of some lines of text.

    Parameters
    ----------
    headings, lines
        What stands in the columns.
    total : float
        Width of the table [mm].
    highest : int
        Lines of text it may be high.
    """
    size = letters_of(len(headings), len(lines))
    wide = widths(headings, lines, size, total)
    high = np.cumsum([_height([line], wide, size) for line in lines])
    return int(np.searchsorted(high, highest, side="right"))


def narrow(headings: Sequence[str], lines: Sequence[Sequence[str]], total: float) -> bool:
    """Whether a table is long and so narrow that two of them stand side by side.

    Parameters
    ----------
    headings, lines
        What stands in the columns.
    total : float
        Width of the text [mm].
    """
    if len(lines) <= WHOLE_ROWS or len(headings) > _FEW_COLUMNS:
        return False
    size = letters_of(2 * len(headings), len(lines))
    longest = [max(map(_letters, column)) for column in zip(headings, *lines, strict=True)]
    sides = len(headings) * (2 * MARGIN_MM + _SLACK_MM)
    return sum(longest) * MM_PER_LETTER * size * _OTHER_FONT + sides <= total / 2


def side_by_side(
    headings: Sequence[str], lines: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> tuple[list[str], list[list[str]], list[bool]]:
    """The second half of a table beside its first.

    Parameters
    ----------
    headings, lines
        What stands in the columns.
    numeric : sequence of bool
        Whether a column is aligned to the right.

    Returns
    -------
    tuple
        Headings, lines and alignments of the table twice as wide.
    """
    half = -(-len(lines) // 2)
    right = [*lines[half:], [""] * len(headings)][:half]
    both = [[*one, *other] for one, other in zip(lines[:half], right, strict=True)]
    return [*headings, *headings], both, [*numeric, *numeric]


def _levelled(widths: Sequence[float], total: float) -> list[float]:
    """The widths with the greatest cut to one measure, so that they add up to a total."""
    left, measure = total, 0.0
    for place, width in enumerate(sorted(widths)):
        measure = left / (len(widths) - place)
        if width >= measure:
            break
        left -= width
    return [min(width, measure) for width in widths]


def _letters(text: str) -> int:
    """Width of a text in Latin letters."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _longest_word(text: str) -> int:
    """The longest piece of a text that no line break divides; Chinese breaks anywhere."""
    return max(map(_letters, re.split(r"[ \n\u2e80-\uffff]+", text)), default=0) or 2


def grid(
    document: Any,
    headings: Sequence[str],
    lines: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    total: float,
    *,
    noted: bool = False,
    whole: bool = True,
    size: float | None = None,
) -> Any:
    """A three-line table whose heading repeats on each page and whose rows stay whole.

    Parameters
    ----------
    document : docx.document.Document
    headings, lines
        What stands in the columns.
    numeric : sequence of bool
        Whether a column is aligned to the right.
    total : float
        Width of the table [mm].
    noted : bool
        Whether a note follows, which stays with the last row.
    whole : bool
        Whether a low table is kept on one page; else only its heading with its first row.
    size : float, optional
        Of the letters [pt]; by the number of columns when left out.

    Returns
    -------
    docx.table.Table
    """
    from docx.shared import Mm

    headings, *lines = [[unbroken(text) for text in line] for line in (headings, *lines)]
    made = document.add_table(rows=0, cols=len(headings))
    made.autofit = False
    frame(made)
    size = size or letters_of(len(headings), len(lines))
    wide = widths(headings, lines, size, total)
    given = [Mm(width) for width in wide]
    for column, width in zip(made.columns, given, strict=True):
        column.width = width
    whole = whole and len(lines) <= WHOLE_ROWS and _height(lines, wide, size) <= WHOLE_LINES
    kept = _kept(len(lines), whole=whole, noted=noted)
    rows = Rows(made, given, numeric, size, "Table Text")
    for place, line in enumerate([headings, *lines]):
        rows.add(line, heading=place == 0, kept=place in kept)
    return made


def letters_of(columns: int, rows: int) -> float:
    """Size of the letters of a table [pt]: small where it is wide or long."""
    if columns <= 5 and rows <= SHORT_ROWS:
        return 10.5
    return 9 if columns <= 7 and rows <= LONG_ROWS else 8


def _kept(rows: int, *, whole: bool, noted: bool) -> set[int]:
    """Rows, the heading being row 0, that no page ends after."""
    kept = set(range(rows)) if whole else {*range(_FIRST), *range(rows - _LAST + 1, rows)}
    return kept | {rows} if noted else kept - {rows}


def frame(grid: Any) -> None:
    """Lines above, below and under the heading; none between."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", "12"), ("bottom", "12"), ("insideH", "2")):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", "444444")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties = grid._tbl.tblPr
    _before(properties, borders, ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(MARGIN_MM * TWIPS_PER_MM)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    _before(properties, margins, ("w:tblLook",))


def _before(properties: Any, element: Any, later: Sequence[str]) -> None:
    """Put a property where the format wants it: before those that come later."""
    from docx.oxml.ns import qn

    known = {qn(name) for name in later}
    place = next((one for one in properties if one.tag in known), None)
    if place is None:
        properties.append(element)
    else:
        place.addprevious(element)


def after_table(document: Any) -> Any:
    """Room above a paragraph that follows a table; None where it follows another paragraph."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    last = document.element.body.sectPr.getprevious()
    return Pt(_ROOM_PT) if last is not None and last.tag == qn("w:tbl") else None


def before_table(document: Any) -> None:
    """Make room below running text that a table follows without a caption."""
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    last = document.element.body.sectPr.getprevious()
    if last is not None and last.tag.endswith("}p"):
        paragraph = Paragraph(last, document._body)
        if paragraph.style is not None and paragraph.style.name == "Normal":
            paragraph.paragraph_format.space_after = Pt(_ROOM_PT / 2)
