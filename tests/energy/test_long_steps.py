"""Steps over one hour: averaged curves, energies kept, one answer where nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tariff_configs import config

from greenland.energy import DemandCharge, Grid, Limits, Plan, Site, Source, Storage, size
from greenland.energy.case import LoadedCase, read_case, rulebook_of
from greenland.energy.case.curves import averaged
from greenland.energy.money.bill import bill
from greenland.energy.site.checks import site_problems
from greenland.energy.tariff import sizing_prices
from greenland.energy.tariff.resolve import resolve
from greenland.errors import InputError
from greenland.rules import load_rulebook

DAYS = 8


def site(hours: int, block: int = 12, **storage: Any) -> Site:
    """Curves that are constant over *block* hours, in steps of *hours*."""
    rng = np.random.default_rng(7)
    blocks = DAYS * 24 // block
    values = {
        name: rng.uniform(low, high, blocks)
        for name, low, high in (("load", 8, 14), ("pv", 0, 1), ("wind", 0, 1), ("price", 0.2, 0.9))
    }
    index = pd.date_range("2027-03-28", periods=DAYS * 24 // hours, freq=f"{hours}h")
    fine = {name: np.repeat(line, block // hours) for name, line in values.items()}
    return Site(
        pd.Series(fine["load"], index),
        [Source("pv", fine["pv"], capex=2000), Source("wind", fine["wind"], capex=3500)],
        [Storage("battery", power_capex=100, energy_capex=150, charge_efficiency=0.9, **storage)],
        Grid(
            capacity_mw=20,
            import_price=fine["price"],
            export_price=0.1,
            demand_charges=[DemandCharge(20.0)],
        ),
        limits=Limits(max_export_share=0.2),
    )


@pytest.fixture(scope="module")
def hourly() -> Plan:
    return size(site(1))


@pytest.mark.parametrize("hours", [2, 3, 4, 6])
def test_nothing_is_lost_where_curves_are_even_in_a_step(hours: int, hourly: Plan) -> None:
    """Without self-discharge the hours of a step may share one power: sizes and cost are equal."""
    found = size(site(hours))
    assert found.annual_cost == pytest.approx(hourly.annual_cost, rel=1e-6)
    for name in ("pv", "wind", "battery_energy"):
        assert found.capacities[name] == pytest.approx(hourly.capacities[name], rel=1e-4, abs=1e-4)
    assert found.energy["load"] == pytest.approx(hourly.energy["load"], rel=1e-12)


def test_a_step_loses_what_its_hours_lose() -> None:
    """1 % an hour is 1 - 0.99^6 in six hours: the replay reckons it alone."""
    found = size(site(6, self_discharge=0.01))
    found.replay.require_closed()
    stored = found.schedule["battery_energy"].to_numpy()
    gained = 6 * (
        0.9 * found.schedule["battery_charge"]
        - found.schedule["battery_discharge"] / found.site.storages[0].discharge_efficiency
    )
    kept = stored[1:] - gained.to_numpy()[1:]
    assert kept == pytest.approx(0.99**6 * stored[:-1], abs=1e-5)


@pytest.mark.parametrize(
    ("hours", "fine"), [(2, True), (6, True), (5, False), (8, False), (1.5, False)]
)
def test_steps_share_out_a_day(hours: float, fine: bool) -> None:
    index = pd.date_range("2027-01-01", periods=24, freq=pd.Timedelta(hours=hours))
    if fine:
        told = [item.code for item in site_problems(Site(pd.Series(1.0, index), grid=Grid()))]
        assert "step_long" in told
        return
    with pytest.raises(InputError, match="或 2、3、4、6 小时"):
        Site(pd.Series(1.0, index), grid=Grid())


def test_means_and_what_holds_in_all_of_a_step() -> None:
    index = pd.date_range("2027-01-01", periods=8, freq="30min", tz="Asia/Shanghai")
    line = pd.Series([1.0, 0, 1, 1, 1, 1, 1, 1], index)
    assert averaged(line, 2).tolist() == [0.75, 1.0]
    assert averaged(line, 2, whole=True).tolist() == [0.0, 1.0]
    assert averaged(line, 2).index.equals(index[::4])
    two = pd.date_range("2025-12-31", periods=24, freq="h").append(
        pd.date_range("2027-01-01", periods=24, freq="h")
    )
    assert len(averaged(pd.Series(1.0, two), 6)) == 8


@pytest.mark.parametrize(
    ("start", "periods", "freq"),
    [("2027-01-01 01:00", 24, "h"), ("2027-01-01", 25, "h"), ("2027-01-01", 4, "6h")],
)
def test_what_cannot_be_averaged(start: str, periods: int, freq: str) -> None:
    line = pd.Series(1.0, pd.date_range(start, periods=periods, freq=freq))
    with pytest.raises(InputError, match="不能按每步 3 小时取平均"):
        averaged(line, 3)


def test_bill_in_long_steps_is_what_the_sizing_pays() -> None:
    """Ratios of the time of use are means over a step, to the minute."""
    book = load_rulebook(("national", "yunnan"), 2027)
    hourly = pd.date_range("2027-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
    long_steps = hourly[::6]
    totals = []
    for index in (hourly, long_steps):
        tariff = resolve(config(), index, book)[0]
        flows = pd.DataFrame({"load": 10.0, "import": 10.0, "export": 0.0}, index)
        made = bill(tariff, flows, 12.0)
        prices = sizing_prices(tariff)
        assert made.yuan_per_year("energy") == pytest.approx(
            float(tariff.components["energy"].mean()) * 10e3 * 8760, rel=1e-12
        )
        assert prices.import_price.mean() > 0
        totals.append(made.yuan_per_year())
    assert totals[0] == pytest.approx(totals[1], rel=1e-12)


def case(folder: Path, hours: int | None) -> LoadedCase:
    index = pd.date_range("2026-01-01", periods=48, freq="h")
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"load": rng.uniform(5, 9, 48), "pv": rng.uniform(0, 1, 48)}, index)
    table["open"] = (np.arange(48) % 7 > 0).astype(int)
    table.to_csv(folder / "curves.csv", index_label="time")
    step = "" if hours is None else f"step_hours: {hours}\n"
    (folder / "case.yaml").write_text(
        f"""{step}load: {{file: curves.csv, column: load}}
