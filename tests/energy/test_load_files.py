"""Generated files of loads and bills: the reader returns their energy, or refuses."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import load_files
import pandas as pd
import pytest

from greenland.energy.profiles.load import meter
from greenland.energy.profiles.load.bill_table import read_bills
from greenland.energy.profiles.load.meter import MeterFormat
from greenland.errors import InputError


def outcome(file: load_files.LoadFile, kind: str) -> str:
    try:
        if kind == "bill":
            energy = sum(bill.total for bill in read_bills(file.path))
        else:
            series = meter.load(file.path, MeterFormat(**file.options))
            energy = series.sum() * ((series.index[1] - series.index[0]) / pd.Timedelta(hours=1))
    except InputError as error:
        return f"refused: {error.problems[0].code}"
    return "true" if abs(energy / file.energy - 1) < 1e-6 else f"wrong: {energy}, {file}"


def outcomes(kind: str, seeds: range, folder: Path) -> Counter[str]:
    make = load_files.bill_file if kind == "bill" else load_files.load_file
    found: Counter[str] = Counter()
    for seed in seeds:
        file = make(seed, folder)
        found[outcome(file, kind)] += 1
        file.path.unlink()
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "first"), [(k, n) for k in ("load", "bill") for n in (0,)])
def test_some_files(kind: str, first: int, tmp_path: Path) -> None:
    found = outcomes(kind, range(first, first + 16), tmp_path)
    assert not [text for text in found if text.startswith("wrong")], found
    assert found["true"] >= 13  # refusing is right for few of them


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["load", "bill"])
@pytest.mark.parametrize("block", range(6))
def test_a_thousand_files(kind: str, block: int, tmp_path: Path) -> None:
    found = outcomes(kind, range(1000 + 100 * block, 1100 + 100 * block), tmp_path)
    assert not [text for text in found if text.startswith("wrong")], found
    assert found["true"] >= 90
