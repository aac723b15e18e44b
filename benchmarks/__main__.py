"""Run every benchmark of this folder with its defaults: ``python -m benchmarks``."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    *("sizing", "ledger", "profiles", "outlines", "land", "report", "assess"),
    *("province", "studies", "explain", "workbench"),
)

if __name__ == "__main__":
    for name in BENCHMARKS:
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)
