"""One table in a thousand writings: the truth is read, or the cell is refused; nothing else."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest
from park_writings import Writer, Written

from greenland.errors import Severity
from greenland.park.problems import ProblemCollector
from greenland.park.tables import read_tables

CHUNK = 6  # files of one test
SOUND = range(0, 700, CHUNK)
SPOILED = range(10_000, 10_300, CHUNK)
SHORT = 60  # the first seeds of each are tried in the quick tests
KINDS = [
    "mark",
    "power",
    "two",
    "range",
    "about",
    "remark",
    "span",
    "star",
    "line",
    "bracket",
    "dotted",
]


def chunks(seeds: range) -> list[Any]:
    return [
        pytest.param(seed, marks=() if seed < seeds.start + SHORT else pytest.mark.slow)
        for seed in seeds
    ]


def read(written: Written) -> tuple[dict[str, list[Any]], list[str]]:
    collector = ProblemCollector()
    sheets = read_tables(written.path.parent, "park.xlsx", collector, 2025)
    table = sheets[written.sheet].table
    errors = [str(p) for p in collector.problems if p.severity is Severity.ERROR]
    return {name: table[name].tolist() for name in written.truth}, errors


def same(got: Any, true: Any) -> bool:
    if isinstance(true, dt.date):
        return bool(got == got) and got.date() == true
    if isinstance(true, float):
        return math.isclose(got, true, rel_tol=1e-9)
    return bool(got == true)


def missing(value: Any) -> bool:
    return value is None or bool(value != value)


@pytest.mark.parametrize("first", chunks(SOUND))
def test_a_sound_table_is_read_as_it_is_meant(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + CHUNK):
        written = Writer(seed, tmp_path).write()
        got, errors = read(written)
        assert errors == [], (seed, written.how)
        for name, true in written.truth.items():
            assert len(got[name]) == len(true), (seed, name, written.how)
            assert all(map(same, got[name], true)), (seed, name, got[name], true, written.how)


@pytest.mark.parametrize("first", chunks(SPOILED))
def test_a_cell_that_cannot_be_understood_is_refused_and_the_others_read(
    first: int, tmp_path: Path
) -> None:
    for seed in range(first, first + CHUNK):
        written = Writer(seed, tmp_path).write(KINDS[seed % len(KINDS)])
        got, errors = read(written)
        assert errors, (seed, written.spoiled, written.how)
        refused = 0
        for name, true in written.truth.items():
            assert len(got[name]) == len(true), (seed, name, written.how)
            refused += sum(map(missing, got[name]))
            agree = (missing(g) or same(g, t) for g, t in zip(got[name], true, strict=True))
            assert all(agree), (seed, name, got[name], true, written.how)
        assert refused == 1, (seed, written.spoiled, written.how)
