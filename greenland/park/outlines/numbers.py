"""Parcel numbers of outlines: the field that holds them, and how they meet the ledger's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from greenland.errors import input_error
from greenland.i18n import _
from greenland.park.cells.codes import folded_code
from greenland.park.dictionary import column
from greenland.park.method import NUMBERS_MATCHED
from greenland.park.normal import listing, squeezed
from greenland.yamlfile import nearest

# Names of the field in cadastral data sets: 宗地编号, 宗地代码, 不动产单元号.
FIELDS = ("parcel_id", "宗地编号", "宗地代码", "ZDBH", "ZDDM", "BDCDYH", "地块号", "DKBH")


def parcel_number(value: Any) -> str | None:
    """A parcel number as the ledger has it: folded, without blanks; whole numbers without ``.0``.

    Examples
    --------
    >>> [parcel_number(value) for value in ("ＺＤ－０１ ", 4.0, "G〔3〕", " ")]
    ['ZD-01', '4', 'G(3)', None]
    """
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return folded_code(str(value)) or None


def number_field(
    fields: Mapping[str, Sequence[Any]], ledger: Collection[str], file: str
) -> tuple[str, bool]:
    """The field that holds the parcel numbers, and whether it was known by its values only.

    Parameters
    ----------
    fields : mapping of name to values
    ledger : collection of str
        Parcel numbers of the ledger; empty when unknown.
    file : str
        Name of the file, for the message.

    Raises
    ------
    InputError
        If no field has a known name, and not exactly one has the numbers of the ledger.
    """
    item = column("parcels", "parcel_id")
    known = [squeezed(name) for name in (*FIELDS, item.header_zh, item.header_en, *item.synonyms)]
    named = sorted(
        (name for name in fields if squeezed(name) in known),
        key=lambda name: known.index(squeezed(name)),
    )
    if len(named) == 1:
        return named[0], False
    shares = {name: _share(fields[name], ledger) for name in named or fields}
    if named:
        return max(named, key=lambda name: shares[name]), False  # of equals, the first
    by_value = [name for name, share in shares.items() if share >= NUMBERS_MATCHED]
    if len(by_value) == 1:
        return by_value[0], True
    guess = nearest(FIELDS[1], list(fields))
    raise input_error(
        "geometry_column",
        _("图形文件没有宗地编号字段。"),
        remedy=_("是否应将“{guess}”改名为“宗地编号”？", guess=guess)
        if guess
        else _("请增加字段“宗地编号”（Shapefile 可用 ZDBH），与宗地台账一致。"),
        file=file,
        got=listing(fields),
        allowed=listing((*FIELDS, *item.synonyms)),
    )


def _share(values: Sequence[Any], ledger: Collection[str]) -> float:
    """Share of values that are parcel numbers of the ledger."""
    numbers = [number for value in values if (number := parcel_number(value)) is not None]
    return sum(number in ledger for number in numbers) / len(numbers) if numbers else 0.0


def ledger_numbers(numbers: Sequence[str | None], ledger: Collection[str]) -> dict[str, str]:
    """Numbers of outlines that are those of the ledger but for case, leading zeros or ``.0``.

    A number is matched only where that is the one way: no other number of the ledger, and none
    of another outline, is the same without them.

    Examples
    --------
    >>> ledger_numbers(["g1", "004", "X"], ["G1", "4", "5"])
    {'g1': 'G1', '004': '4'}
    """
    matched: dict[str, str] = {}
    taken = {number for number in numbers if number in ledger}
    for alike in (str.casefold, _without_zeros):
        missing = dict.fromkeys(
            number
            for number in numbers
            if number is not None and number not in ledger and number not in matched
        )
        if not missing:
            break
        free = [number for number in ledger if number not in taken]
        wanted = _unique(free, alike)
        for form, number in _unique(missing, alike).items():
            if form in wanted:
                matched[number] = wanted[form]
                taken.add(wanted[form])
    return matched


def _without_zeros(number: str) -> str:
    return re.sub(r"\.0+$", "", number.casefold()).lstrip("0")


def _unique(numbers: Collection[str], alike: Callable[[str], str]) -> dict[str, str]:
    """Numbers by the form *alike* gives them; forms of several numbers are left out."""
    counts = Counter(map(alike, numbers))
    return {alike(number): number for number in numbers if counts[alike(number)] == 1}
