"""What the columns of a table of bills are, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from greenland.energy.profiles.columns import UNIT
from greenland.energy.profiles.multipliers import (
    is_secondary,
    multiplier_columns,
    names_multiplier,
    ratio,
    refuse_factor,
    to_multiply,
)
from greenland.energy.profiles.numerals import parse_numbers
from greenland.energy.profiles.power_units import (
    Dimension,
    Unit,
    folded,
    given_unit,
    stated,
    units_in,
    whole_unit,
)
from greenland.energy.profiles.quantities import ReadingKind, described
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _

DATES = ("month", "span", "start", "end")
_MONTH = re.compile(
    r"^(账单|用电|电费|结算|计费|抄表|统计)?(月份|年月|账期|月)$|^(billing )?(month|period)$"
)
_SPAN = re.compile(r"起止|计费周期|账单周期|抄表周期|用电周期|结算周期|计费期间")
_START = re.compile(
    r"起日|开始日期|起始日期|起始日|上次抄表日|上次抄表(?!示)|^start( date)?$|^from$"
)
_END = re.compile(r"止日|结束日期|终止日期|截止日|本次抄表日|本次抄表(?!示)|^end( date)?$|^to$")
_ENERGY = re.compile(
    r"总电量|合计电量|电量合计|用电量|^(总|本月|本期|当月)?电量|抄见电量|结算电量|计费电量|售电量|购电量|有功总|有功电量"
    r"|总有功|^(total|energy|consumption|usage)"
)
_ROW_KIND = re.compile(r"时段|费率|示数类型|电量类型|项目|类型|分时|^(period|register|item|type)$")
# Checked in this order: 尖峰 before 峰, 深谷 before 谷.
_PERIODS = (
    ("super_peak", re.compile(r"尖|super_?peak|sharp|critical")),
    ("deep_valley", re.compile(r"深谷|deep_?valley")),
    ("valley", re.compile(r"谷|valley|off_?.?peak")),
    ("peak", re.compile(r"峰|peak")),
    ("flat", re.compile(r"平(?!均)|flat|shoulder|normal")),
)
_LEFT_OUT = {
    ReadingKind.MONEY,
    ReadingKind.OTHER_TIME,
    ReadingKind.REACTIVE,
    ReadingKind.CONTRACT,
    ReadingKind.REVERSE,
    ReadingKind.GENERATION,
    ReadingKind.PHASE,
    ReadingKind.OTHER,
}
_DEFAULT = {Dimension.ENERGY: "kWh", Dimension.POWER: "kW"}  # what bills are printed in
KINDS = ("month", "start", "end", "energy", "demand", *(name for name, _pattern in _PERIODS))


@dataclass(frozen=True)
class BillColumns:
    """Headers of the columns of a table of bills.

    Parameters
    ----------
    dates : mapping of str to str
        ``month``, ``span``, or ``start`` and ``end``.
    figures : mapping of str to str
        ``energy``, ``demand`` and the tariff periods.
    kinds : list of str or None, optional
        What each row is of, in a table of one row a period; None for rows left out.
    """

    dates: Mapping[str, str]
    figures: Mapping[str, str]
    kinds: list[str | None] | None = None


def kind_of(header: str) -> str | None:
    """What a column is, by its header; None for one that is left alone."""
    plain = folded(header)
    bare = re.sub(r"\(.*?\)", "", plain).strip()
    for kind, pattern in (("month", _MONTH), ("span", _SPAN), ("start", _START), ("end", _END)):
        if pattern.search(bare):
            return kind
    item = described(header)
    if item.quantity in _LEFT_OUT or item.register:
        return None
    if item.quantity is ReadingKind.DEMAND:
        return "demand"
    period = _period(bare)
    if period is not None:
        return period
    return "energy" if _ENERGY.search(bare) else None


def _period(text: str) -> str | None:
    return next((period for period, pattern in _PERIODS if pattern.search(text)), None)


def is_header(row: Sequence[str], named: Mapping[str, str]) -> bool:
    """Whether the texts of a row are the header of a table of bills."""
    kinds = {kind_of(text) for text in row if text}
    dated = bool({"month", "span", "start"} & kinds) or bool(
        {named.get(kind) for kind in ("month", "start")} & set(row)
    )
    figures = kinds - {None, *DATES}
    return dated and bool(figures or set(named.values()) & set(row))


def columns_of(table: ReadingTable, named: Mapping[str, str], log: ReadingLog) -> BillColumns:
    """Find the columns of a table of bills.

    Parameters
    ----------
    table : ReadingTable
    named : mapping of str to str
        Headers the user names.

    Raises
    ------
    InputError
        If a named column is not there, or several could be meant.
    """
    headers = [str(name) for name in table.frame.columns]
    _check_named(headers, named, log)
    candidates: dict[str, list[str]] = {}
    for name in headers:
        kind = kind_of(name)
        if kind is not None and bool(table.frame[name].notna().any()):
            candidates.setdefault(kind, []).append(name)
    candidates |= {kind: [name] for kind, name in named.items()}
    chosen = {kind: _one(kind, names, log) for kind, names in candidates.items()}
    figures = {kind: name for kind, name in chosen.items() if kind not in DATES}
    if not figures:
        raise log.refuse(
            "bill_columns",
            _("账单表没有电量列。"),
            _("请用 columns（--column energy=表头）指明。"),
            got="、".join(headers[:12]),
            sheet=table.sheet,
        )
    left = [name for name in headers if name not in chosen.values() and _is_figure(name)]
    if left:
        log.note(_("账单表中未采用的列：{names}。", names="、".join(left[:12])))
    if "energy" in figures:
        _check_multiplier(table, figures["energy"], log)
    dates = {kind: name for kind, name in chosen.items() if kind in DATES}
    return BillColumns(dates, figures, _row_kinds(table, chosen, log))


def _check_named(headers: Sequence[str], named: Mapping[str, str], log: ReadingLog) -> None:
    problems = [
        Problem(
            Severity.ERROR,
            "bill_column",
            _("没有名为“{name}”的列。", name=name)
            if kind in KINDS
            else _("账单表没有“{kind}”这一种列。", kind=kind),
            file=log.file,
            allowed="、".join(headers[:20] if kind in KINDS else KINDS),
        )
        for kind, name in named.items()
        if kind not in KINDS or name not in headers
    ]
    if problems:
        raise InputError(problems)


def _one(kind: str, names: Sequence[str], log: ReadingLog) -> str:
    """The column of a kind among several."""
    if len(names) == 1:
        return names[0]
    totals = [name for name in names if described(name).total]
    if kind == "energy" and len(totals) == 1:
        return totals[0]
    raise log.refuse(
        "bill_columns",
        _("账单表有几列可能是同一项。"),
        _("请用 columns（--column {kind}=表头）指明。", kind=kind),
        got="、".join(names),
    )


def _is_figure(name: str) -> bool:
    item = described(name)
    return item.unit is not None or item.quantity is not ReadingKind.UNKNOWN


def _row_kinds(
    table: ReadingTable, chosen: Mapping[str, str], log: ReadingLog
) -> list[str | None] | None:
    """What each row is of, where a column names the period; None without such a column."""
    for name in table.frame.columns:
        cells = table.frame[name]
        if name in chosen.values() or not _ROW_KIND.search(folded(str(name))):
            continue
        different = [str(cell) for cell in cells.dropna().unique()]
        if len(different) < 2 or not any(_period(folded(text)) for text in different):
            continue
        meaning = {text: _row_kind(text, str(name), log) for text in different}
        left = [text for text, kind in meaning.items() if kind is None]
        if left:
            log.note(_("“{name}”为 {left} 的行未采用。", name=str(name), left="、".join(left)))
        return [meaning.get(str(cell)) for cell in cells]
    return None


def _row_kind(text: str, column: str, log: ReadingLog) -> str | None:
    plain = folded(text)
    item = described(text)
    if item.quantity in _LEFT_OUT or item.quantity is ReadingKind.DEMAND:
        return None
    period = _period(plain)
    if period is not None:
        return period
    if item.total or re.search(r"合计|总|有功$|正向有功$|全部|total", plain):
        return "energy"
    raise log.refuse(
        "bill_rows",
        _("账单表中有看不出是什么的行。"),
        _("请删去这些行，或改写为 总、尖、峰、平、谷。"),
        column=column,
        got=text,
    )


def _check_multiplier(table: ReadingTable, energy: str, log: ReadingLog) -> None:
    """See whether the energy has the multiplier in it that stands beside it."""
    refuse_factor([energy, *table.titles], log)
    for text in (energy, *table.titles):
        if to_multiply(text):
            raise log.refuse(
                "bill_multiplier",
                _("表中注明电量未乘倍率。"),
                _("请核对电量列；未乘倍率的请先乘上。"),
                got=text[:60],
            )
    name = multiplier_columns([str(item) for item in table.frame.columns]).get("combined")
    if name is None:
        _check_titles(table, log)
        return
    scale = table.frame[name].map(ratio).astype(float).to_numpy()
    registers = [
        parse_numbers(table.frame[item])
        for word in (r"上|起|前", r"本|止|后")
        for item in table.frame.columns
        if described(str(item)).register and re.search(word, str(item))
    ]
    if len(registers) == 2:
        difference = registers[1] - registers[0]
        amounts = parse_numbers(table.frame[energy])
        rows = np.isfinite(difference) & np.isfinite(amounts) & (difference > 0) & (scale > 1)
        multiplied = np.isclose(amounts, difference * scale, rtol=0.02, atol=1.0)[rows]
        if rows.any() and multiplied.all():
            return
        if rows.any():
            raise log.refuse(
                "bill_multiplier",
                _("电量不等于示数之差乘倍率，看不出电量是否已乘倍率。"),
                _("请核对电量列；未乘倍率的请先乘上。"),
                column=energy,
            )
    if bool((scale[np.isfinite(scale)] != 1).any()):
        log.assume("bill_multiplier", _("账单的电量按已乘“{name}”计。", name=name))


def _check_titles(table: ReadingTable, log: ReadingLog) -> None:
    """Say, or ask, what a title that speaks of a multiplier leaves open."""
    for title in table.titles:
        if is_secondary(title):
            raise log.refuse(
                "bill_multiplier",
                _("表中注明是互感器二次侧的读数，又没有倍率。"),
                _("请核对电量列；未乘倍率的请先乘上。"),
                got=title[:60],
            )
        if names_multiplier(title):
            log.assume("bill_multiplier", _("账单的电量按已乘“{name}”计。", name=title[:60]))


def unit_of(name: str, kind: str, table: ReadingTable, log: ReadingLog) -> Unit:
    """Unit of a column: its own, that of the title, or the one bills are printed in.

    Raises
    ------
    InputError
        If the unit is of another quantity, unknown, or the title states several.
    """
    wanted = Dimension.POWER if kind == "demand" else Dimension.ENERGY
    own = units_in(name)
    fitting = [unit for unit in own if unit.dimension is wanted]
    if len({unit.factor for unit in fitting}) == 1:
        return fitting[-1]
    unknown = [text for text in re.findall(r"\(([^()]*)\)", folded(name)) if _like_unit(text)]
    if own or unknown:
        raise log.refuse(
            "bill_unit",
            _("单位无法识别，或不是这一项的单位。"),
            column=name,
            got="、".join([unit.text for unit in own] or unknown),
            allowed="kW、MW、万千瓦" if kind == "demand" else "kWh、千瓦时、MWh、万千瓦时、度",
            sheet=table.sheet,
        )
    titled = _of_rows(table, wanted)
    for texts in (table.titles, [table.sheet]):
        titled = titled or [unit for unit in stated(texts) if unit.dimension is wanted]
    if len(titled) > 1:
        raise log.refuse(
            "bill_unit",
            _("标题或单位列写了几种单位。"),
            _("请在表头写明各列的单位。"),
            got="、".join(unit.text for unit in titled),
        )
    if titled:
        log.note(_("“{name}”的单位取自标题：{unit}。", name=name, unit=titled[0].text))
        return titled[0]
    unit = _DEFAULT[wanted]
    log.assume(
        "bill_unit",
        _("“{name}”没有写单位，按 {unit} 计。", name=name, unit=unit),
        _("请在表头写明单位。"),
    )
    return given_unit(unit)


def _of_rows(table: ReadingTable, wanted: Dimension) -> list[Unit]:
    """Different units that a column of units has for the rows."""
    found: dict[float, Unit] = {}
    for name in table.frame.columns:
        if UNIT.match(folded(str(name))):
            for cell in table.frame[name].dropna().unique():
                unit = whole_unit(str(cell))
                if unit is not None and unit.dimension is wanted:
                    found.setdefault(unit.factor, unit)
    return list(found.values())


def refuse_other_units(
    words: Mapping[int, str], used: Mapping[str, Unit], sheet: str, log: ReadingLog
) -> None:
    """Refuse rows without figures, by their number, that state another unit than is used."""
    for row, text in words.items():
        for unit in stated([text]):
            alike = [own for own in used.values() if own.dimension is unit.dimension]
            if alike and all(own.factor != unit.factor for own in alike):
                raise log.refuse(
                    "unit_halfway",
                    _("数据中间又写了单位“{other}”，与上面的不同。", other=unit.text),
                    _("请把全表换算成一个单位，写在表头。"),
                    row=row,
                    got=text[:40],
                    allowed=alike[0].text,
                    sheet=sheet,
                )


def _like_unit(text: str) -> bool:
    """Whether the words in brackets look like a unit: Latin letters."""
    parts = re.split(r"[,，、;；\s]+", text)
    return any(re.fullmatch(r"[a-z][a-z·./²³0-9]{0,7}", part) is not None for part in parts)
