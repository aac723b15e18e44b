"""A park folder read as a whole: configuration, rules, tables and every problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.park.checks import run_checks
from greenland.park.collection import without_collection
from greenland.park.config import (
    PARK_LEVEL_LABELS,
    PARK_TYPE_LABELS,
    ParkConfig,
    read_config,
)
from greenland.park.dictionary import SHEETS
from greenland.park.mapping.decisions import read_mapping
from greenland.park.outlines import outlines_of
from greenland.park.power_room import PowerRoom
from greenland.park.problems import ProblemCollector, limited
from greenland.park.sources import TableSource, source_of
from greenland.park.tables import read_tables
from greenland.results import records
from greenland.rules import Rulebook
from greenland.summary import Summarised, Summary, counts, listed, problem_counts
from greenland.textstore import plain_text_columns

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Park(Summarised):
    """Everything known about a park.

    Parameters
    ----------
    folder : Path
        Where it was read from.
    config : ParkConfig
        What ``park.yaml`` says.
    rulebook : Rulebook
        Rules in force in the assessed year, with the park's overrides.
    tables : mapping of sheet id to DataFrame
        Typed tables, indexed by Excel row; see `greenland.park.columns`.
    problems : tuple of Problem
        Everything found while reading and checking.
    geometry : GeoDataFrame, optional
        Parcel outlines.
    sources : mapping of sheet id to TableSource
        Where each table was read: file, sheet and range.
    power_left_mw : float, optional
        Power the park can still connect, where an assessment has reckoned it from the workbook
        [MW]; the re-allocation keeps to it where park.yaml gives no limit.
    power_room : PowerRoom, optional
        The same by month and substation, which the admission holds projects against.
    set_aside : mapping of sheet id to set of int
        Rows of which an evaluation does not use some figures, because they are wrong.
    """

    folder: Path
    config: ParkConfig
    rulebook: Rulebook
    tables: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...] = ()
    geometry: Any = None
    sources: Mapping[str, TableSource] = field(default_factory=dict)
    power_left_mw: float | None = None
    power_room: PowerRoom | None = None
    set_aside: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def _summary(self) -> Summary:
        config = self.config
        rows = ((SHEETS[name].title, len(table)) for name, table in self.tables.items())
        lines = [
            (_("类型"), _(PARK_LEVEL_LABELS[config.level]) + _(PARK_TYPE_LABELS[config.type])),
            (_("评价日"), self.as_of.isoformat()),
            (_("规则包"), listed(config.rules.packs)),
            (_("数据行"), counts(rows)),
            (_("问题"), problem_counts(self.problems)),
        ]
        return Summary(_("{name}，{year} 年度", name=config.name, year=self.year), tuple(lines))

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

    def to_record(self) -> dict[str, Any]:
        """Who the park is, as it stands in ``results.json`` under ``park``."""
        config = self.config
        return {
            "name": config.name,
            "level": str(config.level),
            "level_title": _(PARK_LEVEL_LABELS[config.level]),
            "type": str(config.type),
            "type_title": _(PARK_TYPE_LABELS[config.type]),
            "year": config.year,
            "as_of": self.as_of.isoformat(),
            "code": config.code,
            "rule_packs": list(config.rules.packs),
            "overview": records(self.tables["overview"]),
        }


@without_collection()
@plain_text_columns()
def read_park(folder: str | Path) -> Park:
    """Read and check a park folder.

    Parameters
    ----------
    folder : path
        Holds ``park.yaml``, ``park.xlsx`` (or one CSV file per sheet) and outlines.

    Returns
    -------
    Park
        Typed tables in the units of the column dictionary, the rules in force, and every
        problem found; problems do not stop the reading.

    Raises
    ------
    InputError
        If ``park.yaml``, the workbook or a rule pack cannot be used; then with what is wrong in
        all of them.

    Examples
    --------
    >>> import tempfile
    >>> from greenland.park import write_example
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write_example(folder)
    ...     park = read_park(folder)
    >>> park.year, len(park.tables["parcels"]), park.problems
    (2026, 172, ())
    """
    folder = Path(folder)
    fatal: list[Problem] = []
    config = _collected(fatal, lambda: read_config(folder))
    rulebook = _collected(fatal, config.load_rules) if config else None
    collector = ProblemCollector()
    workbook = config.workbook if config else "park.xlsx"
    year = config.year if config else None
    decisions = _collected(fatal, lambda: read_mapping(folder))
    sheets = _collected(fatal, lambda: read_tables(folder, workbook, collector, year, decisions))
    if config is None or rulebook is None or sheets is None or decisions is None:
        found = collector.problems
        if config is None:  # the workbook it names is not known, so that none is missing
            found = [problem for problem in found if problem.code != "no_workbook"]
        raise InputError([*fatal, *in_order(limited(found))])
    run_checks(sheets, rulebook, config.year, config.day, collector)
    geometry, faults = outlines_of(
        folder, config.geometry, rulebook, layer=config.layer, crs=config.crs,
        ledger=_places(sheets["parcels"].table),
    )  # fmt: skip
    return Park(
        folder=folder,
        config=config,
        rulebook=rulebook,
        tables={sheet: read.table for sheet, read in sheets.items()},
        problems=in_order(limited([*collector.problems, *faults])),
        geometry=geometry,
        sources={sheet: source for sheet, read in sheets.items() if (source := source_of(read))},
    )


def _places(parcels: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Longitude and latitude [°] of each parcel of the ledger; NaN where it has none."""
    listed = parcels[parcels["parcel_id"].notna()]
    columns = (listed[name].tolist() for name in ("parcel_id", "longitude", "latitude"))
    return {number: (east, north) for number, east, north in zip(*columns, strict=True)}


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Problems by sheet, then by severity, then by row."""
    severities = list(Severity)
    places: dict[str, int] = {}
    for place, sheet in enumerate(SHEETS.values()):
        places |= {sheet.title_zh: place, sheet.title_en: place}

    def key(item: Problem) -> tuple[int, str, str, int, int]:
        place = places.get(item.sheet, len(SHEETS))
        return place, item.file, item.sheet, severities.index(item.severity), item.row or 0

    return tuple(sorted(problems, key=key))


def _collected(fatal: list[Problem], make: Callable[[], T]) -> T | None:
    """What *make* returns; or None, with its problems kept for one message."""
    try:
        return make()
    except InputError as error:
        fatal.extend(error.problems)
        return None
