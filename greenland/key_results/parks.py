"""Which park of which year key results are of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParkKey:
    """What tells a park of one year from all others.

    Parameters
    ----------
    park : str
        Its code, or its name where it has none.
    year : int
    """

    park: str
    year: int
