"""The files a park's results rest on."""

from __future__ import annotations

from pathlib import Path

from greenland.inputs import hashes_of, is_file
from greenland.park.config import CONFIG_FILE, ParkConfig
from greenland.park.mapping.decisions import MAPPING_FILE


def input_hashes(folder: Path, config: ParkConfig) -> dict[str, str]:
    """SHA-256 of every input of a park by its path in the folder.

    ``park.yaml``, ``mapping.yaml``, the workbook or the CSV sheets, and each file that
    ``park.yaml`` names anywhere.
    """
    names = {CONFIG_FILE, MAPPING_FILE, config.workbook}
    if not is_file(folder / config.workbook):
        names |= {path.name for path in folder.glob("*.csv")}
    return hashes_of(folder, names, config.tree)
