"""Headings matched in the page: what is proposed, what a reader chooses, how it is read."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import page_park
import pytest

from greenland.errors import InputError
from greenland.input_check import check_input
from greenland.page.mapping_form import chosen, fields, save
from greenland.park.mapping import MappingFile, MatchKind
from greenland.park.mapping.proposal import proposed_mapping

OWN = {"宗地面积(亩)": "占地规模", "宗地编号": "号码"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = page_park.write_park(tmp_path_factory.mktemp("mapping") / "park")
    page_park.renamed(folder / "park.xlsx", "宗地台账", OWN)
    return folder


@pytest.fixture
def park(made: Path, tmp_path: Path) -> Path:
    for path in made.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def as_sent(mapping: MappingFile) -> dict[str, str]:
    """The form of a mapping as a browser sends it unchanged."""
    form: dict[str, str] = {}
    for sheet in fields(mapping):
        parts = [(sheet.key, sheet.title, sheet.entry)]
        for column in sheet.columns:
            parts.append((column.key, column.heading, column.entry))
            parts += [(value.key, value.word, value.entry) for value in column.values]
            if column.numeric or column.entry.unit:
                form[f"{column.key}u"] = column.entry.unit or ""
        for key, text, entry in parts:
            form |= {key: entry.target, f"{key}t": text, f"{key}p": entry.target}
            form[f"{key}m"] = str(entry.match)
    return form


def key_of(form: dict[str, str], text: str) -> str:
    return next(key[:-1] for key, value in form.items() if key.endswith("t") and value == text)


@pytest.mark.slow
def test_own_headings_are_chosen_and_read(park: Path) -> None:
    assert check_input(park).has_errors
    mapping = proposed_mapping(park, workbook="park.xlsx")
    form = as_sent(mapping)
    form[key_of(form, "号码")] = "宗地编号"
    form[key_of(form, "占地规模")] = "宗地面积"
    form[key_of(form, "占地规模") + "u"] = "亩"
    assert save(park, chosen(form))
    checked = check_input(park)
    assert not checked.has_errors
    assert checked.park.tables["parcels"]["area_mu"].iloc[0] == 61.0
    again = proposed_mapping(park, workbook="park.xlsx").sheets["宗地台账"].columns
    assert again["号码"].match is MatchKind.DECIDED
    assert not save(park, chosen(form))  # nothing changed
    assert not (park / "versions").exists()


def test_saving_confirms_what_was_guessed(park: Path) -> None:
    mapping = proposed_mapping(park, workbook="park.xlsx")
    guessed = [
        heading
        for heading, entry in mapping.sheets["宗地台账"].columns.items()
        if entry.match is MatchKind.GUESSED
    ]
    assert "占地规模" in guessed
    saved = chosen(as_sent(mapping)).sheets["宗地台账"].columns
    assert all(saved[heading].match is MatchKind.DECIDED for heading in guessed)
    assert saved["号码"].target in ("", "宗地编号")


def test_what_the_dictionary_does_not_have_is_refused_whole(park: Path) -> None:
    form = as_sent(proposed_mapping(park, workbook="park.xlsx"))
    key = key_of(form, "占地规模")
    form |= {key: "宗地面积", f"{key}u": "公斤"}
    with pytest.raises(InputError, match="单位“公斤”不能用于"):
        save(park, chosen(form))
    assert not (park / "mapping.yaml").exists()


def test_the_mapping_before_is_kept(park: Path) -> None:
    form = as_sent(proposed_mapping(park, workbook="park.xlsx"))
    save(park, chosen(form))
    before = (park / "mapping.yaml").read_bytes()
    form[key_of(form, "号码")] = "不读取"
    save(park, chosen(form))
    (old,) = (park / "versions").iterdir()
    assert old.read_bytes() == before


def test_the_page_sends_what_the_form_holds(park: Path, tmp_path: Path) -> None:
    """Names of the fields in the template are those `chosen` reads."""
    from flask import render_template

    from greenland.page.app import create_app
    from greenland.page.mapping_form import MATCH_LABELS, not_read, tables
    from greenland.page.served import KEY

    mapping = proposed_mapping(park, workbook="park.xlsx")
    app = create_app(tmp_path)
    with app.test_request_context("/"):
        page = render_template(
            "page/mapping.html", park=tmp_path.name, job=None, problems=(), reason="",
            sheets=fields(mapping), tables=tables(), not_read=not_read(), labels=MATCH_LABELS,
        )  # fmt: skip
    app.extensions[KEY].close()
    form: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        if "name" in found:
            form[found["name"]] = unescape(found.get("value", ""))
    for name, options in re.findall(
        r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', page, re.DOTALL
    ):
        selected = re.findall(r"<option[^>]*selected>([^<]*)<", options)
        assert len(selected) <= 1
        form[name] = unescape(selected[0]) if selected else ""
    del form["csrf"], form["back"]
    assert form == as_sent(mapping)
