"""The text of ``mapping.yaml``, with its explanation, for people to edit."""

from __future__ import annotations

import json

from greenland.i18n import language
from greenland.park.mapping.entries import (
    ColumnEntry,
    MappingFile,
    MatchKind,
    SheetEntry,
    ValueEntry,
)

# The text is a file for people to edit, kept whole in each language; it is not a message.
_ZH = """\
# 自己的台账与本软件各表的对照，由 greenland map 写出，读取时照此使用。
# match: certain    字典里就有的名称，直接使用
#        guessed    按名称、单位、取值推测，没有使用；核对后把 confirm: false 改为 confirm: true
#        unmatched  没有找到；需要时在 column（table、value）后填写名称
#        decided    手写的对照，直接使用
# 不需要的列或表写 column: "不读取"（table: "不读取"）。unit 是表中数值的单位。
# 再次运行 greenland map，已经填写和确认的内容不变。
"""
_EN = """\
# The park's own tables and what they stand for, written by greenland map and followed by reading.
# match: certain    a name the dictionary has; followed
#        guessed    like it by name, unit or values; not followed until it says confirm: true
#        unmatched  nothing like it; fill in column (table, value) where it is needed
#        decided    written by hand; followed
# For a column or sheet to be left out write column: "not read" (table: "not read").
# unit is the unit of the numbers in the table.
# Running greenland map again leaves what is filled in and confirmed.
"""


def mapping_text(mapping: MappingFile) -> str:
    """The whole file."""
    lines = [_ZH if language() == "zh" else _EN]
    lines.append("sheets:" if mapping.sheets else "sheets: {}")
    for title, sheet in mapping.sheets.items():
        lines.append(f"  {_quoted(title)}:")
        lines += _shared("    ", "table", sheet)
        if sheet.columns:
            lines.append("    columns:")
        for heading, column in sheet.columns.items():
            lines.append(f"      {_quoted(heading)}:")
            lines += _shared("        ", "column", column)
            if column.unit:
                lines.append(f"        unit: {_quoted(column.unit)}")
            if column.values:
                lines.append("        values:")
            for word, value in column.values.items():
                lines.append(f"          {_quoted(word)}:")
                lines += _shared("            ", "value", value)
    return "\n".join(lines) + "\n"


def _shared(indent: str, key: str, entry: SheetEntry | ColumnEntry | ValueEntry) -> list[str]:
    lines = [f"{indent}{key}: {_quoted(entry.target) if entry.target else ''}".rstrip()]
    lines.append(f"{indent}match: {entry.match}")
    if entry.match is MatchKind.GUESSED or entry.confirm:
        lines.append(f"{indent}confirm: {'true' if entry.confirm else 'false'}")
    if entry.note:
        lines.append(f"{indent}note: {_quoted(entry.note)}")
    return lines


def _quoted(text: str) -> str:
    """A text as YAML takes it, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)
