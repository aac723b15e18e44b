"""The wind rose: how often the wind comes from where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.record.energy.facts import WeatherRecord, WindSector
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import GRID, LINE, Chart, data, finish, source_line, tip

HEIGHT = 340  # pixels
_FILLED = 0.86  # share of its sector that a petal fills
_RADIUS = 125  # pixels of the outermost ring
_BESIDE = 16  # pixels from there to the letters
_RINGS = 4


def drawing(rows: Sequence[WindSector]) -> Any:
    """Petals by frequency on rings of equal steps, north above, and the letters around them."""
    most = max(row.share for row in rows)
    step = _ring_step(most)
    outer = step * math.ceil(most / step - 1e-9)
    circle, each = 2 * math.pi, 2 * math.pi / len(rows)
    petals = [
        {
            "sector": row.sector,
            "share": row.share,
            "mean": row.mean_m_s,
            "start": place * each - _FILLED * each / 2,
            "end": place * each + _FILLED * each / 2,
            "radius": _RADIUS * row.share / outer,
            "said": fmt.share(row.share),
        }
        for place, row in enumerate(rows)
    ]
    rings = [
        {
            "radius": _RADIUS * step * n / outer,
            "start": 0.0,
            "end": circle,
            "said": f"{step * n:.0%}",
        }
        for n in range(1, round(outer / step) + 1)
    ]
    letters = [
        {"sector": row.sector, "angle": place * each, "radius": _RADIUS + _BESIDE}
        for place, row in enumerate(rows)
    ]
    radius = alt.Radius("radius:Q", scale=None)
    around = {"theta": alt.Theta("start:Q", scale=None), "theta2": alt.Theta2("end")}
    ring = alt.Chart(data(rings)).mark_arc(fill=None, stroke=GRID).encode(radius=radius, **around)
    marks = (
        alt.Chart(data([{**one, "angle": each / 2} for one in rings]))
        .mark_text(fontSize=10, color=LINE, dy=-6)
        .encode(theta=alt.Theta("angle:Q", scale=None), radius=radius, text=alt.Text("said:N"))
    )
    petal = (
        alt.Chart(data(petals))
        .mark_arc(color=palette.ENERGY["wind"])
        .encode(
            radius=radius,
            **around,
            tooltip=[
                tip("sector", _("风向")),
                tip("said", _("频率")),
                tip("mean", _("平均风速（m/s）"), ".1f"),
            ],
        )
    )
    names = (
        alt.Chart(data(letters))
        .mark_text(fontSize=11)
        .encode(theta=alt.Theta("angle:Q", scale=None), radius=radius, text=alt.Text("sector:N"))
    )
    return alt.layer(ring, petal, marks, names)


def _ring_step(most: float) -> float:
    """A round share of which a few rings hold the largest."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2):
        if most <= _RINGS * step:
            return step
    return 0.25


def finding(weather: WeatherRecord) -> str:
    """The commonest directions and calm, in words."""
    first, second = sorted(weather.wind_rose, key=lambda row: -row.share)[:2]
    return str(
        _(
            "{height} m 高以 {first} 风最多（{often}），其次 {second}（{less}），静风 {calm}",
            height=fmt.number(weather.wind_height, 0),
            first=first.sector,
            often=fmt.share(first.share),
            second=second.sector,
            less=fmt.share(second.share),
            calm=fmt.share(weather.wind_calm),
        )
    )


def wind_rose(weather: WeatherRecord) -> Chart | None:
    """The rose of the page; None without directions."""
    if not weather.wind_rose:
        return None
    title = finding(weather)
    source = source_line(_("气象文件 {file}", file=weather.file or fmt.DASH))
    return Chart(
        *("chart-wind-rose", title, _("频率"), source, title + _("。")),
        finish(drawing(weather.wind_rose), HEIGHT),
    )
