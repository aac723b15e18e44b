"""Packs of other provinces: what of export they allow, and of what it is a share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from compliant import DAY, find, judge, schedule
from model_sites import index

from greenland.energy import size
from greenland.energy.case import read_case
from greenland.energy.case.assumptions import assumptions_of
from greenland.energy.site import Grid, Limits, Site, Source
from greenland.errors import InputError
from greenland.results import State
from greenland.rules import Override, Rulebook, load_rulebook

CASE = """
load: load.csv
sources:
  - {name: pv, technology: pv, profile: {file: output.csv, column: pv}, capex: 2700, max_mw: 80}
grid: {import_price: 0.5, export_price: 0.1}
limits_from_rules: true
"""
HYDROGEN = "electrolysers:\n  - {name: h2, mwh_per_t: 50, product_price: 8000, capex: 5000}\n"


def book(*packs: str, year: int = 2027, **own: Override) -> Rulebook:
    overrides = {f"energy.direct.{name}": item for name, item in own.items()}
    return load_rulebook(("national", *packs), year, overrides=overrides)


def case(folder: Path, more: str = "") -> Any:
    times = index(48)
    pd.DataFrame({"时间": times, "负荷": 50.0}).to_csv(folder / "load.csv", index=False)
    pd.DataFrame({"时间": times, "pv": 0.5}).to_csv(folder / "output.csv", index=False)
    (folder / "case.yaml").write_text(CASE + more, encoding="utf-8")
    return read_case(folder / "case.yaml")


@pytest.mark.parametrize(
    ("packs", "more", "allowed"),
    [
        ((), "", True),
        (("yunnan",), "", True),
        (("qinghai",), "", True),
        (("qinghai",), "compliance: {answers: {spot_market: no}}\n", False),
        (("qinghai",), "compliance: {multi_user: true, answers: {spot_market: no}}\n", True),
        (("xinjiang",), "", False),
        (("inner_mongolia",), "", False),
        (("inner_mongolia",), HYDROGEN, True),
    ],
)
def test_export_switch_acts_on_the_sizing(
    tmp_path: Path, packs: tuple[str, ...], more: str, allowed: bool
) -> None:
    loaded = case(tmp_path, more)
    assert loaded.site(book(*packs)).grid.export_allowed is allowed
    assert loaded.exports(book(*packs)) is allowed


def test_what_the_case_says_of_export_is_sized_and_judged(tmp_path: Path) -> None:
    text = CASE.replace("export_price: 0.1}", "export_price: 0.1, export_allowed: true}")
    case(tmp_path)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    loaded = read_case(tmp_path / "case.yaml")
    assert loaded.site(book("xinjiang")).grid.export_allowed is True
    judged = find(judge(rules=book("xinjiang")), "no_back_feed")
    assert judged.state is State.FAILED  # the plan of compliant.py feeds 3 MWh back
    assert "新疆" in judged.reason


def test_a_switch_by_override_opens_what_a_pack_closes(tmp_path: Path) -> None:
    own = Override(value="within_share", source="现货市场转入正式运行的公告（虚构）")
    rules = book("xinjiang", export_allowed=own)
    assert case(tmp_path).site(rules).grid.export_allowed is True
    wrong = book("xinjiang", export_allowed=Override(value="sometimes", source="虚构"))
    with pytest.raises(InputError, match=r"export_allowed.*sometimes.*within_share、spot_market"):
        case(tmp_path).site(wrong)


@pytest.mark.parametrize(("year", "share"), [(2027, 0.40), (2028, 0.20)])
def test_inner_mongolia_has_its_own_denominator(tmp_path: Path, year: int, share: float) -> None:
    loaded = case(tmp_path, HYDROGEN)
    rules = book("inner_mongolia", year=year)
    limits = loaded.site(rules).limits
    assert (limits.max_export_share, limits.max_export_share_of_delivered) == (None, share)
    rows = {row["item"]: row for row in assumptions_of(loaded, loaded.site(rules), None, rules)}
    assert rows["max_export_share_of_delivered"]["rule_id"] == "energy.direct.export_share"


def test_the_switch_is_listed_where_it_closes(tmp_path: Path) -> None:
    loaded, rules = case(tmp_path), book("xinjiang")
    rows = {row["item"]: row for row in assumptions_of(loaded, loaded.site(rules), None, rules)}
    assert rows["export_allowed"]["value"] == "never"


def test_share_of_what_is_delivered_by_hand() -> None:
    """10 MW of load, sun in every other hour: the rest of what is not curtailed is sold."""
    load = pd.Series(10.0, index=pd.date_range("2027-01-01", periods=24, freq="h"))
    sun = [0.0, 1.0] * 12
    limits = Limits(max_export_share_of_delivered=0.25)
    grid = Grid(import_price=0.5, export_price=0.4)
    plan = size(Site(load, [Source("pv", sun, max_mw=30, min_mw=30)], grid=grid, limits=limits))
    # of 30 MW a quarter of what is delivered is sold: 10 / 0.75 - 10 = 3.33 MW, the rest is lost
    assert plan.ratios["export_share_of_delivered"] == pytest.approx(0.25, abs=1e-6)
    assert plan.ratios["export_share"] == pytest.approx(10 / 3 / 30, abs=1e-6)


def test_length_of_the_line_is_judged_only_where_a_province_limits_it() -> None:
    assert not [item for item in judge(rules=book()).checks if item.limit == "line_length"]
    found = find(judge(rules=book("jiangxi")), "line_length")
    assert (found.state, found.required) == (State.NO_DATA, 50)
    assert "line_km" in found.reason


def test_plan_without_export_keeps_every_switch() -> None:
    dark = schedule(export=[0.0] * len(DAY))
    assert find(judge(rules=book("xinjiang"), plan=dark), "no_back_feed").state is State.MET
