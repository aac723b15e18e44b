"""What a program reads from standard output is JSON or CSV and nothing else, in any process."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from fresh_commands import Ran, run_fresh

from greenland import highs
from greenland.cli import cli
from greenland.cli.land import SYSTEMS
from greenland.energy.evaluate import evaluate_file
from greenland.energy.profiles import store
from greenland.energy.profiles.renewable import synthetic
from greenland.history import Entry, History
from greenland.park import write_tables

# The commands are run once for all, by one worker.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fresh commands")]
ROOT = Path(__file__).resolve().parents[1]
DATA = Path(__file__).parent / "energy" / "data"
KUNMING = "--latitude 25 --longitude 102.7 --altitude 1950"

# Words after each command that can write for a program; several lines are several runs.
# The cases: plain.yaml has an optimum; in clash.yaml two limits clash; in both_ways.yaml selling
# is dearer than buying, so that a mixed-integer repair runs; faulty.yaml cannot be read.
WORDS: dict[str, list[str]] = {
    "validate": ["park --json"],
    "history show": ["--history kept.duckdb --json", "--history kept.duckdb --csv"],
    "history trend": ["--history kept.duckdb --json", "--history kept.duckdb --csv"],
    "map": ["own --json"],
    "rules": ["亩均 --json"],
    "energy size": [
        "plain.yaml --json -",
        "plain.yaml --engine highs --json -",
        "plain.yaml --engine cbc --no-schedule --json -",
        "clash.yaml --json -",
        "clash.yaml --engine highs --json -",
        "both_ways.yaml --json -",
        "both_ways.yaml --engine highs --json -",
    ],
    "energy compare": ["plain.yaml few.yaml --json", "plain.yaml few.yaml --csv"],
    "energy evaluate": ["plain.yaml --capacities pv=40,battery=5/10 --json -"],
    "energy outlook": ["short --no-sizing --json", "short --no-sizing --csv"],
    "energy study": ["study.yaml --json", "study.yaml --out apart --csv"],
    "energy check": ["plain.yaml --json", "faulty.yaml --json"],
    "energy profile load": ["meter_wide_96.csv --step 1h --json"],
    "energy profile bills": ["bills_2025.csv --shape machinery --json"],
    "energy profile shape": ["food --year 2025 --energy 100 --json"],
    "energy profile shapes": ["--json"],
    "energy profile pv": [f"weather.csv --year 2025 --column ghi=q {KUNMING} --json"],
    "energy profile wind": ["mast_two_heights.csv --altitude 2100 --curve power_curve.csv --json"],
    "energy profile turbines": ["--json"],
    "energy profile measured": ["wind.csv --kind wind --capacity 1 --unit MW --json"],
    "energy profile synthetic": [f"wind --year 2025 {KUNMING} --json"],
    "energy profile add": ["wind.csv wind.csv --json"],
    "energy preview": ["plain.yaml --days 1 --json"],
    "energy bill-check": [
        "clash_bill.csv billed.yaml --month 2023-01 --json",
        "clash_bill.csv billed.yaml --month 2023-01 --csv",
    ],
    "energy profile check": ["wind.csv --kind wind --json"],
} | {f"land {name}": ["park --json"] for name in SYSTEMS}
WORDS["land reallocate"] += ["park --csv"]
CSV_ELSEWHERE = {f"land {name}" for name in SYSTEMS}  # none but that one solves: tests/test_cli.py
RUNS = [f"{name} {words}" for name, each in WORDS.items() for words in each]


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that is not a group, with its name as people write it."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    for name, child in command.commands.items():
        yield from leaves(child, (*path, name))


def is_flag(item: click.Parameter) -> bool:
    """Whether an option writes to the screen: `--csv FILE` writes a file."""
    return "--json" in item.opts or (isinstance(item, click.Option) and item.is_flag)


def test_every_command_that_writes_data_is_run_here() -> None:
    for name, command in leaves(cli):
        flags = {flag for item in command.params if is_flag(item) for flag in item.opts}
        flags &= {"--json"} if name in CSV_ELSEWHERE else {"--json", "--csv"}
        tried = " ".join(WORDS.get(name, [])).split()
        assert flags <= set(tried), f"{name} has {flags}: say above how to run it"


def write_park(folder: Path) -> None:
    """The small park of the tests of the input side."""
    sys.path.append(str(Path(__file__).parent / "park"))
    from sound_park import CONFIG, sound_rows, typed_tables

    folder.mkdir()
    (folder / "park.yaml").write_text(CONFIG, encoding="utf-8")
    write_tables(folder / "park.xlsx", typed_tables(sound_rows()))


def write_case(folder: Path, name: str, **changes: Any) -> None:
    """A day of one source and a storage on a connection."""
    case = {
        "name": name,
        "load": "load.csv",
        "sources": [
            {"name": "pv", "profile": "pv.csv", "capex": 2700, "lifetime": 25, "max_mw": 90}
        ],
        "storages": [{"name": "battery", "power_capex": 300, "energy_capex": 700}],
        "grid": {"capacity_mw": 80, "import_price": 0.55, "export_price": 0.2},
        "limits": {},
        "discount_rate": 0.07,
    }
    text = json.dumps({**case, **changes}, ensure_ascii=False)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything the commands above read."""
    made = tmp_path_factory.mktemp("data")
    write_park(made / "park")
    write_park(made / "own")
    shutil.copytree(ROOT / "examples" / "yunnan_park", made / "short")
    for name in ("meter_wide_96.csv", "bills_2025.csv", "mast_two_heights.csv", "power_curve.csv"):
        shutil.copy(DATA / name, made / name)
    store.write(made / "wind.csv", synthetic.wind_year(2025))
    hours = pd.date_range("2023-01-01", "2024-01-01", freq="h", inclusive="left")
    sun = np.clip(np.sin((hours.hour - 6) / 12 * np.pi), 0, None)
    sky = {"q": (900 * sun).round(), "temp_air": 15.0, "wind_speed": 2.0}
    pd.DataFrame(sky, hours).to_csv(made / "weather.csv", index_label="time")
    day = hours[:24]
    pd.Series(sun[:24], day, name="pv").round(4).to_csv(made / "pv.csv", index_label="time")
    pd.Series(60.0, day, name="load").to_csv(made / "load.csv", index_label="time")
    write_case(made, "plain")
    few = [{"name": "pv", "profile": "pv.csv", "capex": 2700, "lifetime": 25, "max_mw": 1}]
    write_case(made, "few", sources=few)
    write_case(made, "clash", sources=few, limits={"min_self_use_of_consumption": 0.9})
    dear = {"capacity_mw": 80, "import_price": 0.55, "export_price": 0.8}
    write_case(made, "both_ways", grid=dear)
    write_case(made, "faulty", discount_rate="much")
    tariff = {"mode": "two_part", "billing": "demand", "voltage": "110kV", "market_price": 0.3}
    tariff |= {"market_price_floats": False, "system_operation_fee": 0.02, "export_price": 0.2}
    tariff |= {"funds": 0.03, "transmission_price": 0.07, "line_loss": 0.04, "demand_price": 36}
    tariff |= {"self_use_funds": True}
    write_case(made, "billed", grid={"capacity_mw": 80}, tariff=tariff, year=2023)
    (made / "clash_bill.csv").write_text("项目,金额\n输配电量电费,1\n", encoding="utf-8")
    with History(made / "kept.duckdb") as history:
        history.add([Entry("YQ001", 2025, "园区（虚构）", "provincial", "other", {"idle_ha": 1.0})])
    study = {"case": "plain.yaml", "scenarios": {"涨价": {"grid.import_price": 0.7}}}
    (made / "study.yaml").write_text(json.dumps(study, ensure_ascii=False), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def ran(folder: Path) -> dict[str, Ran]:
    """Every command once, each in a process of its own."""
    return dict(zip(RUNS, run_fresh([line.split() for line in RUNS], folder), strict=True))


@pytest.mark.parametrize("line", RUNS)
def test_standard_output_is_data(ran: dict[str, Ran], line: str) -> None:
    text = ran[line].out.decode("utf-8")
    if "--csv" in line:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert text.startswith("\ufeff")
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}
    else:
        assert isinstance(json.loads(text), dict | list)
    failed = any(name in line for name in ("clash", "faulty"))
    assert ran[line].code == int(failed), ran[line].err.decode()


