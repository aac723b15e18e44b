"""A park folder read as a whole: configuration, rules, tables, series and every problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from greenland.errors import Problem, Severity
from greenland.park.config import ParkConfig, read_config
from greenland.park.dictionary import SHEETS, empty_table
from greenland.rules import Rulebook, load_rulebook


@dataclass(frozen=True)
class Park:
    """Everything known about a park.

    Parameters
    ----------
    folder : Path
    config : ParkConfig
    rulebook : Rulebook
        Rules in force in the assessed year, with the park's overrides.
    tables : mapping of sheet id to DataFrame
        Typed tables, indexed by Excel row; see `greenland.park.columns`.
    series : mapping of name to Series
        Time series on a regular index in Asia/Shanghai.
    problems : tuple of Problem
        Everything found while reading and checking.
    geometry : GeoDataFrame, optional
        Parcel outlines.
    """

    folder: Path
    config: ParkConfig
    rulebook: Rulebook
    tables: Mapping[str, pd.DataFrame]
    series: Mapping[str, pd.Series[float]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    geometry: Any = None

    @property
    def year(self) -> int:
        """Assessed year."""
        return self.config.year

    @property
    def as_of(self) -> dt.date:
        """Day the states of land are judged on."""
        return self.config.day

    def blocked(self, key: str) -> list[Problem]:
        """Errors that touch an evaluation, such as ``"land.per_mu"``; empty: it can be made."""
        return [p for p in self.problems if p.severity is Severity.ERROR and key in p.touches]


def read_park(folder: str | Path) -> Park:
    """Read and check a park folder.

    Raises
    ------
    InputError
        If ``park.yaml`` cannot be used.
    """
    folder = Path(folder)
    config = read_config(folder)
    rulebook = load_rulebook(config.rules.packs, config.year, config.rules.overrides)
    return Park(folder, config, rulebook, {sheet: empty_table(sheet) for sheet in SHEETS})
