"""Numbers in the XML of a sheet that may be beyond what a double holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_EACH_BYTE = np.uint64(0x0101010101010101)
_MANY_DIGITS = 300  # a double ends at 1.8e308


def with_exponent(
    padded: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which values may have an exponent: there is an ``e`` among the last eight bytes."""
    # all eight at once, bit 0x20 set: a byte that is "e" is zero in the difference, and the
    # usual trick finds zero bytes; digits, signs and points are never "e"
    eights = np.ndarray((len(padded) - 7,), "<u8", buffer=padded, strides=(1,))
    difference = (eights[ends - 8] | _EACH_BYTE * 0x20) ^ (_EACH_BYTE * ord("e"))
    zero = (difference - _EACH_BYTE) & ~difference & (_EACH_BYTE * 0x80)
    return np.asarray(zero != 0)


def may_be_huge(
    padded: npt.NDArray[np.uint8],
    values: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    powers: npt.NDArray[np.bool_],
) -> bool:
    """Whether a value may have an exponent of three digits, or hundreds of digits.

    *powers* are those `with_exponent`.
    """
    if not len(values):
        return False
    if (ends - values).max() > _MANY_DIGITS:
        return True
    for end in ends[powers]:
        exponent = bytes(padded[max(end - 24, 0) : end]).lower().rpartition(b"e")[2]
        if exponent.lstrip(b"+-0").isdigit() and len(exponent.lstrip(b"+-0")) >= 3:
            return True
    return False
