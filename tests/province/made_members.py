"""Parks made of a few key results, for tests of a province's sums and ranking; all invented."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from greenland.history import Entry
from greenland.province.config import ProvinceConfig
from greenland.province.evaluation import compare
from greenland.province.folders import Content, ParkFolder
from greenland.province.member import Failed, Member
from greenland.province.result import ProvinceResult

YEAR = 2026
PACKS = ("national", "yunnan")


def entry(park: str, year: int = YEAR, **values: float) -> Entry:
    """Key results of a provincial park."""
    return Entry(
        park, year, f"{park}园区（虚构）", "provincial", "industrial_park", values, "0.1.0"
    )


def member(
    park: str,
    *,
    year: int = YEAR,
    code: str | None = None,
    level: str = "provincial",
    kind: str = "industrial_park",
    name: str = "",
    packs: tuple[str, ...] = PACKS,
    yearly: dict[int, dict[str, float | None]] | None = None,
    more: dict[str, Any] | None = None,
    **values: float,
) -> Member:
    """A park with some key results."""
    own = Entry(park, year, name or f"{park}园区（虚构）", level, kind, values, "0.1.0")
    return Member(f"folder_{park}", own, code, {}, packs, yearly=yearly or {}, **(more or {}))


def compared(
    members: Iterable[Member],
    *,
    earlier: Iterable[Entry] = (),
    failed: Iterable[Failed] = (),
    year: int = YEAR,
    **config: Any,
) -> ProvinceResult:
    """A province of these parks."""
    every = list(members)
    folders = [ParkFolder(one.folder, Path(one.folder), Content.PARK) for one in every]
    return compare(
        every, list(failed), folders, ProvinceConfig.model_validate(config), year, earlier
    )