@pytest.mark.parametrize("engine", ["", " --engine highs"])
def test_the_cases_are_what_they_are_meant_to_be(ran: dict[str, Ran], engine: str) -> None:
    """The repair did use binaries, and the clash is one: these are the runs HiGHS has a part in."""

    def record(case: str) -> Any:
        return json.loads(ran[f"energy size {case}.yaml{engine} --json -"].out)

    assert any("双向" in note for note in record("both_ways")["plan"]["notes"])
    assert record("clash")["plan"]["status"] == "infeasible"
    assert record("clash")["plan"]["infeasibility"]["clashes"]
    assert json.loads(ran["land reallocate park --json"].out)["status"] == "optimal"


def test_the_case_that_flows_both_ways_needs_binaries(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the runs above would not meet a mixed-integer search of HiGHS."""
    problems: list[highs.Problem] = []
    solve = highs.solve

    def spy(problem: highs.Problem, **options: Any) -> highs.Result:
        problems.append(problem)
        return solve(problem, **options)

    monkeypatch.setattr(highs, "solve", spy)
    evaluate_file(folder / "both_ways.yaml")
    assert any(problem.mixed for problem in problems)


@pytest.mark.skipif(sys.platform == "win32", reason="one more start, and run_fresh has done it")
def test_the_command_as_installed_writes_utf8_on_a_gbk_console(folder: Path) -> None:
    words = [sys.executable, "-m", "greenland", "energy", "size", "both_ways.yaml", "--json", "-"]
    console = os.environ | {"PYTHONIOENCODING": "gbk"}
    done = subprocess.run(words, cwd=folder, env=console, capture_output=True, timeout=120)
    record = json.loads(done.stdout.decode("utf-8"))
    assert record["case"]["name"] == "both_ways"
    assert any("双向" in note for note in record["plan"]["notes"])
    assert done.stderr == b""


def test_a_table_that_was_not_made_leaves_standard_output_empty(tmp_path: Path) -> None:
    config = "name: 测试园区\nlevel: 省级\ntype: 产业园区\nyear: 2025\n"
    (tmp_path / "park.yaml").write_text(config, encoding="utf-8")
    write_tables(tmp_path / "park.xlsx", {})
    done = CliRunner().invoke(cli, ["land", "reallocate", str(tmp_path), "--csv"])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "未计算" in done.stderr
