"""Short representations of sites, plans and results, for the console and for notebooks."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import overload

from greenland.errors import SEVERITY_LABELS, Problem
from greenland.i18n import _

YUAN_PER_WAN = 1e4
MAX_LINES = 14
MAX_TEXT = 72  # characters of one text


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown of an object instead of its data.

    Parameters
    ----------
    headline : str
        One line: whose it is, or what it came to.
    lines : tuple of (str, str)
        Name and value of what else it holds.
    """

    headline: str
    lines: tuple[tuple[str, str], ...] = ()


class Summarised:
    """An object shown by its `_summary`; dataclasses of this kind take ``repr=False``."""

    __slots__ = ()

    def _summary(self) -> Summary:
        """What is shown of it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        head, lines = _shown(self)
        return "\n".join([head, *(f"  {name}: {value}" for name, value in lines)])

    def _repr_html_(self) -> str:
        head, lines = _shown(self)
        rows = "".join(
            f'<tr><th style="white-space:nowrap">{html.escape(name)}</th>'
            f"<td>{html.escape(value)}</td></tr>"
            for name, value in lines
        )
        return f"<div><strong>{html.escape(head)}</strong><table>{rows}</table></div>"


def headline(item: Summarised) -> str:
    """The first line of what is shown of it, without its class."""
    return one_line(item._summary().headline)


def _shown(item: Summarised) -> tuple[str, list[tuple[str, str]]]:
    """First line and the others, all of bounded length."""
    short = item._summary()
    lines = [(one_line(name), one_line(value)) for name, value in short.lines[:MAX_LINES]]
    left = len(short.lines) - MAX_LINES
    if left > 0:
        lines.append(("…", _("另有 {count} 项", count=left)))
    return f"{type(item).__name__}: {one_line(short.headline)}", lines


def one_line(text: object) -> str:
    r"""A text without line ends and control characters, cut where it is long.

    Examples
    --------
    >>> one_line("north\nfield")
    'north field'
    """
    plain = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") else sign
        for sign in str(text)
    )
    return plain if len(plain) <= MAX_TEXT else plain[: MAX_TEXT - 1] + "…"


def quantity(value: float | None, unit: str = "") -> str:
    """A number with four figures, or whole with separators from a thousand on, and its unit.

    Examples
    --------
    >>> quantity(0.7016), quantity(23.794912, "MW"), quantity(160527045.4, "MWh")
    ('0.7016', '23.79 MW', '160,527,045 MWh')
    >>> quantity(None, "MW")
    '—'
    """
    if value is None or not math.isfinite(value):
        return "—"
    number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{number} {unit}".rstrip()


def percent(value: float | None) -> str:
    """A share in per cent.

    Examples
    --------
    >>> percent(0.7016)
    '70.2%'
    """
    return "—" if value is None or not math.isfinite(value) else f"{value:.1%}"


@overload
def in_wan(yuan: float) -> float: ...
@overload
def in_wan(yuan: float | None) -> float | None: ...
def in_wan(yuan: float | None) -> float | None:
    """An amount of yuan in 万元; None stays None.

    Examples
    --------
    >>> in_wan(23_450.0), in_wan(None)
    (2.345, None)
    """
    return None if yuan is None else yuan / YUAN_PER_WAN


def money(yuan: float, per_year: bool = False) -> str:
    """An amount, in 万元 where it is at least that."""
    if abs(yuan) < YUAN_PER_WAN:
        value, unit = yuan, _("元/年") if per_year else _("元")
    else:
        value, unit = in_wan(yuan), _("万元/年") if per_year else _("万元")
    return quantity(value, unit)


def counts(named: Iterable[tuple[str, int]]) -> str:
    """Names with how many there are of each, those there are none of left out."""
    return listed(f"{name} {count}" for name, count in named if count)


def problem_counts(problems: Iterable[Problem]) -> str:
    """How many there are of each severity."""
    found = dict.fromkeys(SEVERITY_LABELS, 0)
    for problem in problems:
        found[problem.severity] += problem.count
    return counts((_(text), found[item]) for item, text in SEVERITY_LABELS.items())


def listed(parts: Iterable[object]) -> str:
    """Parts after each other; a dash for none."""
    return _("、").join(str(part) for part in parts) or "—"
