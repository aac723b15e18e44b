"""Rows of a price table, read cell by cell; every fault is noted by row and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from greenland.energy.tariff import table_cells as cells
from greenland.energy.tariff.config import Voltage, voltage_of
from greenland.energy.tariff.spellings import spellings
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _
from greenland.yamlfile import nearest
from greenland.yamlhints import short
from greenland.yamltree import is_ordinary_file

T = TypeVar("T")
COLUMNS = (
    *("项目", "电压等级", "计价方式", "时段", "月份", "开始", "结束", "优先级"),
    *("数值", "单位", "生效日期", "失效日期", "依据"),
)
_ALWAYS = frozenset({"项目", "月份", "生效日期", "失效日期", "依据"})
PARTS = {"单一制": "single_part", "两部制": "two_part"}


@dataclass(frozen=True, slots=True)
class TableItem:
    """What a row may be about.

    Parameters
    ----------
    field : str
        Of the tariff; empty for time of use.
    kind : str
        Of its number, a key of `greenland.energy.tariff.table_cells.UNITS`; empty for none.
    needs : tuple of str
        Columns that must be filled, beside the ones all rows may have.
    """

    field: str
    kind: str
    needs: tuple[str, ...]


_NUMBER = ("数值", "单位")
ITEMS = {
    "电量电价": TableItem("transmission_price", cells.PRICE, ("电压等级", "计价方式", *_NUMBER)),
    "容量电价": TableItem("capacity_price", cells.PER_KVA_MONTH, ("电压等级", *_NUMBER)),
    "需量电价": TableItem("demand_price", cells.PER_KW_MONTH, ("电压等级", *_NUMBER)),
    "平均负荷率": TableItem("average_load_rate", cells.SHARE, ("电压等级", *_NUMBER)),
    "线损率": TableItem("line_loss", cells.SHARE, _NUMBER),
    "政府性基金及附加": TableItem("funds", cells.PRICE, _NUMBER),
    "系统运行费": TableItem("system_operation_fee", cells.PRICE, _NUMBER),
    "市场电价": TableItem("market_price", cells.PRICE, _NUMBER),
    "分时时段": TableItem("", "", ("时段", "开始", "结束")),
    "分时比价": TableItem("", cells.RATIO, ("时段", "数值")),
    "分时浮动": TableItem("", "", ("数值",)),
}
"""Items of a price table; the names are those of the published tables."""

_OPTIONAL = {
    "分时时段": {"优先级"},
    "分时比价": {"单位"},
    "线损率": {"单位"},
    "平均负荷率": {"单位"},
}
FLOATING = {
    "市场电价": "energy",
    "线损": "line_loss",
    "电量电价": "transmission",
    "系统运行费": "system_operation",
    "政府性基金及附加": "funds",
}
"""Components that may float with the time of use, as the table names them."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a price table; what an item has no use for is empty.

    Parameters
    ----------
    line : int
        In the file, counted from 1.
    value : float
        In the unit of the tariff.
    first, last : date, optional
        Both ends count.
    """

    line: int
    item: str
    source: str
    voltage: str = ""
    part: str = ""
    period: str = ""
    months: tuple[int, ...] = ()
    start: str = ""
    end: str = ""
    priority: int = 0
    value: float = 0.0
    names: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What may be said only once for a day."""
        return self.item, self.voltage, self.part, self.period

    @property
    def title(self) -> str:
        """The item with its voltage or period."""
        return " ".join(part for part in (self.item, self.voltage, self.period) if part)


