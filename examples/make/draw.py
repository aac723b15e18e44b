"""What all tables of the invented example park are drawn with."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

SEED = 20261231
YEAR = 2026
YEARS = (2024, 2025, 2026)


class Draw:
    """Random draws from one generator, so that the park is the same at every run."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def spread(self, median: float, sigma: float) -> float:
        """One log-normal draw about a median."""
        return float(median * math.exp(sigma * self.rng.standard_normal()))

    def day(self, first: int, last: int) -> dt.date:
        """One day of the years given."""
        year = int(self.rng.integers(first, last + 1))
        return dt.date(year, int(self.rng.integers(1, 13)), int(self.rng.integers(1, 29)))
