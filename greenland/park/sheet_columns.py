"""Which columns of a sheet are read, in which unit, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Sequence

from greenland.errors import InputError, Severity
from greenland.i18n import _
from greenland.park.dictionary import Column, columns
from greenland.park.header import Match, column_factor, is_unit, nearest_header
from greenland.park.header_rows import Header
from greenland.park.normal import header_text, is_blank, listing, plain_text
from greenland.park.problems import LISTED, ProblemCollector, SheetLocation
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds
from greenland.park.stated_units import StatedUnits, caption_unit
from greenland.park.units_beside import agrees_with_comments, say_units_beside
from greenland.park.units_halfway import same_throughout

# Columns people add for themselves; nothing is lost by leaving them.
SERIAL_HEADERS = frozenset({"序号", "编号", "no", "no.", "行号", "#"})


def used_columns(
    raw: RawSheet,
    header: Header,
    kinds: RowKinds,
    stated: StatedUnits,
    location: SheetLocation,
    collector: ProblemCollector,
) -> dict[int, Match]:
    """Columns of the file to read: position → match; says what is wrong with the others."""
    used: dict[int, Match] = {}
    seen: dict[str, str] = {}
    captioned: dict[str, list[Column]] = {}
    known = {match.column.id for match in header.matches if match is not None}
    unknown: list[int] = []
    for position, (text, match) in enumerate(zip(header.texts, header.matches, strict=True)):
        if position in header.divided:
            if match is not None:
                seen[match.column.id] = text  # told already
            continue
        if position in header.other_groups:
            _other_group(header.other_groups[position].column, text, known, location, collector)
            continue
        if match is None:
            # "" in the names: the park says not to read the column
            if position not in stated.by_row and raw.names.get(header_text(text)) != "":
                unknown.append(position)
            continue
        item = match.column
        if item.id in seen:
            _twice(location, item, text, seen[item.id], collector)
            for place in [place for place, other in used.items() if other.column is item]:
                del used[place]  # which of them is meant is not known
            continue
        seen[item.id] = text
        location.headers[item.id] = _on_one_line(text)
        settled = _settled(match, _unit_below(kinds, position), location, collector)
        if settled is not None and item.numeric and not settled.stated and not stated.by_row:
            settled = _with_caption(settled, stated, captioned, location, collector)
        if settled is not None and (
            not item.numeric
            or (
                same_throughout(settled, position, raw, kinds, stated, location, collector)
                and agrees_with_comments(settled, position, raw, header, location, collector)
            )
        ):
            used[position] = settled
    _say_captions(raw, stated, captioned, location, collector)
    say_units_beside(raw, used, kinds, stated, location, collector)
    _all_unknown(raw, header, unknown, kinds, location, collector)
    _missing(location, set(seen), collector)
    width = max((len(raw.rows[row]) for row in kinds.data), default=0)
    for position in set(range(len(header.texts), width)) - header.divided:
        _unknown(raw, position, "", kinds, location, collector)
    return used


def _with_caption(
    match: Match,
    stated: StatedUnits,
    captioned: dict[str, list[Column]],
    location: SheetLocation,
    collector: ProblemCollector,
) -> Match | None:
    """The match in the unit of the caption; None when the caption leaves it open."""
    item = match.column
    unit, unclear = caption_unit(item, stated)
    if unclear:
        collector.sheet(
            location,
            Severity.ERROR,
            "caption_unit_unclear",
            _("表头没有写明单位，表外写的“{units}”又不能确定是这一列的单位。", units=unclear),
            _("请在列名后用括号写明单位，如“{header}”。", header=item.labelled_header),
            column=location.headers[item.id],
            allowed=item.shown_unit,
            touches=item.touches,
        )
        return None
    if unit == item.unit:
        return match
    captioned.setdefault(unit, []).append(item)
    return Match(item, unit, stated=True, inexact=match.inexact)


def _say_captions(
    raw: RawSheet,
    stated: StatedUnits,
    captioned: dict[str, list[Column]],
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    for unit, items in captioned.items():
        collector.sheet(
            location,
            Severity.NOTICE,
            "caption_unit",
            _(
                "按表外写明的单位“{unit}”读取：{headers}。",
                unit=unit,
                headers=listing(location.headers[item.id] for item in items),
            ),
            _("如果其中有的列是别的单位，请在列名后用括号写明。"),
            row=None if unit in stated.outside else raw.numbers[stated.caption_row],
        )


def _other_group(
    item: Column,
    text: str,
    known: set[str],
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Say that a column stands below a heading that makes it something else."""
    collector.sheet(
        location,
        Severity.NOTICE if item.id in known else Severity.ERROR,
        "other_group",
        _("按上方的分组，这一列不是“{header}”的当年实际数，未读取。", header=item.header),
        _("如果就是“{header}”，请改掉分组的名称。", header=item.header),
        column=_on_one_line(text),
        touches=() if item.id in known else item.touches,
    )


