"""Weather, masts, power curves and prices: words beside the figures are followed, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles.place import Place
from greenland.energy.profiles.renewable.met_mast import read_speeds
from greenland.energy.profiles.renewable.power_curve import read_curve
from greenland.energy.profiles.renewable.weather_readers import read_weather
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tariff.price_file import read_price_file
from greenland.errors import InputError

KUNMING = Place(25.0, 102.7, 1950.0)
HOURS = pd.date_range("2025-06-01", periods=48, freq="1h")
WIND = 6 + 2 * np.cos(np.arange(48))


def sunshine(path: Path) -> float:
    return float(read_weather(path, place=KUNMING).table["ghi"].sum())


def wind(path: Path) -> float:
    return float(read_speeds(path)[0][70.0].sum())


def power(path: Path) -> float:
    return float(read_curve(path).sum())


def price(path: Path) -> float:
    index = HOURS.tz_localize("Asia/Shanghai")
    return float(read_price_file(path, SeriesFile(file=path.name), index).series.sum())


# reader, header without and with its unit, another unit and what one of ours is in it, values
Kind = tuple[Callable[[Path], float], str, str, str, float, Sequence[float]]
SUN = 800 * np.clip(np.cos((HOURS.hour.to_numpy() - 12.5) * np.pi / 13), 0, None)
KINDS: dict[str, Kind] = {
    "weather": (sunshine, "总辐射", "W/m²", "kW/m²", 1e-3, SUN),
    "mast": (wind, "风速_70m", "m/s", "km/h", 3.6, WIND),
    "power curve": (power, "功率", "kW", "MW", 1e-3, [1000.0 * n for n in range(1, 5)]),
    "price": (price, "电价", "元/kWh", "元/MWh", 1e3, 0.3 + 0.1 * np.sin(np.arange(48))),
}


def file(path: Path, kind: str, header: str, factor: float, lines: Sequence[str]) -> Path:
    """A file; ``None`` among the *lines* stands for the figures, ``""`` for half of them."""
    values = KINDS[kind][-1]
    first = [str(speed) for speed in range(3, 26)] if kind == "power curve" else HOURS.astype(str)
    rows = [f"{a},{value * factor:.9g}" for a, value in zip(first, values, strict=False)]
    name = "风速(m/s)" if kind == "power curve" else "时间"
    out: list[str] = []
    half, begun = len(rows) // 2, False
    for line in lines:
        if line != "":
            out.append(line)
            continue
        out += rows[half:] if begun else [f"{name},{header}", *rows[:half]]
        begun = True
    path.write_text("\n".join(out), encoding="utf-8")
    return path


def told(path: Path, kind: str) -> bool:
    """Whether it is said that a title or note has another unit than the header."""
    if kind == "price":
        index = HOURS.tz_localize("Asia/Shanghai")
        notes = read_price_file(path, SeriesFile(file=path.name), index).notes
        return any("标题或表注写着" in note for note in notes)
    if kind == "weather":
        problems = read_weather(path, place=KUNMING).problems["ghi"]
    else:
        problems = (read_speeds(path)[0][70.0] if kind == "mast" else read_curve(path)).attrs[
            "problems"
        ]
    return "unit_twice" in {problem.code for problem in problems}


@pytest.mark.parametrize("kind", KINDS)
def test_units_beside_the_figures(tmp_path: Path, kind: str) -> None:
    read, header, ours, other, factor, values = KINDS[kind]
    path, own = tmp_path / "table.csv", f"{header}({ours})"
    first = "风速(m/s)" if kind == "power curve" else "时间"
    for said in ([f"单位：{other}", "", ""], ["", "", f"注：单位为{other},"]):
        assert read(file(path, kind, header, factor, said)) == pytest.approx(sum(values))
    whole = read(file(path, kind, own, 1.0, [f"单位：{ours}", "", f"{first},{own}", ""]))
    assert whole == pytest.approx(sum(values))
    assert not told(path, kind)

    for said in ([f"单位：{other}", "", ""], ["", "", f"注：单位为{other},"]):
        assert read(file(path, kind, own, 1.0, said)) == pytest.approx(sum(values))
        assert told(path, kind)


@pytest.mark.parametrize(("kind", "read"), [("weather", sunshine), ("mast", wind)])
def test_rows_marked_as_invalid(tmp_path: Path, kind: str, read: Callable[[Path], float]) -> None:
    header = KINDS[kind][1]
    path = file(tmp_path / "table.csv", kind, f"{header},数据质量", 1.0, ["", ""])
    lines = path.read_text(encoding="utf-8").split("\n")
    truth = read(file(tmp_path / "sound.csv", kind, header, 1.0, ["", ""]))
    # nought at noon of the first day, and at a windy hour
    marked = [f"{line},{'无效' if n == 13 else '有效'}" for n, line in enumerate(lines[1:], 1)]
    marked[12] = marked[12].replace(lines[13].split(",")[1], "0")
    path.write_text("\n".join([lines[0], *marked]), encoding="utf-8")
    assert read(path) == pytest.approx(truth, rel=0.2)
    without = [line for n, line in enumerate([lines[0], *marked]) if n != 13]
    path.write_text("\n".join(without), encoding="utf-8")
    gap = read(path)
    path.write_text("\n".join([lines[0], *marked]), encoding="utf-8")
    assert read(path) == pytest.approx(gap)


def test_a_power_curve_with_its_density_above_and_two_powers_at_one_speed(tmp_path: Path) -> None:
    path = file(tmp_path / "c.csv", "power curve", "功率(kW)", 1.0, ["空气密度0.95kg/m3", "", ""])
    assert read_curve(path).attrs["air_density"] == 0.95
    path.write_text("风速(m/s),功率(kW)\n3,100\n4,300\n4,300\n5,600", encoding="utf-8")
    assert read_curve(path).sum() == 1000.0
    path.write_text("风速(m/s),功率(kW)\n3,100\n4,300\n4,400\n5,600", encoding="utf-8")
    with pytest.raises(InputError, match="4 m/s 处有两个不同的功率"):
        read_curve(path)
