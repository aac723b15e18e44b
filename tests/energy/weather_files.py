"""Writes weather files in the forms the readers know, all with the same invented weather."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

LATITUDE, LONGITUDE, ALTITUDE = 25.0, 102.7, 1950.0


WIND = ("Wind Speed", "Wind Direction")


def weather(year: int = 2023) -> pd.DataFrame:
    """An invented year by local standard time (UTC+7, to differ from Beijing's clock)."""
    index = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="1h", inclusive="left")
    hour = index.hour.to_numpy() + 0.5
    season = 1 - 0.3 * np.cos(2 * np.pi * index.day_of_year.to_numpy() / 365)
    # the sun is highest at 12:09 by UTC+7 on 102.7° E
    up = np.clip(np.cos((hour - 12.15) * np.pi / 12), 0, None)
    ghi = np.round(800 * season * up)
    return pd.DataFrame(
        {
            "ghi": ghi,
            "dni": np.round(0.7 * ghi),
            "dhi": np.round(0.35 * ghi),
            "temp_air": np.round(15 + 6 * np.sin((hour - 9) * np.pi / 12), 1),
            "wind_speed": np.round(2 + (np.arange(len(index)) % 7) / 2, 1),
        },
        index=index,
    )


def write_epw(path: Path, data: pd.DataFrame) -> Path:
    """EnergyPlus weather: eight lines of header, 35 columns, hours 1–24."""
    lines = [
        f"LOCATION,Invented,YN,CHN,TEST,000000,{LATITUDE},{LONGITUDE},7.0,{ALTITUDE}",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,invented",
        "COMMENTS 2,",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]
    for stamp, row in data.iterrows():
        year = 1995 + stamp.month  # months of several years, as typical years have them
        head = [year, stamp.month, stamp.day, stamp.hour + 1, 60, "?9?9"]
        body = [row.temp_air, 8.0, 60, 81000, 0, 0, 300, row.ghi, row.dni, row.dhi, 0, 0, 0, 0]
        tail = [
            row.get("wind_direction", 180),
            row.wind_speed,
            5,
            5,
            20,
            77777,
            9,
            999999999,
            10,
            0.1,
            0,
            88,
            0.2,
            0,
            0,
        ]
        lines.append(",".join(map(str, [*head, *body, *tail])))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_tmy3(path: Path, data: pd.DataFrame) -> Path:
    """TMY3: hours 01:00–24:00 at the end of each hour; the columns pvlib maps."""
    names = ["Date (MM/DD/YYYY)", "Time (HH:MM)", "GHI (W/m^2)", "DNI (W/m^2)", "DHI (W/m^2)"]
    names += ["Dry-bulb (C)", "Wspd (m/s)", "Pressure (mbar)", "Wdir (degrees)"]
    lines = [f'000000,"INVENTED",YN,7.0,{LATITUDE},{LONGITUDE},{ALTITUDE}', ",".join(names)]
    for stamp, row in data.iterrows():
        head = [f"{stamp.month:02d}/{stamp.day:02d}/1999", f"{stamp.hour + 1:02d}:00"]
        body = [row.ghi, row.dni, row.dhi, row.temp_air, row.wind_speed, 810]
        body.append(row.get("wind_direction", 180))
        lines.append(",".join(map(str, [*head, *body])))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def to_utc(data: pd.DataFrame) -> pd.DataFrame:
    """The same hours by UTC, the seven before New Year put at the year's end."""
    turned = np.roll(data.to_numpy(), -7, axis=0)
    return pd.DataFrame(turned, index=data.index, columns=data.columns)


def write_pvgis_hourly(path: Path, data: pd.DataFrame, slope: str = "0 deg.") -> Path:
    """PVGIS hourly radiation with its components, by UTC at ten past the hour."""
    lines = [
        f"Latitude (decimal degrees):\t{LATITUDE}",
        f"Longitude (decimal degrees):\t{LONGITUDE}",
        f"Elevation (m):\t{ALTITUDE}",
        "Radiation database:\tPVGIS-ERA5",
        "",
        f"Slope: {slope}",
        "Azimuth: 0 deg.",
        "time,Gb(i),Gd(i),Gr(i),H_sun,T2m,WS10m,Int",
    ]
    for stamp, row in to_utc(data).iterrows():
        beam = max(row.ghi - row.dhi, 0.0)
        values = [beam, row.dhi, 0.0, 30.0, row.temp_air, row.wind_speed, 0.0]
        lines.append(",".join([f"{stamp:%Y%m%d}:{stamp.hour:02d}10", *map(str, values)]))
    lines += ["", "Gb(i): Beam irradiance", "PVGIS (c) European Union"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_pvgis_tmy(path: Path, data: pd.DataFrame) -> Path:
    """PVGIS typical year, by UTC, months of several years."""
    lines = [
        f"Latitude (decimal degrees): {LATITUDE}",
        f"Longitude (decimal degrees): {LONGITUDE}",
        f"Elevation (m): {ALTITUDE}",
        "month,year",
        *(f"{month},{2005 + month}" for month in range(1, 13)),
        "time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP",
    ]
    for stamp, row in to_utc(data).iterrows():
        time = f"{2005 + stamp.month}{stamp:%m%d}:{stamp.hour:02d}00"
        values = [row.temp_air, 60, row.ghi, row.dni, row.dhi, 300, row.wind_speed]
        values += [row.get("wind_direction", 180), 81000]
        lines.append(",".join([time, *map(str, values)]))
    lines += ["", "T2m: 2-m air temperature"]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    return path


def write_nsrdb(path: Path, data: pd.DataFrame) -> Path:
    """NSRDB PSM: two lines of site, times in the middle of each hour."""
    meta = {
        "Source": "NSRDB",
        "Location ID": "1",
        "City": "-",
        "State": "-",
        "Country": "-",
        "Latitude": LATITUDE,
        "Longitude": LONGITUDE,
        "Time Zone": 7,
        "Elevation": int(ALTITUDE),
        "Local Time Zone": 7,
    }
    names = ["Year", "Month", "Day", "Hour", "Minute", "GHI", "DNI", "DHI", "Temperature"]
    lines = [",".join(meta), ",".join(map(str, meta.values())), ",".join([*names, *WIND])]
    for stamp, row in data.iterrows():
        head = [stamp.year, stamp.month, stamp.day, stamp.hour, 30]
        body = [row.ghi, row.dni, row.dhi, row.temp_air, row.wind_speed]
        body.append(row.get("wind_direction", 180))
        lines.append(",".join(map(str, [*head, *body])))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
