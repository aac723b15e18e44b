"""Signs of the XML of a sheet read at many places at once: addresses, numbers, kinds of cells.

Places are positions in a piece of XML whose bytes are *padded* beyond its end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]
Signs = npt.NDArray[np.uint8]
KINDS = (b"n", b"s", b"str", b"b", b"e", b"d", b"inlineStr")
NUMBER, SHARED, TEXT, BOOL, ERROR, DATE, INLINE, UNKNOWN = range(8)
_OTHERS_BY_FREQUENCY = (INLINE, NUMBER, TEXT, BOOL, ERROR, DATE)
LONG_DATE = len("<v>") + 7  # bytes; in no more there are no eight digits
_ENDS = np.frombuffer(b" >/", np.uint8)  # what follows the name of an element


def pair(signs: str) -> int:
    """Two signs as one number."""
    return ord(signs[0]) | ord(signs[1]) << 8


# The first two signs behind ``<`` in cells without runs, comments or anything unknown.
USUAL_STARTS = np.zeros(1 << 16, dtype=bool)
USUAL_STARTS[ord("/") :: 1 << 8] = True
USUAL_STARTS[
    [pair(two) for two in ("c ", "v>", "f>", "f ", "f/", "is", "t>", "t ", "t/", "ro")]
] = True


def whole_names(padded: Signs, opens: Positions, pairs: npt.NDArray[np.integer[Any]]) -> bool:
    """Whether the names that begin with ``is`` and ``ro`` are ``is`` and ``row``."""
    ends = np.concatenate(
        [padded[opens[pairs == pair(name[:2])] + len(name) + 1] for name in ("is", "row")]
    )
    return bool(np.isin(ends, _ENDS).all())


def beyond_dates(padded: Signs, at: Positions) -> npt.NDArray[np.bool_]:
    """Whether numbers are, or may be, of more days than calendars have: calamine panics on them."""
    beyond = np.zeros(len(at), dtype=bool)
    inside = np.ones(len(at), dtype=bool)
    whole = np.ones(len(at), dtype=bool)
    for step in range(24):
        sign = padded[np.minimum(at + step, len(padded) - 1)]
        inside = inside & (sign != ord("<"))
        digit = (sign >= ord("0")) & (sign <= ord("9"))
        if not inside.any():
            break
        whole &= digit | (sign == ord("-"))
        if step == 7:
            beyond |= inside & whole  # eight digits before the decimal point
        beyond |= inside & ((sign == ord("e")) | (sign == ord("E")))
    return np.asarray(beyond | inside)


def follows(padded: Signs, at: Positions, word: bytes) -> Any:
    """Whether a word stands at each place."""
    found = padded[at] == word[0]
    for step, sign in enumerate(word[1:], 1):
        found &= padded[at + step] == sign
    return found


def letters_at(padded: Signs, at: Positions) -> tuple[Positions, Positions]:
    """Number of the column (from 1, 0: none) named at each place, and the place behind it."""
    value = np.zeros(len(at), dtype=np.int64)
    for _step in range(3):
        sign = padded[at]
        inside = (sign >= ord("A")) & (sign <= ord("Z"))
        if not inside.any():
            break
        value = np.where(inside, value * 26 + sign - (ord("A") - 1), value)
        at = at + inside
    return value, at


def digits_at(padded: Signs, at: Positions, most: int) -> tuple[Positions, Positions]:
    """The number of at most so many digits at each place, and the place behind it."""
    value = np.zeros(len(at), dtype=np.int64)
    for _step in range(most):
        digit = padded[at] - np.uint8(ord("0"))  # other signs come out above 9
        inside = digit <= 9
        if not inside.any():
            break
        if inside.all():
            value = value * 10 + digit
        else:
            value = np.where(inside, value * 10 + digit, value)
        at = at + inside
    return value, at


def kinds_at(padded: Signs, at: Positions) -> tuple[Positions, Positions]:
    """Kind of cell named at each place, with its quotation mark, and the place behind it."""
    shared = follows(padded, at, b's"')
    kinds = np.where(shared, SHARED, UNKNOWN)
    after = at + 2 * shared
    left = np.flatnonzero(~shared)
    for number in _OTHERS_BY_FREQUENCY:
        if not len(left):
            break
        word = KINDS[number] + b'"'
        hit = follows(padded, at[left], word)
        kinds[left[hit]] = number
        after[left[hit]] += len(word)
        left = left[~hit]
    return kinds, after
