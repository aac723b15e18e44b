"""Values of a case as cells of a workbook and back, without loss."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from greenland.energy.case.book.fields import CellKind
from greenland.energy.case.book.layout import TRUTHS, UNLIMITED
from greenland.energy.money.assets import RESIDUAL_LABELS
from greenland.energy.money.carbon import FACTOR_LABELS
from greenland.energy.money.config import REPAYMENT_LABELS, ROLE_LABELS
from greenland.energy.site import OBJECTIVE_LABELS
from greenland.energy.tariff.config import BILLING_LABELS, MODE_LABELS, VOLTAGE_LABELS
from greenland.errors import InputError
from greenland.i18n import N_, _
from greenland.yamlfile import plain
from greenland.yamltree import parse_tree, scalar

YES, NO, NULL = N_("是"), N_("否"), "null"
_LABELS: tuple[Mapping[Any, str], ...] = (
    OBJECTIVE_LABELS,
    MODE_LABELS,
    BILLING_LABELS,
    VOLTAGE_LABELS,
    ROLE_LABELS,
    REPAYMENT_LABELS,
    RESIDUAL_LABELS,
    FACTOR_LABELS,
)
_CODE = re.compile(r"[（(]([^（()）]+)[)）]$")
_PLAIN = re.compile(r"[\w\u3400-\u9fff][\w\u3400-\u9fff ./+\-]*")
LONGEST = 32_767  # characters Excel keeps in a cell
Cell = bool | int | float | str


def choices_shown(kind: CellKind) -> list[str]:
    """Entries of a drop-down: what each code means, with the code behind it."""
    if kind.truth and not (kind.text or kind.number or kind.nested):
        return [_(YES), _(NO)]
    return [_shown(code, kind) for code in kind.choices]


def _shown(code: str, kind: CellKind) -> str:
    """A code with its meaning before it, where it has one."""
    labels = _labels(kind.choices)
    return _("{label}（{code}）", label=_(labels[code]), code=code) if code in labels else code


@cache
def _labels(choices: tuple[str, ...]) -> Mapping[str, str]:
    """The table of labels whose codes are these; several tables share some codes."""
    tables = [
        {str(getattr(key, "value", key)): text for key, text in labels.items()}
        for labels in _LABELS
    ]
    fitting = [table for table in tables if set(table) & set(choices)]
    return min(fitting, key=lambda table: len(set(table) ^ set(choices)), default={})


def to_cell(value: Any, kind: CellKind) -> Cell:
    """What a value is written as; lists, mappings and odd texts as YAML in one line.

    Parameters
    ----------
    value
        Plain, as it stands in a YAML file.
    kind : CellKind
        Of the field it belongs to.
    """
    if isinstance(value, bool):
        return _(YES) if value else _(NO)
    if value is None:
        return NULL
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return ".inf" if value > 0 else "-.inf"
        return value if float(f"{value:.16G}") == value else repr(value)  # digits a file keeps
    if isinstance(value, str):
        if kind.choices and from_cell(value, kind) in kind.choices:
            return _shown(from_cell(value, kind), kind)
        return value if _kept(value, kind) else in_one_line(value)
    return in_one_line(value)


def _kept(text: str, kind: CellKind) -> bool:
    """Whether a cell with this text is read as this text."""
    try:
        return bool(text.strip() == text and from_cell(text, kind) == text)
    except InputError:
        return False


def from_cell(cell: Any, kind: CellKind) -> Any:
    """The value a filled cell stands for.

    Raises
    ------
    InputError
        If it looks like a list, a mapping or a quoted text and is none.
    """
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        number = int(cell) if float(cell).is_integer() else float(cell)
        return str(number) if kind.choices or (kind.text and not kind.number) else number
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime("%Y-%m-%d")
    text = str(cell).strip()
    if text[:1] in ("[", "{", '"'):
        return plain(parse_tree(f"value: {text}", "")["value"])
    if kind.choices:
        return _code_of(text, kind)
    if text == NULL:
        return None
    if text.lower() in TRUTHS and kind.truth:
        return TRUTHS[text.lower()]
    if kind.number or (kind.nested and not kind.text):
        if text in UNLIMITED:
            return math.inf
        value = scalar(unicodedata.normalize("NFKC", text))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
    return text


def _code_of(text: str, kind: CellKind) -> str:
    """The code a text names by itself, by the code in brackets behind it, or by its meaning."""
    found = _CODE.search(text)
    if found is not None and found[1].strip() in kind.choices:
        return found[1].strip()
    labels = _labels(kind.choices)
    meant = [code for code in kind.choices if code in labels and _(labels[code]) == text]
    return meant[0] if len(meant) == 1 and text not in kind.choices else text


def in_one_line(value: Any) -> str:
    """A value as YAML in one line."""
    if isinstance(value, str):
        value = DoubleQuotedScalarString(value)
    text = _dumped(_quoted(value), flow=True).removesuffix("\n").removesuffix("...")
    return " ".join(text.split("\n")).strip()


def as_yaml(tree: Mapping[str, Any]) -> str:
    """A case as the text of a YAML file that reads back the same."""
    return _dumped(_in_blocks(_quoted(tree)), flow=False)


def _in_blocks(value: Any) -> Any:
    """Mappings and lists line by line, but lists of plain values in one line."""
    if isinstance(value, dict):
        return {key: _in_blocks(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    listed = CommentedSeq([_in_blocks(item) for item in value])
    if not any(isinstance(item, dict | list) for item in value):
        listed.fa.set_flow_style()
    return listed


def _dumped(value: Any, *, flow: bool) -> str:
    yaml = YAML()
    yaml.default_flow_style = flow
    yaml.width = 1_000_000  # texts stay in one line
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(value, stream)
    return stream.getvalue()


def _quoted(value: Any) -> Any:
    """The value with every text in quotes that would be read as something else without."""
    if isinstance(value, Mapping):
        return {_quoted(str(key)): _quoted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(item) for item in value]
    if isinstance(value, str) and not isinstance(value, DoubleQuotedScalarString):
        safe = _PLAIN.fullmatch(value) and value == value.strip() and _stays(value)
        return value if safe else DoubleQuotedScalarString(value)
    return value


def _stays(text: str) -> bool:
    """Whether an unquoted text is read as that text."""
    try:
        return bool(plain(parse_tree(f"value: {text}", "")["value"]) == text)
    except InputError:
        return False
