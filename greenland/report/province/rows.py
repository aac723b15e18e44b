"""What the chapters share: parks by their keys, values of key results in words, table columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from greenland.i18n import N_, _
from greenland.key_results import KEYS
from greenland.report import formatters as fmt
from greenland.report.labels import unit_text, value_label
from greenland.report.tables import Row, Table, TableColumn

Province = Mapping[str, Any]
NAME = "park_name"
COUNTED = frozenset((N_("家"), N_("个"), N_("项"), N_("名")))
_NAMED = 3
Park = Mapping[str, Any]


def by_key(record: Province) -> dict[str, Park]:
    """Parks that count, by their keys."""
    return {str(park["park"]): park for park in record["parks"]}


def title(key: str) -> str:
    """What a key result is called."""
    return _(KEYS[key].title)


def value(key: str, amount: Any) -> str:
    """A key result as it is written."""
    if KEYS[key].is_share:
        return fmt.share(amount)
    return fmt.number(amount, 0 if KEYS[key].unit in COUNTED else None)


def some(names: Iterable[str]) -> str:
    """Names, of many only the first."""
    every = list(names)
    if len(every) <= _NAMED:
        return fmt.listed(every)
    first = fmt.listed(every[:_NAMED])
    return _("{names} 等 {count} 个", names=first, count=len(every))


def with_unit(key: str, amount: Any) -> str:
    """A key result with its unit behind it."""
    text, unit = value(key, amount), unit_text(KEYS[key].unit)
    return text if text == fmt.DASH or not unit else f"{text} {unit}"


def change(key: str, amount: Any) -> str:
    """A change of a key result: of a share in points, of the others in per cent."""
    if fmt.is_missing(amount):
        return fmt.DASH
    return fmt.points(amount) if KEYS[key].is_share else _percent(amount)


def _percent(amount: float) -> str:
    text = fmt.share(amount)
    return f"+{text}" if amount > 0 and not text.startswith(("<", ">")) else text


def moved(places: Any) -> str:
    """Places gained or lost, as an arrow and a number."""
    if places is None:
        return fmt.DASH
    return "0" if places == 0 else f"↑{places}" if places > 0 else f"↓{-places}"


def park_name(park: Park) -> Row:
    """Cells that name a park and link to its report."""
    return {NAME: park["name"], "link": park["report"]}


def kind(park: Park) -> str:
    """Level and type of a park."""
    level, sort = value_label("level", park["level"]), value_label("type", park["type"])
    return _("{level} · {type}", level=level, type=sort)


def table(
    name: str,
    heading_text: str,
    columns: Sequence[TableColumn],
    rows: Sequence[Row],
    **options: Any,
) -> Table | None:
    """A table; None when there are no rows."""
    return (
        Table(f"table-{name}", heading_text, tuple(columns), tuple(rows), **options)
        if rows
        else None
    )


def name_column() -> TableColumn:
    """The column of parks."""
    return TableColumn(NAME, _("园区"), kind="link")