def _all_unknown(
    raw: RawSheet,
    header: Header,
    positions: Sequence[int],
    kinds: RowKinds,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Say which columns are not read; beyond the first ones, how many more."""
    before = len(collector.problems)
    for place, position in enumerate(positions):
        if len(collector.problems) - before < LISTED:
            _unknown(raw, position, header.texts[position], kinds, location, collector)
            continue
        collector.sheet(
            location,
            Severity.WARNING,
            "unknown_column",
            _("另有 {count} 列不认识或没有列名，未读取。", count=len(positions) - place),
            _("如不需要可保留，不影响评价；需要时请改用空白工作簿中的列名。"),
        )
        return


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _unit_below(kinds: RowKinds, position: int) -> str:
    """Unit named in a row of units below the header."""
    if kinds.units is None or position >= len(kinds.units):
        return ""
    word = plain_text(kinds.units[position]).strip("()")
    return word if is_unit(word) else ""


def _settled(
    match: Match, below: str, location: SheetLocation, collector: ProblemCollector
) -> Match | None:
    """The match with its unit checked; None when the unit cannot be converted."""
    item = match.column
    if match.inexact:
        collector.sheet(
            location,
            Severity.WARNING,
            "qualifier",
            _("列名缺少口径说明，按“{header}”读取。", header=item.labelled_header),
            _("请确认口径一致，并把列名补全。"),
            column=location.headers[item.id],
            touches=item.touches,
        )
    if not item.numeric:
        return match
    if below and not match.stated:
        match = Match(item, below, stated=True, inexact=match.inexact)
    elif below and not match.decimal and not _same_unit(below, match.unit, item):
        collector.sheet(
            location,
            Severity.ERROR,
            "unit_conflict",
            _("列名写的单位是“{unit}”，下面单位行写的是“{below}”。", unit=match.unit, below=below),
            _("请改成一致的单位。"),
            column=location.headers[item.id],
            touches=item.touches,
        )
        return None
    try:
        if not match.decimal:
            column_factor(match.unit, item)
    except InputError as error:
        fault = error.problems[0]
        collector.sheet(
            location,
            Severity.ERROR,
            "unit",
            fault.message,
            fault.remedy,
            column=location.headers[item.id],
            got=match.unit,
            allowed=item.shown_unit,
            touches=item.touches,
        )
        return None
    return match


def _same_unit(first: str, second: str, item: Column) -> bool:
    try:
        return abs(column_factor(first, item) / column_factor(second, item) - 1) < 1e-12
    except InputError:
        return False


def _unknown(
    raw: RawSheet,
    position: int,
    text: str,
    kinds: RowKinds,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    filled = sum(1 for row in kinds.data if not is_blank(raw.cell(row, position)))
    if header_text(text) in SERIAL_HEADERS or (not text and not filled):
        return
    if not text:
        collector.sheet(
            location,
            Severity.WARNING,
            "no_column_name",
            _("第 {n} 列没有列名，但有 {count} 个数据，未读取。", n=position + 1, count=filled),
            _("请补上列名，或删除该列。"),
        )
        return
    guess = nearest_header(location.sheet.id, text)
    collector.sheet(
        location,
        Severity.WARNING if guess else Severity.NOTICE,
        "unknown_column",
        _("不认识的列，未读取（{count} 个数据）。", count=filled),
        _("是否应为“{guess}”？如不需要可保留，不影响评价。", guess=guess)
        if guess
        else _("如不需要可保留，不影响评价；需要时请改用空白工作簿中的列名。"),
        column=_on_one_line(text),
    )


def _twice(
    location: SheetLocation, item: Column, text: str, first: str, collector: ProblemCollector
) -> None:
    collector.sheet(
        location,
        Severity.ERROR,
        "column_twice",
        _("“{header}”出现了两列，都没有读取。", header=item.header),
        _("请只保留一列。"),
        column=_on_one_line(text),
        got=_on_one_line(first),
        touches=item.touches,
        table=location.sheet.id,
        columns=(item.id,),
    )


def _missing(location: SheetLocation, seen: set[str], collector: ProblemCollector) -> None:
    absent = [item for item in columns(location.sheet.id) if item.id not in seen]
    for item in absent:
        if item.required:
            collector.sheet(
                location,
                Severity.ERROR,
                "missing_column",
                _("缺少必填列“{header}”。", header=item.labelled_header),
                _("请补上这一列；列名可从空白工作簿复制。"),
                touches=item.touches,
                table=location.sheet.id,
                columns=(item.id,),
            )
    optional = [item.header for item in absent if not item.required]
    if optional:
        collector.sheet(
            location,
            Severity.NOTICE,
            "optional_columns",
            _("没有选填列：{headers}。", headers=listing(optional)),
            _("用到这些列的指标按缺数据处理。"),
        )
