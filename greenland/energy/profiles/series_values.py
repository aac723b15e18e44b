"""The cells of readings as numbers: the decimal sign, rows that hold none, words among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.method import MAJORITY
from greenland.energy.profiles.numerals import DecimalSign, decimal_sign, parse_numbers
from greenland.energy.profiles.power_units import units_in
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.series_format import SeriesFormat
from greenland.energy.profiles.tables import ReadingTable
from greenland.energy.profiles.times import Times
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]

_TOTAL_ROW = re.compile(
    r"合计|总计|小计|共计|累计|平均|最大|最小|^注|备注|说明|制表|审核|打印|单位|total|sum|average|mean|note",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^\(?注|备注|说明|单位|倍率|乘率|变比|二次", re.IGNORECASE)
_DAY_ALONE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_BRACKETED = re.compile(r"[(（]\s*(\d[\d.,]*)\s*[)）]")
_DOT_THOUSANDS = r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+"


def dropped_rows(
    table: ReadingTable, times: Times, time: str, values: Sequence[str], log: ReadingLog
) -> tuple[ReadingTable, Times]:
    """Leave out rows without a time: totals, footers, repeated headers; tell the others."""
    unread = np.asarray(times.values.isna())
    if not unread.any():
        return table, times
    frame = table.frame
    numeric = np.column_stack(
        [pd.to_numeric(frame.loc[unread, name], errors="coerce").notna() for name in values]
    ).any(axis=1)
    labels = frame.loc[unread].apply(
        lambda row: " ".join(str(cell) for cell in row if isinstance(cell, str)), axis=1
    )
    footers = labels.map(lambda text: bool(_TOTAL_ROW.search(text))).to_numpy(dtype=bool) | ~numeric
    footers |= frame.loc[unread].apply(_is_numbering, axis=1).to_numpy(dtype=bool)
    rows = table.rows[unread]
    if footers.any():
        log.note(
            _(
                "{count} 行不是读数（合计、表尾或重复的表头），未采用，首个在第 {row} 行。",
                count=int(footers.sum()),
                row=int(rows[footers][0]),
            )
        )
    if (~footers).any():
        place = int(np.flatnonzero(~footers)[0])
        log.report(
            "time_unread",
            _("{count} 行的时间无法识别，未采用。", count=int((~footers).sum())),
            _("请改正这些时间。"),
            sheet=table.sheet,
            row=int(rows[place]),
            column=time,
            got=str(frame.loc[unread, time].iloc[place])[:40],
        )
    kept = ~unread
    below = tuple(text for text in labels[footers] if _NOTE.search(text))
    last = table.rows[kept].max(initial=-1)
    between = tuple(
        (int(row), _own_text(frame.loc[place], values, text))
        for row, place, text in zip(rows, labels.index, labels, strict=True)
        if row < last
    )
    return (
        replace(
            table,
            frame=frame[kept].reset_index(drop=True),
            rows=table.rows[kept],
            merged=(),
            titles=(*table.titles, *below),  # units and multipliers stand in notes as well
            between=between,
        ),
        replace(times, values=times.values[kept]),
    )


def _own_text(row: pd.Series, values: Sequence[str], whole: str) -> str:
    """What a row says of the readings: the heading repeated over them, or all it says."""
    own = row[values[0]] if len(values) == 1 else None
    return own if isinstance(own, str) and units_in(own) else whole


def refuse_day_totals(table: ReadingTable, times: Times, time: str, log: ReadingLog) -> None:
    """Refuse rows of a day without a clock beside a reading of its midnight: sums of the day."""
    cells = table.frame[time]
    alone = cells.map(lambda cell: isinstance(cell, str)).to_numpy(dtype=bool)
    if not alone.any():
        return
    texts = cells.astype("string").str.strip()
    alone = alone & texts.str.fullmatch(_DAY_ALONE).fillna(False).to_numpy(dtype=bool)
    if not alone.any() or alone.mean() > MAJORITY:
        return
    twice = alone & np.asarray(times.values.isin(times.values[~alone]))
    if twice.any():
        place = int(np.argmax(twice))
        raise log.refuse(
            "day_total",
            _("这一行只有日期没有时刻，而同日 0 时另有读数，多半是一日的合计。"),
            _("请删去合计行；确是 0 时的读数请写明时刻。"),
            row=int(table.rows[place]),
            column=time,
            got=str(cells.iloc[place]),
            sheet=table.sheet,
        )


def _is_numbering(row: pd.Series) -> bool:
    """Whether a row numbers the columns: 1, 2, 3 …"""
    cells = pd.to_numeric(row.dropna(), errors="coerce").tolist()
    return len(cells) > 2 and cells == list(range(1, len(cells) + 1))


def read_values(
    table: ReadingTable, names: Sequence[str], form: SeriesFormat, log: ReadingLog
) -> Numbers:
    """Cells of some columns as numbers, one row each; words among them are told.

    Raises
    ------
    InputError
        If a comma could be the decimal sign or part thousands, or most cells are no numbers.
    """
    frame = table.frame[list(names)]
    plain = np.column_stack([_fast(frame[name]) for name in names])
    blank = frame.isna().to_numpy()
    wrong = np.isnan(plain) & ~blank
    mark = form.decimal
    if mark is None and (wrong.any() or table.delimiter in (";", "\t")):
        mark = _sign(table, frame, log)
    if wrong.any() or mark is DecimalSign.COMMA:
        sign = mark or DecimalSign.POINT
        if wrong.any():
            frame = _signed(frame, log)
        plain = np.column_stack([parse_numbers(frame[name], sign) for name in names])
        wrong = np.isnan(plain) & ~blank
    if wrong.any():
        _tell(table, names, wrong, blank, log)
    return plain


def _signed(frame: pd.DataFrame, log: ReadingLog) -> pd.DataFrame:
    """Numbers in brackets with a minus, as accounts write it."""
    found = 0

    def signed(cell: object) -> object:
        nonlocal found
        if not isinstance(cell, str) or not (inside := _BRACKETED.fullmatch(cell.strip())):
            return cell
        found += 1
        return f"-{inside[1]}"

    frame = frame.map(signed)
    if found:
        log.assume(
            "bracketed",
            _("{count} 个括号中的数按会计写法读作负数。", count=found),
            _("不是负数时请去掉括号。"),
        )
    return frame


def decimal_of(
    table: ReadingTable, names: Sequence[str], given: DecimalSign | None, log: ReadingLog
) -> DecimalSign:
    """Decimal sign of some columns: as given, or as they and the rest of the table are written.

    Raises
    ------
    InputError
        If a comma could be the decimal sign or part thousands.
    """
    return given or _sign(table, table.frame[list(names)], log)


def _fast(column: pd.Series) -> Numbers:
    """Numbers with a decimal point and nothing else; NaN for all other cells."""
    if bool in set(map(type, column)):
        return np.full(len(column), np.nan)
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _sign(table: ReadingTable, frame: pd.DataFrame, log: ReadingLog) -> DecimalSign:
    """Decimal sign of the readings, by their own writing or that of the rest of the table."""
    flat = pd.Series(frame.to_numpy(dtype=object).ravel())
    sign, unsure = decimal_sign(flat)
    others = [
        decimal_sign(table.frame[name])[0] for name in table.frame if name not in frame.columns
    ]
    if sign is None and not unsure and table.delimiter in (";", "\t"):
        text = flat.dropna().astype("string")
        dotted = text.str.contains(".", regex=False)
        grouped = text[dotted].str.fullmatch(_DOT_THOUSANDS)
        # 987 and 1.210 in one column: thousands, or three decimals of which zeros were cut
        mixed = bool(dotted.any()) and bool((~dotted).any()) and bool(grouped.all())
        if mixed or (bool(dotted.any()) and DecimalSign.COMMA in others):
            unsure = True
    if sign is not None or not unsure:
        return sign or DecimalSign.POINT
    hints = {item for item in others if item is not None}
    if len(hints) == 1:
        return hints.pop()
    if table.delimiter not in (";", "\t") and not _point_groups(flat):
        log.assume(
            "thousands",
            _("数字中的逗号按千位分隔符计。"),
            _("是小数点时请用 decimal（--decimal comma）指明。"),
        )
        return DecimalSign.POINT
    sample = next(str(cell) for cell in flat.dropna() if "," in str(cell) or "." in str(cell))
    raise log.refuse(
        "decimal_sign",
        _("看不出数字中的逗号（或点）是小数点还是千位分隔符。"),
        _("请用 decimal 指明（--decimal comma 或 point）。"),
        got=sample,
        sheet=table.sheet,
    )


def _point_groups(flat: pd.Series) -> bool:
    """Whether points and commas contradict each other in one column."""
    text = flat.dropna().astype("string")
    return bool((text.str.contains(",") & text.str.contains(".", regex=False)).any())


def _tell(
    table: ReadingTable,
    names: Sequence[str],
    wrong: npt.NDArray[np.bool_],
    blank: npt.NDArray[np.bool_],
    log: ReadingLog,
) -> None:
    row, column = (int(place) for place in np.argwhere(wrong)[0])
    place = {
        "sheet": table.sheet,
        "row": int(table.rows[row]),
        "column": names[column],
        "got": str(table.frame[names[column]].iloc[row])[:40],
    }
    if wrong.sum() > MAJORITY * (~blank).sum():
        raise log.refuse(
            "reading_no_number", _("读数列大多不是数字。"), _("请核对列名和数据。"), **place
        )
    log.report(
        "reading_no_number",
        _("{count} 个读数不是数字，按缺测计。", count=int(wrong.sum())),
        _("请核对原始数据。"),
        **place,
    )
