"""What a package offers can be looked up, and is loaded only when it is used."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from greenland.evaluations import LAND
from greenland.lazy import exports

LAZY = (
    "greenland",
    "greenland.energy",
    "greenland.key_results",
    "greenland.land",
    "greenland.land.reallocate",
    "greenland.park",
    "greenland.report",
)


@pytest.fixture(params=LAZY)
def package(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(request.param)


def test_dir_all_and_stub_name_the_same(package: ModuleType) -> None:
    stub = exports(Path(str(package.__file__)).with_suffix(".pyi"), package.__name__)
    assert dir(package) == list(package.__all__) == sorted(stub)
    assert len(stub) > 5


def test_every_name_can_be_had(package: ModuleType) -> None:
    """Each is the thing its home has under that name, and stays at hand."""
    for name, home in exports(
        Path(str(package.__file__)).with_suffix(".pyi"), package.__name__
    ).items():
        value = getattr(package, name)
        module = importlib.import_module(home)
        assert value is (module if home == f"{package.__name__}.{name}" else getattr(module, name))
        assert vars(package)[name] is value


def test_unknown_names_are_refused(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'x'"):
        _ = package.x


def test_land_offers_every_system() -> None:
    import greenland.land

    assert {item.module.rpartition(".")[2] for item in LAND} <= set(greenland.land.__all__)


def test_looking_up_loads_nothing() -> None:
    code = (
        "import sys, greenland, greenland.energy, greenland.land\n"
        "dir(greenland), dir(greenland.energy), dir(greenland.land)\n"
        "print([m for m in ('pandas', 'numpy', 'pydantic', 'greenland.park') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
