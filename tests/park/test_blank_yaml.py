"""The blank park.yaml: every line that can be switched on is right when it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenland.energy.case import Case
from greenland.i18n import use_language
from greenland.park import read_config
from greenland.park.blank_yaml import blank_yaml
from greenland.yamlfile import validate


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_setting_switched_on(tmp_path: Path, language: str) -> None:
    with use_language(language):
        text = blank_yaml()
    text = re.sub(r"^# (?= *(?:- \{|[a-z][\w.]*:(?:\s|$)))", "", text, flags=re.MULTILINE)
    text = text.replace('name: ""', "name: 甲").replace("year:  ", "year: 2025")
    (tmp_path / "park.yaml").write_text(text, encoding="utf-8")
    config = read_config(tmp_path)
    assert config.load_rules().number("land.per_mu.output_floor.provincial") == 450
    assert config.land["per_mu"]["scheme"] == "yunnan-output-floor"
    assert config.energy is not None
    assert config.geometry == "parcels.geojson"
    case = validate(config.tree["energy"], Case, file="park.yaml")
    assert [source.name for source in case.sources] == ["pv", "wind"]


def test_both_languages_say_the_same() -> None:
    texts = []
    for language in ("zh", "en"):
        with use_language(language):
            texts.append(re.findall(r"^[# ]*(?:- \{)?([a-z_.]+):", blank_yaml(), re.MULTILINE))
    assert texts[0] == texts[1]
