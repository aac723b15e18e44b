"""Transformer ratios of secondary readings: columns of multipliers, CT and PT, titles."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.power_units import folded
from greenland.energy.profiles.quantities import described
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]

_COMBINED = re.compile(
    r"倍率|乘率|multiplier|\bratio\b|变比|^k$|乘数|系数\(倍\)|^(?:计量|电量|综合|换算)?系数$"
)
_CURRENT = re.compile(
    r"^(?:ct|ta)(?![a-z])|电流互感|电流变比|电流倍率|(?<![a-z])ct\s*(?:变比|倍率|ratio)"
)
_VOLTAGE = re.compile(
    r"^(?:pt|tv|vt)(?![a-z])|电压互感|电压变比|电压倍率|(?<![a-z])[pv]t\s*(?:变比|倍率|ratio)"
)
_RATIO = re.compile(r"[x×]?\s*(\d+(?:\.\d+)?)\s*(?:[/:]\s*(\d+(?:\.\d+)?))?\s*(?:倍|a|v|kv)?", re.I)
_IN_TITLE = re.compile(
    r"(?:倍率|乘率|multiplier|变比|乘以)\s*(?:\([^)]*\))?\s*[:=为是]?\s*(\d[\d,]*(?:\.\d+)?(?:\s*/\s*\d+)?)"
)
_PARTS_IN_TITLE = tuple(
    re.compile(rf"(?<![a-z])(?:{word})\s*(?:变比|倍率)?\s*[:=为]?\s*(\d+(?:\.\d+)?\s*/\s*\d+|\d+)")
    for word in (r"ct|ta|电流互感器|电流变比", r"pt|tv|vt|电压互感器|电压变比")
)
# a unit times a power of ten: kWh×10, 度*100, kW x 10^3
_FACTOR = re.compile(r"(?:wh|w·h|w|度|瓦时|瓦)\)?\s*[×✕✖*x]\s*10*(?:0|\^\d)(?![\d.])")
_SPEAKS = re.compile(r"倍率|乘率|变比|乘以|multiplier|互感器")
_TO_MULTIPLY = re.compile(r"(?:未|需|须|应|要|请|再|没有)乘|[不未]含倍率")
_SECONDARY = re.compile(r"二次(?:侧|值|读数|数据|表|电量|功率)|secondary")


def multiplier_columns(headers: Sequence[str]) -> dict[str, str]:
    """Columns of multipliers: ``"combined"``, ``"current"`` and ``"voltage"``."""
    found: dict[str, str] = {}
    for name in headers:
        plain = folded(name)
        for kind, pattern in (
            ("current", _CURRENT),
            ("voltage", _VOLTAGE),
            ("combined", _COMBINED),
        ):
            if pattern.search(plain) and not re.search(r"已乘|未乘|乘倍率", plain):
                found.setdefault(kind, name)
                break
    return found


def ratio(cell: object) -> float:
    """Value of a multiplier: ``2000``, ``2000倍``, ``100/5``; NaN if it is none.

    Examples
    --------
    >>> ratio("10000/100"), ratio("2000倍"), ratio(20.0)
    (100.0, 2000.0, 20.0)
    """
    if isinstance(cell, bool) or cell is None:
        return float("nan")
    if isinstance(cell, int | float):
        return float(cell)
    found = _RATIO.fullmatch(folded(str(cell)).replace(",", "").strip())
    if found is None:
        return float("nan")
    below = float(found[2]) if found[2] else 1.0
    return float(found[1]) / below if below else float("nan")


def multipliers(
    table: ReadingTable,
    meters: pd.Series | None,
    values: Sequence[str],
    given: float | None,
    log: ReadingLog,
) -> Numbers:
    """Multiplier of every row.

    Parameters
    ----------
    table : ReadingTable
    meters : Series, optional
        Meter of every row; a cell left blank has the multiplier of its meter.
    values : sequence of str
        Headers of the readings, which may say that the multiplier is in them.
    given : float, optional
        By the user; then nothing is looked for.

    Raises
    ------
    InputError
        If a cell is no multiplier, or the file names two that differ.
    """
    count = len(table.frame)
    if given is not None:
        return np.full(count, given)
    if any(described(text).primary for text in [*values, *table.titles]):
        log.note(_("表中注明读数已乘倍率，未再乘。"))
        return np.ones(count)
    named = multiplier_columns([str(name) for name in table.frame.columns])
    columns = {
        kind: _column(table, name, meters, log)
        for kind, name in named.items()
        if bool(table.frame[name].notna().any())
    }
    refuse_factor([*values, *table.titles], log)
    # a ratio in the name of the readings is as good as one in the title
    title = _title([*table.titles, *values], log)
    if not columns:
        if title is None:
            _refuse_secondary([*values, *table.titles], log)
        return _from_title(title, count, log)
    scale = _combined(columns, named, log)
    if title is not None and not np.allclose(scale, title):
        raise log.refuse(
            "multiplier_two",
            _("标题中的倍率与倍率列不一致。"),
            _("请用 multiplier（--multiplier）指明。"),
            got=f"{title:g}、{scale[0]:g}",
        )
    return scale


def _combined(columns: dict[str, Numbers], named: dict[str, str], log: ReadingLog) -> Numbers:
    parts = [columns[kind] for kind in ("current", "voltage") if kind in columns]
    product = np.prod(parts, axis=0) if parts else None
    if "combined" in columns:
        scale = columns["combined"]
        if product is not None and len(parts) == 2 and not np.allclose(scale, product):
            raise log.refuse(
                "multiplier_two",
                _("倍率列不等于电流、电压互感器变比之积。"),
                _("请用 multiplier（--multiplier）指明。"),
                got=f"{scale[0]:g}、{product[0]:g}",
            )
        log.note(_("读数已乘以“{name}”列的倍率。", name=named["combined"]))
        return scale
    names = "×".join(named[kind] for kind in ("current", "voltage") if kind in columns)
    assert product is not None
    if len(parts) == 2:
        log.note(_("读数已乘以“{name}”列的倍率。", name=names))
    else:
        log.assume(
            "multiplier_part",
            _("表中只有“{name}”列的变比，另一侧按 1 计。", name=names),
            _("不对时请用 multiplier（--multiplier）指明。"),
        )
    return np.asarray(product, dtype=float)


def _column(table: ReadingTable, name: str, meters: pd.Series | None, log: ReadingLog) -> Numbers:
    """Multipliers of a column, blank cells as the others of their meter."""
    cells = table.frame[name]
    values = cells.map(ratio).astype(float)
    wrong = (values.isna() | (values <= 0)) & cells.notna()
    if bool(wrong.any()):
        place = int(np.argmax(wrong.to_numpy()))
        raise log.refuse(
            "multiplier",
            _("倍率无法识别。"),
            _("请写成 2000 或 100/5 的形式，或用 multiplier（--multiplier）指明。"),
            row=int(table.rows[place]),
            column=name,
            got=str(cells.iloc[place]),
            sheet=table.sheet,
        )
    if not bool(cells.isna().any()):
        return np.asarray(values.to_numpy(), dtype=float)
    groups = pd.Series("", index=values.index) if meters is None else meters.fillna("")
    different = values.groupby(groups).nunique()
    if bool((different != 1).any()):
        place = int(np.argmax(cells.isna().to_numpy()))
        raise log.refuse(
            "multiplier_blank",
            _("倍率列有空格，同一电表又有几个不同的倍率，无法补全。"),
            _("请补齐倍率列，或用 multiplier（--multiplier）指明。"),
            row=int(table.rows[place]),
            column=name,
            sheet=table.sheet,
        )
    log.assume(
        "multiplier_filled",
        _(
            "“{name}”列有 {count} 个空格，按同一电表的倍率计。",
            name=name,
            count=int(cells.isna().sum()),
        ),
    )
    return values.groupby(groups).transform("first").to_numpy(dtype=float)


def refuse_factor(texts: Sequence[str], log: ReadingLog) -> None:
    """Refuse a unit that is multiplied: kWh×10 may be a unit or a multiplier already used."""
    for text in texts:
        if _FACTOR.search(folded(text)):
            raise log.refuse(
                "unit_factor",
                _("单位后面写有乘数，无法判断读数是否已乘。"),
                _("请用 multiplier（--multiplier）指明乘数，读数已乘的写 1。"),
                got=text[:60],
            )


def is_secondary(text: str) -> bool:
    """Whether a text says that readings are on the secondary side of transformers."""
    return _SECONDARY.search(folded(text)) is not None


def to_multiply(text: str) -> bool:
    """Whether a text says that the readings have yet to be multiplied.

    Examples
    --------
    >>> to_multiply("表中电量未乘倍率"), to_multiply("已乘倍率")
    (True, False)
    """
    return _TO_MULTIPLY.search(folded(text)) is not None


def names_multiplier(text: str) -> bool:
    """Whether a text names a multiplier and does not say that the readings have it."""
    plain = folded(text)
    named = _SPEAKS.search(plain) is not None and re.search(r"\d", plain) is not None
    return named and not described(text).primary


def _refuse_secondary(texts: Sequence[str], log: ReadingLog) -> None:
    """Refuse readings behind transformers whose ratio stands nowhere."""
    for text in texts:
        if is_secondary(text):
            raise log.refuse(
                "multiplier_secondary",
                _("表中注明是互感器二次侧的读数，又没有倍率。"),
                _("请用 multiplier（--multiplier）指明倍率，读数已乘倍率的写 1。"),
                got=text[:60],
            )


def _title(titles: Sequence[str], log: ReadingLog) -> float | None:
    """The multiplier the titles name."""
    found: set[float] = set()
    for text in titles:
        plain = folded(text)
        parts = [pattern.search(plain) for pattern in _PARTS_IN_TITLE]
        listed = [ratio(item) for item in _IN_TITLE.findall(plain)]
        if all(parts):
            found.add(float(np.prod([ratio(part[1].replace(" ", "")) for part in parts if part])))
        elif listed:
            found.update(listed)
        elif _SPEAKS.search(plain) and re.search(r"\d", plain):
            raise log.refuse(
                "multiplier_title",
                _("标题提到倍率或变比，但读不出数值。"),
                _("请用 multiplier（--multiplier）指明，读数已乘倍率的写 1。"),
                got=text[:60],
            )
    if len(found) > 1:
        raise log.refuse(
            "multiplier_two",
            _("标题中有几个不同的倍率。"),
            _("请用 multiplier（--multiplier）指明。"),
            got="、".join(f"{value:g}" for value in sorted(found)),
        )
    return found.pop() if found else None


def _from_title(title: float | None, count: int, log: ReadingLog) -> Numbers:
    if title is None:
        return np.ones(count)
    log.note(_("读数已乘以标题中的倍率 {value}。", value=f"{title:g}"))
    return np.full(count, title)
