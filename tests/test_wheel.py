"""The built wheel carries templates, example, rules and catalogues, and works without the tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*command, "-q", "-w", str(target), str(ROOT)], check=True, capture_output=True, text=True
    )
    return next(target.glob("*.whl"))


def test_wheel_carries_its_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "greenland/templates/",
        "greenland/examples/yunnan_park/park.xlsx",
        "greenland/rules/packs/national/",
        "greenland/park/columns.csv",
        "greenland/locale/en/LC_MESSAGES/greenland.mo",
        "greenland/py.typed",
        "greenland/energy/__init__.pyi",
    ):
        assert any(name.startswith(part) for name in names), part


def test_wheel_assesses_its_own_example(wheel: Path, tmp_path: Path) -> None:
    """Unpacked on its own, away from the source tree, it writes a report."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import greenland; assert greenland.__file__.startswith(sys.path[0])\n"
        "from greenland.cli import main\n"
        "main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    for arguments in (["init", "park", "--example"], ["assess", "park", "--no-energy"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "park" / "out" / "report.html").exists()
