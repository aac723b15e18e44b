"""Ten years of 15-minute readings, from the file to a finished curve: seconds of each step.

    python -m benchmarks.profiles [YEARS]

The readings (invented) have gaps, repeats and a right label, as exports have; once as a long
table, once as a day table of 96 columns.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

YEARS = 10
MOST_SECONDS = 10.0


def readings(years: int) -> pd.Series:
    """An invented load [kW] with a day of every month and some quarter hours missing."""
    index = pd.date_range("2015-01-01 00:15", f"{2015 + years}-01-01", freq="15min")
    generator = np.random.default_rng(1)
    hour = index.hour.to_numpy() + index.minute.to_numpy() / 60
    values = (
        800 + 400 * np.cos((hour - 14) * np.pi / 12) + 40 * generator.standard_normal(len(index))
    )
    series = pd.Series(values.round(2), index=index)
    lost = (index.day == 11) | (generator.random(len(index)) < 0.002)
    return series[~lost]


def write_long(path: Path, series: pd.Series) -> None:
    """A long table with some rows twice."""
    times = pd.DatetimeIndex(series.index).strftime("%Y-%m-%d %H:%M:%S")
    table = pd.DataFrame({"时间": times, "功率(kW)": series})
    pd.concat([table, table.iloc[1000:1100]]).to_csv(path, index=False)


def write_wide(path: Path, series: pd.Series) -> None:
    """A day table of 96 columns from 00:15 to 24:00."""
    begin = pd.DatetimeIndex(series.index) - pd.Timedelta("15min")
    slots = [f"{m // 60:02d}:{m % 60:02d}" for m in range(15, 1441, 15)]
    place = (begin.hour * 4 + begin.minute // 15).to_numpy()
    table = pd.DataFrame(
        {"日期": begin.strftime("%Y-%m-%d"), "slot": place, "v": series.to_numpy()}
    )
    wide = table.pivot_table(index="日期", columns="slot", values="v")
    wide.columns = slots
    wide.to_csv(path)


def timed(label: str, call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    seconds = time.perf_counter() - start
    print(f"{label:<44}{seconds:8.2f} s")
    return seconds


def main(years: int) -> None:
    from greenland.energy.profiles.gaps import Subject
    from greenland.energy.profiles.load import meter
    from greenland.energy.profiles.load.meter import MeterFormat
    from greenland.energy.profiles.place import Place
    from greenland.energy.profiles.readings import Label, Readings
    from greenland.energy.profiles.renewable import pv, synthetic, wind
    from greenland.energy.profiles.renewable import scada as measured

    series = readings(years)
    print(f"{years} years, {len(series)} readings")
    with tempfile.TemporaryDirectory() as folder:
        long, wide = Path(folder) / "long.csv", Path(folder) / "wide.csv"
        write_long(long, series)
        write_wide(wide, series)
        unit = MeterFormat(unit="kW")
        worst = [
            timed("meter, long table → curve with quality sheet", lambda: meter.load(long, unit)),
            timed("meter, day table → curve with quality sheet", lambda: meter.load(wide, unit)),
        ]
    index = pd.date_range(
        "2015", f"{2015 + years}", freq="15min", tz="Asia/Shanghai", inclusive="left"
    )
    sun = synthetic.pv_year(2023, 25.0, 102.7, 1950.0, step="15min").to_numpy()
    output = pd.Series(np.resize(sun, len(index)) * 50, index=index, name="pv")
    found = Readings(output, Label.LEFT)
    worst.append(
        timed("measured PV → available output", lambda: measured.per_unit(found, Subject.PV, 50.0))
    )
    ghi = pd.Series(np.resize(sun, len(index)) * 1100, index=index)
    weather = pd.DataFrame({"ghi": ghi, "temp_air": 18.0, "wind_speed": 2.0})
    place = Place(25.0, 102.7, 1950.0)
    worst.append(timed("weather → PV output (pvlib)", lambda: pv.output(weather, place)))
    speed = pd.Series(np.abs(np.random.default_rng(2).normal(6, 3, len(index))), index=index)
    air = pd.Series(15.0, index=index)
    worst.append(
        timed(
            "wind speed and temperature → wind output",
            lambda: wind.output(speed, altitude=2000.0, height=80.0, temperature=air),
        )
    )
    verdict = "within" if max(worst) <= MOST_SECONDS else "ABOVE"
    print(f"slowest step {max(worst):.2f} s, {verdict} {MOST_SECONDS:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else YEARS)
