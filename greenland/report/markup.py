"""Cells and rows as HTML: everything from the record is escaped, nothing else is written here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from greenland.report import formatters as fmt
from greenland.report.blocks import Rules
from greenland.report.labels import state_label
from greenland.report.tables import Row, Table, TableColumn, cell_class, cell_text

MARKS = {
    "met": "✓",
    "failed": "✗",
    "overdue": "!",
    "not_due": "…",
    "no_data": "?",
    "not_applicable": "–",
}
_NOT_IN_IDS = re.compile(r"[^\w.-]")


def anchor(text: str) -> str:
    """A text as the id of an element."""
    return _NOT_IN_IDS.sub("_", text)


def rule_link(rule_id: Any, rules: Rules) -> Markup:
    """The number of a rule, linked to its entry; the bare id when it is not listed."""
    if fmt.is_missing(rule_id):
        return Markup(fmt.DASH)
    found = rules.get(rule_id)
    if found is None:
        return Markup("<code>{}</code>").format(rule_id)
    own = Markup("<sup>*</sup>") if found.overridden else Markup("")
    return Markup('<a href="#{}" title="{}">{}</a>{}').format(
        anchor(found.anchor), f"{found.title} · {found.document} {found.clause}", found.number, own
    )


def badge(state: str) -> Markup:
    """A state as a mark and a word, so that colour is never alone."""
    css = state if state in MARKS else "not_applicable"
    return Markup('<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>').format(
        css, MARKS.get(state, "·"), state_label(state)
    )


def _cell(row: Row, column: TableColumn, rules: Rules) -> str:
    kind = column.kind
    if kind == "mark":
        return _mark(row.get(column.key))
    if kind == "rule":
        return f"<td>{rule_link(row.get(column.key), rules)}"
    text = escape(cell_text(row, column))
    if kind == "link" and row.get("link"):
        link = str(row["link"])
        href = link if link.startswith("file:") else quote(link)  # a URL is quoted already
        return Markup('<td><a href="{}">{}</a>').format(href, text)
    if text == fmt.DASH and row.get("reason") and column.key != "reason":
        return f'<td class=na title="{escape(row["reason"])}">{fmt.DASH}'
    if column.numeric:
        return f"<td class=n>{text}"
    css = cell_class(row, column)
    return f"<td class={css}>{text}" if css else f"<td>{text}"


def _mark(state: Any) -> str:
    if state not in MARKS:
        return f"<td class=m>{fmt.DASH}"
    label = escape(state_label(str(state)))
    return f'<td class="m v-{state}" title="{label}">{MARKS[state]}'


def table_rows(table: Table, rules: Rules) -> Markup:
    """Every row of a table; those beyond the fold carry a class that hides them on screen."""
    lines = []
    for place, row in enumerate(table.rows):
        folded = table.fold and place >= table.fold
        cells = "".join(_cell(row, column, rules) for column in table.columns)
        anchored = f" id={table.anchor(place)}" if table.anchored else ""
        lines.append(f"<tr{anchored}{' class=f' if folded else ''}>{cells}")
    return Markup("\n".join(lines))


def script_json(value: Any) -> Markup:
    """JSON for a data block of the page; nothing in it can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(char, escaped)
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def wide(columns: Sequence[TableColumn]) -> bool:
    """Whether a table needs small print to fit the paper."""
    return len(columns) > 9


def shown_tables(tables: Sequence[Table], form: str) -> list[Table]:
    """The tables that belong to a form."""
    return [table for table in tables if form in table.forms]


def attributes(values: Mapping[str, Any]) -> Markup:
    """HTML attributes, those without a value left out."""
    return Markup(" ").join(
        Markup('{}="{}"').format(key, value) for key, value in values.items() if value
    )
