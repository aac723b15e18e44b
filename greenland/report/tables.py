"""One description of a table, from which the page, the workbook and the Word file are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from greenland.i18n import _
from greenland.record.base import RecordModel
from greenland.report import formatters as fmt
from greenland.report.labels import FieldLabel, label, name, unit_text, value_label

Row = Mapping[str, Any]

NUMERIC = frozenset({"number", "share", "yuan", "int", "change", "value"})
PRINTED_COLUMNS = 9  # of a table on a page of standard length
FOLD = 15  # rows shown on screen before a table is unfolded
_STATE_ORDER = {"failed": 0, "overdue": 1, "no_data": 2, "not_due": 3, "met": 4}
_VERDICT_ORDER = {"rejected": 0, "conditional": 1, "pending": 2, "admitted": 3}
_CLASS_ORDER = {"D": 0, "C": 1, "B": 2, "A": 3, "exempt": 4}
_DECISION_ORDER = {"exit": 0, "supervise": 1, "improve": 2, "keep": 3}
_WORDY = frozenset(
    ("text", "reason", "note", "message", "remedy", "gap", "evidence", "facts", "measure", "source")
)
_LINKED = {"state", "verdict", "class", "decision"}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: where its values are, what it is called and how they are written.

    Parameters
    ----------
    key : str
    title : str
        Without the unit.
    unit : str
        In the language in use.
    kind : str
    digits : int, optional
    divisor : float
        What a value is divided by before it is written (万, 亿).
    units : bool
        Whether the unit of its indicator stands behind each value.
    """

    key: str
    title: str
    unit: str = ""
    kind: str = "text"
    digits: int | None = None
    divisor: float = 1.0
    units: bool = False

    @property
    def heading(self) -> str:
        """Title with the unit in brackets."""
        return _("{title}（{unit}）", title=self.title, unit=self.unit) if self.unit else self.title

    @property
    def css(self) -> str:
        """Class of the heading: how wide the column must be, and its alignment."""
        if self.key.endswith("_name") or self.key in ("title", "definition", "industry_name"):
            return "t-name"
        if self.key in _WORDY:
            return "t-words"
        if self.kind == "mark":
            return "m"
        return "n" if self.numeric else f"t-{self.kind}"

    @property
    def numeric(self) -> bool:
        """Whether values are aligned to the right."""
        return self.kind in NUMERIC


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a name, columns and rows, worst rows first.

    Parameters
    ----------
    id : str
        Anchor in the page and name in the workbook.
    title : str
    columns : tuple of TableColumn
    rows : tuple of mapping
    note : str
        What to know when reading it.
    sheet : str
        The sheet its row numbers are of.
    fold : int
        Rows shown before unfolding; 0 shows all.
    forms : frozenset of str
        ``page``, ``workbook``, ``word``.
    annex : bool
        Whether it is a list to look things up in, which is folded in the page.
    key : bool
        Whether leaders read it: it is part of a brief report.
    anchored : bool
        Whether links lead to its rows.
    """

    id: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    note: str = ""
    sheet: str = ""
    fold: int = FOLD
    forms: frozenset[str] = field(default=frozenset({"page", "workbook"}))
    annex: bool = False
    key: bool = False
    anchored: bool = False
    block: str = "table"

    @property
    def heads(self) -> list[tuple[TableColumn, str]]:
        """Columns with the classes of their headings: long texts are given more width."""
        return [(column, f"{column.css}{self._room(column)}") for column in self.columns]

    @property
    def remark(self) -> str:
        """The note, and what row numbers are of where they are shown."""
        if not self.sheet or all(column.key != "row" for column in self.columns):
            return self.note
        return self.note + _("行号指{sheet}。", sheet=self.sheet)

    def _room(self, column: TableColumn) -> str:
        """Class of a column whose texts would stand in many short lines."""
        if column.numeric or column.kind in ("mark", "rule"):
            return ""
        longest = max((len(cell_text(row, column)) for row in self.rows), default=0)
        return " t-long" if longest > 40 else " t-wide" if longest > 12 else ""

    def anchor(self, place: int) -> str:
        """Anchor of a row, by its place."""
        return f"{self.id}-{place + 1}"

    @property
    def cut_rows(self) -> int:
        """How many rows a printed page of standard length leaves out."""
        return max(0, len(self.rows) - self.fold) if self.fold else 0

    @property
    def cut_columns(self) -> int:
        """How many columns it leaves out."""
        return max(0, len(self.columns) - PRINTED_COLUMNS)

    @property
    def unprinted(self) -> str:
        """Titles of the columns it leaves out."""
        return fmt.listed([column.title for column in self.columns[PRINTED_COLUMNS:]])

    @property
    def landscape(self) -> bool:
        """Whether it is printed across the sheet: many columns, and enough rows to fill it."""
        return len(self.columns) > 10 and len(self.rows) > 10

    @property
    def named(self) -> str:
        """Classes that keep ids and names of the first two columns whole; ids in print too."""
        keep = [
            f" {'id' if column.key.endswith('_id') else 'named'}{place}"
            for place, column in enumerate(self.columns[:2], start=1)
            if column.key.endswith(("_id", "_name"))
        ]
        return "".join(keep)


def make_column(key: str, rows: Sequence[Row], greatest: float = 0.0) -> TableColumn:
    """The column of an id, its money scaled and its decimals fitted to the rows.

    Parameters
    ----------
    key : str
    rows : sequence of mapping
    greatest : float
        Largest amount of money in the whole table [yuan], so that all its columns share a unit.
    """
    entry: FieldLabel = label(key)
    kind, digits, divisor = entry.kind, entry.digits, 1.0
    shown_unit = unit_text(entry.unit)
    numbers = [n for row in rows if (n := fmt.as_number(row.get(key))) is not None]
    if kind == "auto":
        kind = _guess(key, rows)
    if kind == "yuan":
        largest_here = max([greatest, *map(abs, numbers)])
        scale = fmt.table_scale(largest_here, entry.unit.endswith("/年"))
        shown_unit, digits, divisor = scale.unit, scale.digits, scale.divisor
    if kind == "number" and digits is None:
        digits = fmt.digits_for(max(map(abs, numbers), default=0.0))
    return TableColumn(key, entry.text, shown_unit, kind, digits, divisor)


def _guess(key: str, rows: Sequence[Row]) -> str:
    """The kind of a column nobody described, by its name and its values."""
    values = [row[key] for row in rows if row.get(key) is not None]
    if key.endswith(("_share", "_rate", "_ratio")):
        return "share"
    if key.endswith("_yuan"):
        return "yuan"
    if key.endswith(("_date", "_on")):
        return "date"
    if values and all(isinstance(value, bool) for value in values):
        return "bool"
    if values and all(fmt.as_number(value) is not None for value in values):
        return "number"
    if any(isinstance(value, list) for value in values):
        return "list"
    return "coded"


def make_table(
    table_id: str,
    title: str,
    rows: Iterable[RecordModel | Row] | None,
    columns: str,
    *,
    worst: Callable[[Row], Any] | None = None,
    **options: Any,
) -> Table | None:
    """Describe a table; None when there are no rows.

    Parameters
    ----------
    table_id, title : str
    rows : iterable of model or mapping
    columns : str
        Ids separated by blanks; a column without any value in the rows is left out unless its
        id ends in ``!``.
    worst : callable, optional
        Sort key that puts the worst rows first.
    **options
        Further fields of `Table`.
    """
    kept = [row.cells() if isinstance(row, RecordModel) else row for row in rows or ()]
    if not kept:
        return None
    if worst is not None:
        kept.sort(key=worst)
    keys = [
        key.rstrip("!")
        for key in columns.split()
        if key.endswith("!") or any(not fmt.is_missing(row.get(key)) for row in kept)
    ]
    greatest = _greatest_money(keys, kept)
    chosen = [make_column(key, kept, greatest) for key in keys]
    if "unit" not in keys:  # values of different indicators, each with a unit of its own
        chosen = [replace(one, units=one.kind in ("value", "change")) for one in chosen]
    return Table(table_id, title, tuple(chosen), tuple(kept), **options)


def _greatest_money(keys: Sequence[str], rows: Sequence[Row]) -> float:
    """Largest amount in the money columns of a table [yuan]."""
    money = [key for key in keys if label(key).kind == "yuan"]
    found = [fmt.as_number(row.get(key)) for key in money for row in rows]
    return max((abs(amount) for amount in found if amount is not None), default=0.0)


def worst_state(row: Row) -> tuple[Any, ...]:
    """Sort key: failed, overdue, missing, not due, met; within one the least margin first."""
    margin = fmt.as_number(row.get("margin"))
    required = fmt.as_number(row.get("required"))
    relative = margin / abs(required) if margin is not None and required else 0.0
    return (_STATE_ORDER.get(str(row.get("state")), 5), relative)


def worst_by(column: str, *then: str) -> Callable[[Row], Any]:
    """Sort key by a coded column, worst first, then by further columns from small to large."""
    order = {"class": _CLASS_ORDER, "decision": _DECISION_ORDER, "verdict": _VERDICT_ORDER}[column]

    def key(row: Row) -> tuple[Any, ...]:
        rest = (str(row.get(name) if row.get(name) is not None else "~") for name in then)
        return (order.get(str(row.get(column)), 9), *rest)

    return key


def largest(column: str) -> Callable[[Row], float]:
    """Sort key by a numeric column, largest first."""
    return lambda row: -(fmt.as_number(row.get(column)) or 0.0)


def indicator_of(row: Row) -> str:
    """Id of the indicator a row is about."""
    for key in ("indicator", "limit", "reading", "item"):
        if isinstance(row.get(key), str):
            return str(row[key])
    return ""


def value_text(value: Any, indicator: str, unit: str | None = None, signed: bool = False) -> str:
    """A value of an indicator, in the way that indicator is written."""
    entry = label(indicator) if indicator else FieldLabel("", "", kind="number")
    if fmt.is_missing(value):
        return fmt.DASH
    amount = fmt.as_number(value)
    if amount is None:
        return coded_text(indicator, value)
    if entry.kind == "share" or unit == "share":
        return fmt.points(amount) if signed else fmt.share(amount, entry.digits or 1)
    if entry.kind == "yuan":
        return fmt.yuan(amount)
    digits = 0 if entry.digits is None and amount.is_integer() else entry.digits
    return fmt.signed(amount, digits) if signed else fmt.number(amount, digits)


def with_unit(value: Any, indicator: str, unit: str | None = None) -> str:
    """A value of an indicator with its unit."""
    return _behind(value_text(value, indicator, unit), indicator, unit)


def _behind(text: str, indicator: str, unit: str | None) -> str:
    """The text of a value with its unit behind it, where it has none yet."""
    entry = label(indicator)
    shown = unit_text(entry.unit if unit is None else unit)
    if text == fmt.DASH or entry.kind in ("share", "yuan") or not shown or shown == "share":
        return text
    return f"{text} {shown}"


def cell_text(row: Row, column: TableColumn) -> str:
    """What stands in a cell."""
    value = row.get(column.key)
    if fmt.is_missing(value):
        return fmt.DASH
    kind = column.kind
    if kind in ("value", "change"):
        unit, about = row.get("unit"), indicator_of(row)
        text = value_text(value, about, unit, signed=kind == "change")
        return _behind(text, about, unit) if column.units else text
    if kind in ("number", "yuan"):
        amount = fmt.as_number(value)
        return str(value) if amount is None else fmt.number(amount / column.divisor, column.digits)
    if kind in ("coded", "state", "class", "auto", "list"):
        return coded_text(column.key, value)
    return _PLAIN.get(kind, str)(value)


_PLAIN: dict[str, Callable[[Any], str]] = {
    "share": fmt.share,
    "int": lambda value: fmt.number(value, 0),
    "year": lambda value: f"{value:.0f}" if isinstance(value, int | float) else str(value),
    "date": fmt.date,
    "bool": fmt.yes_no,
    "list": fmt.listed,
    "unit": lambda value: unit_text(value) or fmt.DASH,
}


def coded_text(key: str, value: Any) -> str:
    """A coded value, or several, in words."""
    if isinstance(value, bool):
        return fmt.yes_no(value)
    if isinstance(value, list | tuple):
        return (
            fmt.DASH if not value else fmt.listed([value_label(key, str(item)) for item in value])
        )
    if fmt.as_number(value) is not None:
        return fmt.number(value)
    return value_label(key, str(value))


def cell_class(row: Row, column: TableColumn) -> str:
    """Short class of a cell that has a colour of its own; ``""`` for the rest."""
    if column.kind in ("state", "class") or column.key in _LINKED:
        value = row.get(column.key)
        return f"v-{value}" if isinstance(value, str) and value.isidentifier() else ""
    return ""


def indicator_name(row: Row) -> str:
    """Name of the indicator a row is about."""
    return name(indicator_of(row))


def renamed(table: Table | None, key: str, title: str) -> Table | None:
    """The table with another heading over one column."""
    if table is None:
        return None
    columns = tuple(replace(c, title=title) if c.key == key else c for c in table.columns)
    return replace(table, columns=columns)
