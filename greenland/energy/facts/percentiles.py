"""Values of several years that most years, half of them, or few exceed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

EXCEEDED = {"p10": 0.9, "p50": 0.5, "p90": 0.1}
"""Quantile that nine, five and one year in ten do not reach: P90 is exceeded in nine of ten."""


def percentiles(yearly: Sequence[float]) -> dict[str, float | None]:
    """Values that one, five and nine in ten years exceed; None of fewer than two years.

    Linear between the years in order: of few years the ends lie within the range of what was
    seen, and are no estimate of what may come.
    """
    values = list(yearly)
    if len(values) < 2:
        return dict.fromkeys(EXCEEDED)
    return {name: float(np.quantile(values, share)) for name, share in EXCEEDED.items()}
