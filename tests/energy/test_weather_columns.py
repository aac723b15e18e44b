"""Headings, units, codes and impossible values of weather, mast, curve and price tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles.place import Place
from greenland.energy.profiles.renewable import pv, wind
from greenland.energy.profiles.renewable.headings import WeatherQuantity, heading_of, height_of
from greenland.energy.profiles.renewable.measurements import is_code, screened
from greenland.energy.profiles.renewable.met_mast import read_speeds
from greenland.energy.profiles.renewable.power_curve import read_curve
from greenland.energy.profiles.renewable.weather import Weather
from greenland.energy.profiles.renewable.weather_readers import read_weather
from greenland.energy.profiles.renewable.wind import Turbine
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tariff.price_file import read_price_file
from greenland.errors import InputError, Problem

HOURS = pd.date_range("2025-06-01", periods=96, freq="1h")
SUN = np.round(900 * np.clip(np.cos((HOURS.hour.to_numpy() - 12.5) * np.pi / 13), 0, None))
AIR = np.round(20 + 5 * np.sin(HOURS.hour.to_numpy()), 1)
WIND = np.round(5 + 2 * np.cos(np.arange(96)), 2)
KUNMING = Place(25.0, 102.7, 1950.0)


def table(path: Path, **columns: object) -> Path:
    """A table of four days, a column for each keyword whose name is a heading."""
    frame = pd.DataFrame({"时间": HOURS.strftime("%Y-%m-%d %H:%M"), **columns})
    frame.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def weather(path: Path, options: dict[str, str] | None = None, **columns: object) -> Weather:
    return read_weather(table(path, **columns), place=KUNMING, columns=options)


def problems(item: Weather) -> list[Problem]:
    return [problem for found in item.problems.values() for problem in found]


# Headings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "quantity", "height", "unit"),
    [
        ("总辐射(0.01MJ/m²)", "ghi", None, "0.01 MJ/m²"),
        ("ssrd (J m**-2)", "ghi", None, "J/m²"),
        ("shortwave_radiation (W/m²)", "ghi", None, "W/m²"),
        ("GHI(MJ/(m2·h))", "ghi", None, "MJ/m²/h"),
        ("水平面直接辐射", "bhi", None, None),
        ("直接辐射", "beam", None, None),
        ("direct_normal_irradiance", "dni", None, None),
        ("Gd(h)", "dhi", None, None),
        ("temperature_2m (°F)", "temp_air", 2, "°F"),
        ("Air temp @ 2 m (K)", "temp_air", 2, "K"),
        ("t2m", "temp_air", 2, None),
        ("wind_speed_10m (km/h)", "wind_speed", 10, "km/h"),
        ("WS1_80m", "wind_speed", 80, None),
        ("通道1风速_80m", "wind_speed", 80, None),
        ("10min平均风速_80m", "wind_speed", 80, None),
        ("2分钟平均风速(m/s)", "wind_speed", None, "m/s"),
        ("风速@80", "wind_speed", 80, None),
        ("高度80米_风速", "wind_speed", 80, None),
    ],
)
def test_what_a_heading_says(
    header: str, quantity: str, height: float | None, unit: str | None
) -> None:
    heading = heading_of(header)
    assert heading is not None
    assert (heading.quantity, heading.height) == (quantity, height)
    assert (heading.unit.name if heading.unit else None) == unit


@pytest.mark.parametrize(
    "header",
    [
        *("露点温度", "地表温度", "电池温度", "组件温度", "机舱温度", "最高气温", "temp_dew"),
        *("apparent_temperature", "dew_point_2m", "相对湿度", "气压", "surface_pressure"),
        *("倾斜面总辐射", "净辐射", "global_tilted_irradiance", "日照时数", "照度(lux)"),
        *("风向_80m", "阵风风速", "最大风速_80m", "风速标准差_80m", "ti_80m", "风力等级"),
    ],
)
def test_other_quantities_are_not_taken(header: str) -> None:
    assert heading_of(header) is None


@pytest.mark.parametrize(
    ("header", "height"),
    [
        ("WS1", None),
        ("风速", None),
        ("ws100", 100),
        ("风速 80.5 m(m/s)", 80.5),
        ("80m_A_风速", 80),
        ("风速(m/s)(海拔1980m)", None),
        ("塔高100m 80m风速", 80),
    ],
)
def test_height_of_a_heading(header: str, height: float | None) -> None:
    assert height_of(header) == height


# Values -------------------------------------------------------------------------------------


def test_codes_are_nines() -> None:
    raw = np.array([99.9, 999.0, -999.0, 9999.0, 999999.0, 999990.0, 98.9, 1000.0, 12.3, 0.0])
    assert is_code(raw).tolist() == [True] * 6 + [False] * 4


def test_codes_are_missing_and_counted(tmp_path: Path) -> None:
    holed = SUN.copy()
    holed[[10, 40]] = 9999
    read = weather(tmp_path / "w.csv", 总辐射=holed, 气温=AIR, 风速=WIND)
    assert np.flatnonzero(read.table["ghi"].isna()).tolist() == [10, 40]
    assert [problem.message for problem in read.problems["ghi"]] == [
        "水平面总辐照有 2 个缺测代码（如 9999），按缺测计。"
    ]


def test_a_code_that_nature_allows_is_seen_by_its_neighbours(tmp_path: Path) -> None:
    holed = SUN.copy()
    holed[2] = 999  # at two in the morning
    read = weather(tmp_path / "w.csv", 总辐射=holed, 气温=AIR, 风速=WIND)
    assert np.flatnonzero(read.table["ghi"].isna()).tolist() == [2]
    holed[2], holed[12] = 0, 999  # at noon
    read = weather(tmp_path / "w.csv", 总辐射=holed, 气温=AIR, 风速=WIND)
    assert read.table["ghi"].iloc[12] == 999


def test_impossible_values_never_enter() -> None:
    values = np.array([500.0, 1501.0, -11.0, -3.0, *[200.0] * 60])
    read = screened(values, values, WeatherQuantity.GHI, "ghi", "w.csv")
    assert np.flatnonzero(np.isnan(read.values)).tolist() == [1, 2]
    assert read.values[3] == 0  # a pyranometer at night
    assert "2 个读数超出物理界限" in read.problems[0].message


def test_many_impossible_values_are_a_wrong_unit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="单位或列可能有误；实际为“71”"):
        weather(tmp_path / "w.csv", **{"总辐射": SUN, "气温(℃)": AIR * 9 / 5 + 35, "风速": WIND})


def test_unit_of_the_heading_is_converted(tmp_path: Path) -> None:
    columns = {"总辐射(MJ/m2)": SUN * 0.0036, "气温(K)": AIR + 273.15, "风速(km/h)": WIND * 3.6}
    read = weather(tmp_path / "w.csv", **columns)
    assert read.table["ghi"].to_numpy() == pytest.approx(SUN, abs=1e-6)
    assert read.table["temp_air"].to_numpy() == pytest.approx(AIR, abs=1e-9)
    assert read.table["wind_speed"].to_numpy() == pytest.approx(WIND)
    assert "“总辐射(MJ/m2)”由 MJ/m² 换算。" in read.notes
    assert not problems(read)


def test_unknown_unit_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"看不出水平面总辐照“总辐射\(Btu/ft2\)”的单位"):
        weather(tmp_path / "w.csv", **{"总辐射(Btu/ft2)": SUN, "气温": AIR, "风速": WIND})


def test_unit_that_only_the_values_show(tmp_path: Path) -> None:
    read = weather(tmp_path / "w.csv", ghi=SUN, t2m=AIR + 273.15, ws10=WIND)
    assert read.table["temp_air"].to_numpy() == pytest.approx(AIR)
    assert [problem.code for problem in problems(read)] == ["weather_unit_assumed"]
    with pytest.raises(InputError, match=r"看不出水平面总辐照“ghi”的单位；实际为“最大 0\."):
        weather(tmp_path / "w.csv", ghi=SUN / 1000, t2m=AIR, ws10=WIND)


def test_two_candidates_are_a_question(tmp_path: Path) -> None:
    columns = {"总辐射": SUN, "总辐照度": SUN, "气温": AIR, "环境温度": AIR, "风速": WIND}
    with pytest.raises(InputError, match="都可能是水平面总辐照") as error:
        weather(tmp_path / "w.csv", **columns)
    assert [problem.got for problem in error.value.problems] == [
        "总辐射、总辐照度",
        "气温、环境温度",
    ]
    read = weather(tmp_path / "w.csv", {"ghi": "总辐射", "temp_air": "环境温度"}, **columns)
    assert "temp_air" in read.table.columns


def test_a_kind_only_is_read_and_said(tmp_path: Path) -> None:
    read = weather(tmp_path / "w.csv", 辐照度=SUN, 温度=AIR, 风速=WIND)
    assert [problem.message for problem in problems(read)] == [
        "“辐照度”列按水平面总辐照读。",
        "“温度”列按气温读。",
    ]


def test_beam_on_the_horizontal(tmp_path: Path) -> None:
    read = weather(tmp_path / "w.csv", 总辐射=SUN, 水平面直接辐射=0.6 * SUN, 气温=AIR, 风速=WIND)
    assert read.table["dhi"].to_numpy() == pytest.approx(0.4 * SUN)
    assert "dni" not in read.table.columns


def test_beam_of_no_plane_is_left_aside_and_said(tmp_path: Path) -> None:
    read = weather(tmp_path / "w.csv", 总辐射=SUN, 直接辐射=0.6 * SUN, 气温=AIR, 风速=WIND)
    assert set(read.table.columns) == {"ghi", "temp_air", "wind_speed"}
    assert [problem.code for problem in problems(read)] == ["weather_beam"]


def test_unused_columns_may_be_blank(tmp_path: Path) -> None:
    snow = np.full(96, np.nan)
    snow[::3] = 0.0
    path = table(tmp_path / "w.csv", 总辐射=SUN, 气温=AIR, 风速=WIND, 降雪=snow, 气压=np.nan)
    read = read_weather(path, place=KUNMING)
    frame = read.table.tz_convert("Asia/Shanghai").drop(columns="snowfall")
    made = pv.output(read.table.assign(snowfall=np.nan), KUNMING)
    assert made.to_numpy() == pytest.approx(pv.output(frame, KUNMING).to_numpy())


def test_direct_without_diffuse_is_used(tmp_path: Path) -> None:
    read = weather(tmp_path / "w.csv", ghi=SUN, dni=0.0 * SUN, temp_air=AIR, wind_speed=WIND)
    cloudy = pv.output(read.table, KUNMING)
    clear = pv.output(read.table.assign(dni=0.8 * SUN), KUNMING)
    assert clear.sum() != pytest.approx(cloudy.sum(), rel=0.01)


def test_times_in_the_middle_of_the_step(tmp_path: Path) -> None:
    path = table(tmp_path / "w.csv", ghi=SUN)
    text = path.read_text(encoding="utf-8-sig").replace(":00,", ":30,")
    path.write_text(text, encoding="utf-8")
    read = read_weather(path)
    assert read.table.index[0] == pd.Timestamp("2025-06-01 00:00", tz="Asia/Shanghai")
    assert [problem.code for problem in problems(read)] == ["label_middle"]


# Masts --------------------------------------------------------------------------------------


def test_two_cups_at_one_height(tmp_path: Path) -> None:
    path = table(tmp_path / "m.csv", 风速_80m_A=WIND, 风速_80m_B=0.97 * WIND)
    speeds, _air = read_speeds(path)
    assert speeds[80].to_numpy() == pytest.approx(WIND)
    (problem,) = speeds[80].attrs["problems"]
    assert "取第一列“风速_80m_A”" in problem.message
    assert "80=风速_80m_B" in problem.remedy
    made = wind.output(speeds, altitude=0)
    assert made.attrs["quality"]["verdict"] == "warning"
    named, _air = read_speeds(path, {80: "风速_80m_B"})
    assert named[80].to_numpy() == pytest.approx(0.97 * WIND)


def test_missing_air_is_filled_and_counted(tmp_path: Path) -> None:
    cold = AIR.copy()
    cold[[3, 50]] = -999
    speeds, air = read_speeds(table(tmp_path / "m.csv", 风速_80m=WIND, 电池温度=45, 气温=cold))
    assert air is not None
    assert air.min() > 10
    assert "气温“气温”缺测 2.1%，已补入。" in [
        item.message for item in speeds[80].attrs["problems"]
    ]


def test_air_that_is_hardly_there_is_left_aside(tmp_path: Path) -> None:
    cold = np.where(np.arange(96) % 2, -999, AIR)
    speeds, air = read_speeds(table(tmp_path / "m.csv", 风速_80m=WIND, 气温=cold))
    assert air is None
    assert any("空气密度按标准大气计" in item.message for item in speeds[80].attrs["problems"])


def test_shear_between_heights_is_noted(tmp_path: Path) -> None:
    path = table(tmp_path / "m.csv", 风速_40m=WIND, 风速_80m=WIND * 2**0.2)
    speeds, _air = read_speeds(path)
    made = wind.output(speeds, altitude=0)
    assert any("平均切变指数 0.200" in note for note in made.attrs["provenance"]["notes"])
    strange, _air = read_speeds(table(tmp_path / "n.csv", 风速_40m=WIND, 风速_80m=1.6 * WIND))
    found = wind.output(strange, altitude=0).attrs["quality"]["problems"]
    assert "wind_shear" in [problem["code"] for problem in found]


# Power curves -------------------------------------------------------------------------------

SPEEDS = np.arange(0.0, 26.0)
POWER = np.round(3300 * np.clip((SPEEDS**3 - 27) / (12**3 - 27), 0, 1), 1)


def curve(path: Path, **columns: object) -> Path:
    pd.DataFrame(columns).to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_a_coefficient_is_never_power(tmp_path: Path) -> None:
    cp = np.full(26, 0.4)
    columns = {"风速(m/s)": SPEEDS, "功率系数Cp": cp, "功率(kW)": POWER}
    assert read_curve(curve(tmp_path / "c.csv", **columns)).to_numpy() == pytest.approx(POWER)
    with pytest.raises(InputError, match="功率系数（Cp、Ct）不能当作功率"):
        read_curve(
            curve(tmp_path / "c.csv", **{"Wind speed (m/s)": SPEEDS, "Power coefficient": cp})
        )


def test_columns_by_air_density(tmp_path: Path) -> None:
    columns = {"风速": SPEEDS, "功率(kW) 1.000kg/m3": 0.9 * POWER, "功率(kW) 1.225kg/m3": POWER}
    path = curve(tmp_path / "c.csv", **columns)
    assert read_curve(path).to_numpy() == pytest.approx(POWER)
    thin = read_curve(path, power="功率(kW) 1.000kg/m3")
    assert thin.attrs["air_density"] == 1.0
    # in air of the density a curve is stated for, nothing is corrected
    at = wind.per_unit(
        np.array([9.0]), 1.0, wind.resolve(Turbine(curve=thin, wake_loss=0), wind.defaults(None))
    )
    plain = thin.copy()
    plain.attrs = {}
    machine = wind.resolve(Turbine(curve=plain, wake_loss=0), wind.defaults(None))
    assert at == pytest.approx(wind.per_unit(np.array([9.0]), 1.225, machine))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"风速": SPEEDS, "功率(kW)": POWER, "有功功率(kW)": POWER}, "几列都可能是功率"),
        ({"风速": SPEEDS, "功率": POWER / 1000}, "看不出功率列“功率”的单位"),
        ({"风速": SPEEDS, "功率(kW)": [*POWER[:-1], 9999]}, "在风速 25 m/s 处没有功率数值"),
        ({"风速": SPEEDS, "功率(kW)": [*POWER[:-1], np.nan]}, "在风速 25 m/s 处没有功率数值"),
    ],
    ids=["two powers", "no unit", "code", "gap"],
)
def test_curves_that_are_asked_about(
    columns: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=words):
        read_curve(curve(tmp_path / "c.csv", **columns))


def test_rated_power_in_another_unit_is_refused() -> None:
    series = pd.Series(POWER, index=SPEEDS)
    with pytest.raises(InputError, match=r"与额定功率 3\.3 kW 不符"):
        wind.resolve(Turbine(curve=series, rated_kw=3.3), wind.defaults(None))


def test_a_curve_that_stops_early_is_said(tmp_path: Path) -> None:
    path = curve(tmp_path / "c.csv", **{"风速": SPEEDS[:14], "功率(MW)": POWER[:14] / 1000})
    read = read_curve(path)
    assert read.to_numpy() == pytest.approx(POWER[:14])
    assert [problem.code for problem in read.attrs["problems"]] == ["power_curve_short"]


# Prices -------------------------------------------------------------------------------------

DAYS = pd.date_range("2025-06-01", periods=48, freq="1h", tz="Asia/Shanghai")
SPOT = np.round(0.3 + 0.1 * np.sin(np.arange(48)), 4)


def prices(
    path: Path, scale: float | None = None, column: str | None = None, **columns: object
) -> pd.Series:
    pd.DataFrame(columns).to_csv(path, index=False, encoding="utf-8-sig")
    options = {"scale": scale} if scale is not None else {}
    spec = SeriesFile(file=path.name, column=column, **options)
    read = read_price_file(path, spec, DAYS)
    read.series.attrs["notes"] = read.notes
    return read.series


TIMES = DAYS.strftime("%Y-%m-%d %H:%M")


def test_newest_first(tmp_path: Path) -> None:
    read = prices(tmp_path / "p.csv", time=TIMES[::-1], price=SPOT[::-1])
    assert read.to_numpy() == pytest.approx(SPOT)


def test_another_month_is_refused(tmp_path: Path) -> None:
    other = (DAYS - pd.Timedelta(days=365)).strftime("%Y-%m-%d %H:%M")
    with pytest.raises(
        InputError, match="缺 48 个时段的价格，首个为 2025-06-01 00:00；实际为“2024-06"
    ):
        prices(tmp_path / "p.csv", time=other, price=SPOT)


def test_unit_of_the_heading_though_most_are_nought(tmp_path: Path) -> None:
    spot = np.where(np.arange(48) % 4, 0.0, SPOT * 1000)
    read = prices(tmp_path / "p.csv", **{"time": TIMES, "price(元/MWh)": spot})
    assert read.to_numpy() == pytest.approx(spot / 1000)
    assert any("单位 元/mwh" in note for note in read.attrs["notes"])


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"日前价格": SPOT, "实时价格": SPOT}, "有几列都可能是价格"),
        ({"volume": SPOT, "成交电量": SPOT}, "看不出价格文件的哪一列是价格"),
        ({"price(USD/MWh)": SPOT}, "不认识价格的单位；实际为“usd/mwh”"),
        ({"电价(美元/MWh)": SPOT}, "不认识价格的单位；实际为“美元/mwh”"),
    ],
)
def test_price_columns_that_are_asked_about(
    columns: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=words):
        prices(tmp_path / "p.csv", time=TIMES, **columns)


def test_volume_is_no_price(tmp_path: Path) -> None:
    read = prices(tmp_path / "p.csv", time=TIMES, price=SPOT, volume=100 * SPOT)
    assert read.to_numpy() == pytest.approx(SPOT)


def test_a_code_is_a_missing_price(tmp_path: Path) -> None:
    spot = SPOT * 1000
    spot[7] = 9999
    with pytest.raises(InputError, match="缺 1 个时段的价格，首个为 2025-06-01 07:00"):
        prices(tmp_path / "p.csv", **{"time": TIMES, "price(元/MWh)": spot})


def test_two_prices_at_one_time_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="有 1 个时刻出现不同读数"):
        prices(tmp_path / "p.csv", time=[*TIMES, TIMES[3]], price=[*SPOT, 0.9])


def test_scale_wins_and_is_said_when_it_differs(tmp_path: Path) -> None:
    read = prices(tmp_path / "p.csv", 1.0, **{"time": TIMES, "price(元/MWh)": SPOT})
    assert read.to_numpy() == pytest.approx(SPOT)
    assert any("与 scale 不一致" in note for note in read.attrs["notes"])
