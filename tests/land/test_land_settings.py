"""Settings of the land evaluations in park.yaml: faults are shown with their line."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from greenland.errors import InputError
from greenland.land.per_mu import PerMuSettings
from greenland.land.review import ReviewSettings
from greenland.land.settings import settings
from greenland.park.config import read_config

PARK = """\
name: 测试园区
level: 省级
type: 产业园区
year: 2025
land:
  per_mu:
    scheme: ha-2024
    benchmarks:
      above_scale:
        tax_per_mu: {value: 0, source: 某文件}
  review:
    last_full_yaer: 2023
    zone_kind: industrial
"""


def park(folder: Path, text: str = PARK) -> SimpleNamespace:
    (folder / "park.yaml").write_text(text, encoding="utf-8")
    return SimpleNamespace(config=read_config(folder))


def test_a_misspelt_key_is_shown_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"第12行.*last_full_yaer.*是否应为“last_full_year”"):
        settings(park(tmp_path), "review", ReviewSettings)


def test_a_value_out_of_range_is_shown_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"第10行.*应大于 0"):
        settings(park(tmp_path), "per_mu", PerMuSettings)


def test_left_out_settings_are_the_defaults(tmp_path: Path) -> None:
    bare = park(tmp_path, PARK.split("land:")[0])
    assert settings(bare, "per_mu", PerMuSettings) == PerMuSettings()