class TableReader:
    """Reads the rows of a price table, noting every fault.

    Parameters
    ----------
    path : Path
        CSV, UTF-8 or GBK; lines that begin with ``#`` and empty ones are passed over.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def rows(self) -> list[TableRow]:
        """Every row that can be read.

        Raises
        ------
        InputError
            If there is no such file, or it is no text.
        """
        lines = list(self._lines())
        if not lines:
            self._fault("table_empty", _("价格表里没有内容。"), 1, "")
            return []
        line, header = lines[0]
        names = [cells.plain(name) for name in header]
        if not self._header(line, names):
            return []
        found = [self._row(line, dict(zip(names, row, strict=False))) for line, row in lines[1:]]
        if not found:
            self._fault("table_empty", _("价格表里只有表头。"), line, "")
        return [row for row in found if row is not None]

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        if not is_ordinary_file(self.path):
            raise input_error(
                "price_table",
                _("找不到价格表 {file}。", file=short(self.path.name)),
                remedy=_("文件名相对于案例文件所在的文件夹。"),
                column="tariff.table",
                touches=("energy",),
            )
        raw = self.path.read_bytes()
        try:
            text = _decoded(raw)
        except UnicodeDecodeError:
            raise input_error(
                "price_table",
                _("价格表不是 UTF-8 或 GBK 编码的 CSV。"),
                remedy=_("请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。"),
                file=self.path.name,
                touches=("energy",),
            ) from None
        reader = csv.reader(io.StringIO(text, newline=""))
        for row in reader:
            if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#"):
                yield reader.line_num, row

    def _header(self, line: int, names: list[str]) -> bool:
        before = len(self.problems)
        for name in names:
            if name and name not in COLUMNS:
                guess = nearest(name, list(COLUMNS))
                remedy = _("是否应为“{guess}”？", guess=guess) if guess else ""
                allowed = "、".join(COLUMNS)
                self._fault(
                    "table_header", _("价格表没有这一列。"), line, name, remedy, allowed=allowed
                )
        twice = sorted({name for name in names if name and names.count(name) > 1})
        for name in twice:
            self._fault("table_header", _("这一列重复。"), line, name)
        for name in ("项目", "数值"):
            if name not in names:
                self._fault("table_header", _("缺少这一列。"), line, name)
        return len(self.problems) == before

    def _row(self, line: int, raw: dict[str, str]) -> TableRow | None:
        row = {name: cells.plain(text) for name, text in raw.items()}
        name = row.get("项目", "")
        item = ITEMS.get(name)
        if item is None:
            guess = nearest(name, list(ITEMS)) if name else None
            remedy = _("是否应为“{guess}”？", guess=guess) if guess else ""
            text = _("不认识这个项目。") if name else _("没有写项目。")
            self._fault(
                "table_item", text, line, "项目", remedy, got=name, allowed="、".join(ITEMS)
            )
            return None
        before = len(self.problems)
        self._filled(line, name, item, row)
        values = self._values(line, name, item, row) if len(self.problems) == before else None
        if values is None or len(self.problems) > before:
            return None
        source = row.get("依据", "") or _("{file} 第{row}行", file=self.path.name, row=line)
        return TableRow(line=line, item=name, source=str(source), **values)

    def _filled(self, line: int, name: str, item: TableItem, row: dict[str, str]) -> None:
        optional = _OPTIONAL.get(name, set())
        for column in COLUMNS:
            needed = column in item.needs and column not in optional
            allowed = column in item.needs or column in _ALWAYS or column in optional
            written = row.get(column, "")
            if needed and not written:
                text = _("“{item}”要填写这一列。", item=name)
                self._fault("table_cell", text, line, column)
            elif written and not allowed:
                text = _("“{item}”不用这一列，请核对是否错列。", item=name)
                self._fault("table_cell", text, line, column, got=written)

    def _values(
        self, line: int, name: str, item: TableItem, row: dict[str, str]
    ) -> dict[str, Any] | None:
        """Cells of a row as values."""

        def read(column: str, reading: Callable[[str], T], empty: T) -> T:
            text = row.get(column, "")
            if not text:
                return empty
            try:
                return reading(text)
            except cells.TableCellError as fault:
                more = {"got": text, "allowed": str(fault.allowed)}
                self._fault("table_cell", fault.message, line, column, fault.remedy, **more)
                return empty

        values: dict[str, Any] = {
            "voltage": read("电压等级", _voltage, ""),
            "part": read("计价方式", _part, ""),
            "period": read("时段", _period, ""),
            "months": tuple(read("月份", cells.months, [])),
            "start": read("开始", cells.clock, ""),
            "end": read("结束", cells.clock, ""),
            "priority": read("优先级", _priority, 0),
            "first": read("生效日期", cells.date, None),
            "last": read("失效日期", cells.date, None),
        }
        if item.kind:
            unit = row.get("单位", "")
            try:
                cells.unit_factor(unit if "%" not in row["数值"] else "%", item.kind)
            except cells.TableCellError as fault:
                more = {"got": unit, "allowed": str(fault.allowed)}
                self._fault("table_cell", fault.message, line, "单位", fault.remedy, **more)
            else:
                values["value"] = read(
                    "数值", lambda text: cells.number(text, unit, item.kind), 0.0
                )
        elif name == "分时浮动":
            nothing: tuple[str, ...] = ()
            values["names"] = read("数值", _names, nothing)
        if values["first"] and values["last"] and values["first"] > values["last"]:
            self._fault(
                "table_cell", _("失效日期早于生效日期。"), line, "失效日期", got=row["失效日期"]
            )
        if values["start"] and values["start"] == values["end"]:
            self._fault("table_cell", _("时段的起点和终点相同。"), line, "结束", got=row["结束"])
        return values

    def _fault(
        self, code: str, message: Any, line: int, column: str, remedy: Any = "", **parts: Any
    ) -> None:
        place: dict[str, Any] = {"file": self.path.name, "row": line, "column": column}
        self.problems.append(
            Problem(Severity.ERROR, code, message, remedy, **place, **parts, touches=("energy",))
        )


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gbk")


def _voltage(text: str) -> str:
    found = str(voltage_of(text))
    if found in set(Voltage):
        return found
    raise cells.TableCellError(
        _("不认识这个电压等级。"), allowed="不满1千伏、1-10千伏、35千伏、110千伏、220千伏"
    )


def _part(text: str) -> str:
    if text in PARTS:
        return PARTS[text]
    raise cells.TableCellError(_("计价方式只有两种。"), allowed="、".join(PARTS))


def _period(text: str) -> str:
    names = spellings("period")
    if text in names:
        return names[text]
    raise cells.TableCellError(_("不认识这个时段。"), allowed="、".join(names))


def _priority(text: str) -> int:
    if text.isdigit():
        return int(text)
    raise cells.TableCellError(_("优先级应为整数，大的覆盖小的。"), allowed="0、1、2……")


def _names(text: str) -> tuple[str, ...]:
    parts = [part for part in text.replace(",", "、").split("、") if part]
    unknown = [part for part in parts if part not in FLOATING]
    if unknown:
        raise cells.TableCellError(
            _("不认识“{name}”。", name="、".join(unknown)), allowed="、".join(FLOATING)
        )
    return tuple(FLOATING[part] for part in parts)
