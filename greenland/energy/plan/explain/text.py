"""How values of limits are written."""

from __future__ import annotations

import numpy as np

from greenland.energy.site.limit_kinds import LimitKind


def shown(kind: LimitKind, value: float, *, up: bool = False) -> str:
    """A value of a limit as people read it, rounded down, or *up* where that is the safe side.

    Parameters
    ----------
    kind : LimitKind
    value : float
        In the unit of the kind; a share as decimal.
    up : bool
    """
    if kind.is_share:
        return f"{_rounded(value, 3, up) * 100:.1f}%"
    digits = 1 if abs(value) < 10000 else 0
    return f"{_rounded(value, digits, up):,.{digits}f} {kind.unit}"


def _rounded(value: float, digits: int, up: bool) -> float:
    scaled = value * 10**digits
    whole = np.ceil(scaled - 1e-6) if up else np.floor(scaled + 1e-6)
    return float(whole / 10**digits)
