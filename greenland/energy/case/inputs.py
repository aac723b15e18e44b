"""The files the plan of a case rests on."""

from __future__ import annotations

from pathlib import Path

from greenland.energy.case.scenarios import KEY
from greenland.energy.case.source import read_source
from greenland.inputs import hashes_of


def case_hashes(path: Path) -> dict[str, str]:
    """SHA-256 of a case file and of every file it names: curves, prices, tables of a tariff.

    Parameters
    ----------
    path : Path
        The case file. What only its scenarios name is left out, for the case rests on none.

    Returns
    -------
    dict
        By path relative to the folder of the case.
    """
    tree = {key: value for key, value in read_source(path).items() if key != KEY}
    return hashes_of(path.parent, (path.name,), tree)