sources: [{{name: pv, profile: {{file: curves.csv, column: pv}}, capex: 2700}}]
grid:
  capacity_mw: 20
  import_price: 0.5
  export_allowed: {{file: curves.csv, column: open}}
rules: {{packs: [national]}}
year: 2026
""",
        encoding="utf-8",
    )
    return read_case(folder / "case.yaml")


def test_a_case_in_longer_steps(tmp_path: Path) -> None:
    loaded, plain = case(tmp_path, 4), case(tmp_path, None)
    site_, fine = loaded.site(rulebook_of(loaded)), plain.site(rulebook_of(plain))
    assert (site_.step_hours, len(site_.load)) == (4.0, 12)
    assert site_.load.sum() * 4 == pytest.approx(fine.load.sum())
    assert np.asarray(site_.sources[0].profile) == pytest.approx(
        np.asarray(fine.sources[0].profile).reshape(12, 4).mean(axis=1)
    )
    assert site_.grid is not None
    assert fine.grid is not None
    allowed = np.asarray(fine.grid.export_allowed).reshape(12, 4).all(axis=1)
    assert np.asarray(site_.grid.export_allowed).tolist() == allowed.tolist()


def test_a_case_that_does_not_fill_its_steps(tmp_path: Path) -> None:
    case(tmp_path, None)
    text = (tmp_path / "curves.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "curves.csv").write_text("\n".join(text[:-1]), encoding="utf-8")
    cut = "step_hours: 4\nload: {file: curves.csv, column: load}\n"
    (tmp_path / "case.yaml").write_text(cut, encoding="utf-8")
    with pytest.raises(InputError, match=r"“load”列.*不能按每步 4 小时取平均"):
        read_case(tmp_path / "case.yaml")
