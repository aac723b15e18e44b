"""The outlook from a workbook: the five firms by hand, and one broken thing each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from workbook_park import FACILITIES, MONTHS, OVERRIDES, economy_rows, firm_rows, five_firms

from greenland.errors import InputError
from greenland.outlook import OutlookResult, evaluate
from greenland.outlook.demand import ramp
from greenland.outlook.order import Standing, ranks
from greenland.outlook.power import short_hours
from greenland.outlook.room import power_left
from greenland.outlook.shapes import coincidence, of_curve
from greenland.outlook.supply import in_service
from greenland.rules import load_rulebook

CLASSES = pd.DataFrame({"firm_id": ["F1", "F2", "F3", "F4", "F5"], "class": list("ADDCD")})


class PerMu:
    """What the outlook asks of the per-mu evaluation."""

    firms = CLASSES


def outlook(**changes: Any) -> OutlookResult:
    found = evaluate(five_firms(**changes), per_mu=PerMu())  # type: ignore[arg-type]
    assert isinstance(found, OutlookResult)
    return found


def refused(**changes: Any) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(InputError) as caught:
        evaluate(five_firms(**changes))
    return [(p.sheet, p.row, p.column, str(p.message)) for p in caught.value.problems]


def test_workbook_gives_the_figures_of_the_page() -> None:
    """docs/energy-outlook.md: S1 short by 4.76, S2 by 2.38, the park by 5.64, in December."""
    found = outlook()
    expected = found.scenarios.set_index("scenario").loc["expected"]
    assert (expected["first_month"], expected["short_months"]) == (12, 1)
    assert expected["shortage_mw"] == pytest.approx(5.64)
    firms = found.firms.set_index("name")
    assert sorted(firms.index) == sorted("乙丙丁戊")
    share = (24 - 19 / 0.99 - 2) / 3
    assert firms.loc["乙", "avoid_mw"] == pytest.approx(share)
    assert firms.loc["丙", "avoid_mw"] == pytest.approx(2 * share)
    assert firms.loc["丁", ["shift_mw", "avoid_mw", "cut_mw"]].tolist() == pytest.approx(
        [0.5, 0.5, 0]
    )
    assert firms.loc["戊", "cut_mw"] == pytest.approx(12 - 9.5 / 0.99 - 2)
    assert firms.loc["丁", "lost_mwh"] == pytest.approx(0.5 * 40)
    value = 1000 / sum(row[f"month_{m}_mwh"] for row in [firm_rows()[3]] for m in range(1, 13))
    assert firms.loc["丁", "lost_wan"] == pytest.approx(20 * value)
    assert "12 月二号变缺 2.38 MW" in firms.loc["丁", "reason"]
    assert found.year == 2026
    assert found.left_mw == 0.0


def test_record_is_of_the_types() -> None:
    from greenland.record.power.outlook import OutlookRecord
    from greenland.results import plain_value

    record = OutlookRecord.model_validate(plain_value(outlook().to_record()))
    assert len(record.balance) == 36
    assert {row.step for row in record.reductions} == {"shift", "avoid", "cut"}


def test_growth_makes_three_cases() -> None:
    rows = firm_rows()
    for row in rows:
        row |= {"growth": 0.1, "growth_low": -0.3}
    cases = outlook(firm_energy=rows).scenarios.set_index("scenario")
    base = outlook().scenarios.set_index("scenario")
    for name, factor in (("low", 0.7), ("expected", 1.1), ("high", 1.1)):
        for column in ("energy_mwh", "peak_mw"):
            assert cases.loc[name, column] == pytest.approx(factor * base.loc[name, column])


def project(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": "P1", "project_name": "新项目", "industry_code": "3985", "power_mw": 2.0,
        "production_date": dt.date(2026, 11, 1), "project_state": "signed", "facility_id": "S2",
        "electricity_mwh": 12_000.0, **changes,
    }  # fmt: skip


def test_projects_count_by_stage_from_their_month_on_and_yield_first() -> None:
    found = outlook(pipeline=[project(), project(project_id="P2", project_state=None)])
    cases = found.scenarios.set_index("scenario")["projects"]
    assert cases.to_dict() == {"low": 0, "expected": 1, "high": 2}
    park = found.balance[found.balance["station"] == "S2"].set_index("month")["peak_mw"]
    assert park[10] == pytest.approx(0.9 * 9.0)
    assert park[11] == pytest.approx(0.9 * 11.0)
    last = found.loads.set_index("name").loc["新项目"]
    assert last["rank"] == found.loads["rank"].max()
    december = found.reductions[found.reductions["month"] == 12].set_index(["name", "step"])
    assert december.loc[("新项目", "cut"), "share"] == pytest.approx(1.0)


def test_what_can_be_connected_leaves_the_pipeline_out() -> None:
    rows = firm_rows()
    for row in rows:
        row["peak_mw"] *= 0.75
        for column in ("guarantee_mw", "shiftable_mw", "avoidable_mw"):
            row[column] *= 0.5
    park = five_firms(firm_energy=rows, pipeline=[project()])
    left = power_left(park)
    assert left == pytest.approx(28.5 / 0.99 - 27)  # as in tests/energy/test_outlook.py
    assert power_left(five_firms(power_facilities=[], power_months=[])) is None


def test_firms_without_energy_rows_count_by_their_industry() -> None:
    found = outlook(firm_energy=firm_rows()[:4])
    fifth = found.loads.set_index("key").loc["F5"]
    assert fifth["energy_mwh"] == pytest.approx(economy_rows()[4]["electricity_mwh"])
    assert fifth["station"] == ""
    assert "行业典型形状" in fifth["basis"]


def test_storage_lines_and_planned_transformers() -> None:
    more = [
        {"facility_id": "C1", "facility_name": "储能", "facility_kind": "storage",
         "station_id": "S2", "power_mw": 3.0, "storage_mwh": 6.0,
         "in_service": dt.date(2027, 1, 1)},
        {"facility_id": "L1", "facility_name": "进线", "facility_kind": "line", "unit_kva": 40_000,
         "units": 2},
    ]  # fmt: skip
    late = [FACILITIES[0] | {"in_service": dt.date(2026, 3, 15)}, FACILITIES[1]]
    months = [row | {"limit_mw": None} for row in MONTHS]
    found = outlook(power_facilities=[*late, *more], power_months=months)
    park = found.balance[found.balance["station"] == ""].set_index("month")
    assert park.loc[12, "capability_mw"] == pytest.approx(40 * 0.95)  # one circuit of two, N-1
    first = found.balance[found.balance["station"] == "S1"].set_index("month")["capability_mw"]
    assert first[3] == 0.0
    assert first[4] == pytest.approx(19.0)
    kinds = set(found.measures["kind"])
    assert "advance" in kinds


def test_storage_helps_where_it_hangs() -> None:
    storage = {"facility_id": "C1", "facility_name": "储能", "facility_kind": "storage",
               "station_id": "S2", "power_mw": 3.0, "storage_mwh": 6.0}  # fmt: skip
    found = outlook(power_facilities=[*FACILITIES, storage])
    short = found.balance[found.balance["shortage_mw"] > 0].set_index("station")["shortage_mw"]
    assert short.to_dict() == pytest.approx({"S1": 4.76, "": 2.64})


def test_everything_that_cannot_be_used_is_said_at_once() -> None:
    rows = firm_rows()
    rows[0]["facility_id"] = "S9"
    rows[1]["month_3_mwh"] = None
    rows[2] |= {"guarantee_mw": 6.0, "avoidable_mw": 2.0}
    facilities = [FACILITIES[0] | {"unit_kva": None}, FACILITIES[1] | {"units": 1.5}]
    found = refused(firm_energy=rows, power_facilities=facilities)
    assert [(sheet, row, column) for sheet, row, column, _text in found] == [
        ("企业用能", 2, "接入供电设施"),
        ("企业用能", 3, "1月用电量"),
        ("企业用能", 4, "保障负荷"),
        ("供电设施", 2, "单台(回)容量"),
        ("供电设施", 3, "台(回)数"),
    ]
    assert found[1][3] == "月用电量不全：缺 3 月，或全年为零。"


def test_wrong_orders_are_refused() -> None:
    for rule, value in (
        ("energy.outlook.order", ["leading", "size"]),
        ("energy.outlook.per_mu_order", ["A", "B"]),
        ("energy.outlook.stage_order", ["operating", "operating"]),
    ):
        found = refused(overrides=OVERRIDES | {rule: value})
        assert rule in found[0][3]


def test_chuxiong_puts_stage_before_class_and_others_do_not() -> None:
    standing = {"a": Standing(False, "A", "signed"), "b": Standing(False, "D", "operating")}
    in_force = load_rulebook(("national", "chuxiong"), 2025)
    assert ranks(standing, in_force) == {"a": 1, "b": 0}
    assert ranks(standing, load_rulebook(("national",), 2025)) == {"a": 0, "b": 1}


def test_ramp_and_service_by_month() -> None:
    assert ramp(pd.Timestamp("2025-12-01"), 4, 2026)[:4].tolist() == [0.5, 0.75, 1.0, 1.0]
    assert ramp(pd.Timestamp("2027-01-01"), 0, 2026).sum() == 0
    assert in_service(pd.NaT, pd.Timestamp("2026-06-30"), 2026).tolist() == [1.0] * 5 + [0.0] * 7


def test_coincidence_of_curves() -> None:
    """Two loads that alternate by the hour: the peak of the sum is half the sum of the peaks."""
    index = pd.date_range("2025-01-01", "2025-12-31 23:00", freq="h")
    flags = np.arange(len(index)) % 2
    curves = pd.DataFrame({"a": flags * 4.0, "b": (1 - flags) * 4.0}, index=index)
    found = coincidence(curves)
    assert found is not None
    assert found == pytest.approx(np.full(12, 0.5))
    assert coincidence(curves[["a"]]) is None
    energy, peak = of_curve(curves["a"])
    assert energy[0] == pytest.approx(4.0 * 31 * 12)
    assert peak.tolist() == [4.0] * 12


def test_hours_by_the_curves_where_the_park_gives_none() -> None:
    """In December 19/23.76 of the highest power are there: a curve above that for 3 h a day."""
    from five_firms import LOADS, SETTINGS, SUPPLY

    from greenland.energy.outlook import balance

    index = pd.date_range("2025-01-01", "2025-12-31 23:00", freq="h")
    power = np.where(index.hour.isin([10, 11, 19]), 10.0, 7.0)
    curves = pd.DataFrame({"a": power}, index=index)
    hours = short_hours(balance(LOADS, SUPPLY, SETTINGS), np.full(12, np.nan), curves)
    assert hours.tolist() == [0.0] * 11 + [3 * 31]
    none = short_hours(balance(LOADS, SUPPLY, SETTINGS), np.full(12, np.nan), None)
    assert np.isnan(none[11])


def test_reallocation_keeps_to_what_is_left_only_where_the_park_gives_no_limit() -> None:
    """The limit of the outlook is taken and said; that of park.yaml stands."""
    from greenland.land.reallocate.data import prepare
    from greenland.land.reallocate.settings import ReallocationSettings

    land = {
        "parcel_id": "G1",
        "area_mu": 50.0,
        "land_use": "industrial",
        "supply_state": "available",
    }
    wish = project(requested_area_mu=20.0, tax_wan=100.0)
    park = five_firms(pipeline=[wish], parcels=[land])
    park.power_left_mw = 3.25
    silent = prepare(park, ReallocationSettings(), None, None, None)
    assert silent.limits == {"power_mw": 3.25}
    assert any("3.2 MW" in note for note in silent.notes)
    own = ReallocationSettings.model_validate({"limits": {"power_mw": 9}})
    assert prepare(park, own, None, None, None).limits == {"power_mw": 9.0}
    park.power_left_mw = None
    assert prepare(park, ReallocationSettings(), None, None, None).limits == {}
