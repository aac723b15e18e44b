"""Entries for tests of the history; all invented. Run as a program it keeps some of them."""

from __future__ import annotations

import sys

from greenland.history import Entry, History


def entry(park: str = "XG001", year: int = 2026, **values: float) -> Entry:
    """An entry with a few key results."""
    chosen = values or {"idle_ha": 3.0, "tax_per_mu": 12.5}
    return Entry(park, year, f"{park} 园区（虚构）", "provincial", "other", chosen, "0.1.0")


def main(where: str, begin: int, count: int) -> None:
    """Keep entries one visit after another, as several users would."""
    for number in range(begin, begin + count):
        with History(where) as history:
            history.add([entry(f"XG{number:03d}"), entry("SHARED", idle_ha=float(number))])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
