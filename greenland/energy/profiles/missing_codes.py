"""Numbers that stand for "no reading": 9999, 999, 99.9, −999, and readings nothing can have."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from greenland.energy.profiles.method import CODE_APART, CODES_TOLD, LEAST_VALUES, MAJORITY
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]

CODES = np.array(
    [
        99.9,
        99.99,
        999,
        999.9,
        999.99,
        9999,
        9999.9,
        9999.99,
        99999,
        99999.9,
        99999.99,
        999999,
        9999999,
        99999999,
    ]
)


def without_codes(values: Numbers, log: ReadingLog) -> Numbers:
    """Readings with NaN for the codes of missing ones.

    A number of nines counts as a code when it lies apart from all other readings; one that lies
    among them is a reading, and is told if it repeats.
    """
    known = values[np.isfinite(values)]
    if len(known) < LEAST_VALUES:
        return values
    result = values.copy()
    for sign in (1.0, -1.0):
        for code in sign * CODES[::-1]:
            same = np.isclose(result, code, rtol=1e-9, atol=0)
            count = int(same.sum())
            if count == 0:
                continue
            others = result[np.isfinite(result) & ~same]
            if len(others) == 0 or count > MAJORITY * len(known):
                continue
            apart = code < min(0.0, float(others.min())) if sign < 0 else _far_above(code, others)
            if apart:
                result[same] = np.nan
                log.assume(
                    "missing_code",
                    _("{count} 个读数为 {code}，视为缺测代码。", count=count, code=f"{code:g}"),
                    _("确为读数时请改正。"),
                )
            elif count >= CODES_TOLD:
                log.report(
                    "missing_code_among",
                    _(
                        "{count} 个读数为 {code}，像是缺测代码，但在读数范围之内，按读数计。",
                        count=count,
                        code=f"{code:g}",
                    ),
                    _("如为缺测，请删去这些读数。"),
                )
    return result


def _far_above(code: float, others: Numbers) -> bool:
    return bool(code > CODE_APART * float(others.max()) and code > 0)
