"""Figures of the weather of a case."""

from __future__ import annotations

import altair as alt

from greenland.i18n import _
from greenland.record.energy.facts import WeatherMonth, WeatherRecord
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import axis, colours, data
from greenland.report.charts import rose
from greenland.report.charts.facts import month_title
from greenland.report.filing.figure import FilingData, FilingFigure, chart_of, month_axis
from greenland.report.filing.figures_load import hour_bars


def _weather(found: FilingData) -> WeatherRecord | None:
    resource = found.energy.resource
    return None if resource is None else resource.weather


def _source(weather: WeatherRecord) -> str:
    years = fmt.listed([str(year) for year in weather.years]) if weather.years else ""
    return str(_("气象文件 {file} {years}", file=weather.file or "", years=years)).strip()


def _months(weather: WeatherRecord | None, field: str) -> list[WeatherMonth]:
    rows = [] if weather is None else weather.monthly
    return [row for row in rows if getattr(row, field) is not None]


def temperature(found: FilingData) -> FilingFigure | None:
    """Mean temperature of every month."""
    weather = _weather(found)
    months = _months(weather, "temperature")
    if weather is None or not months:
        return None
    rows = [{"month": month_title(row.month), "value": row.temperature} for row in months]
    chart = (
        alt.Chart(data(rows))
        .mark_line(point=True, color=palette.CLASSES["D"])
        .encode(x=month_axis(), y=alt.Y("value:Q", axis=axis(_("气温（℃）"))))
    )
    finding = _(
        "年平均气温 {mean} ℃，最低 {low} ℃，最高 {high} ℃",
        mean=fmt.number(weather.temperature, 1),
        low=fmt.number(weather.temperature_min, 1),
        high=fmt.number(weather.temperature_max, 1),
    )
    shown = chart_of("temperature-monthly", finding, "℃", chart, source=_source(weather))
    table = [tuple(row.values()) for row in rows]
    return FilingFigure("temperature-monthly", (_("月份"), _("平均气温（℃）")), table, shown)


def radiation(found: FilingData) -> FilingFigure | None:
    """Radiation on the horizontal of every month: direct and diffuse where both are known."""
    weather = _weather(found)
    months = _months(weather, "ghi_kwh_m2")
    if weather is None or not months:
        return None
    split = all(row.diffuse_kwh_m2 is not None for row in months)
    parts = {
        "direct_kwh_m2": (str(_("直接")), palette.ENERGY["pv"]),
        "diffuse_kwh_m2": (str(_("散射")), palette.CLASSES["B"]),
    }
    if not split:
        parts = {"ghi_kwh_m2": (str(_("总辐射")), palette.ENERGY["pv"])}
    rows = [
        {"month": month_title(row.month), "what": title, "value": getattr(row, key)}
        for key, (title, _hue) in parts.items()
        for row in months
    ]
    chart = (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            x=month_axis(),
            y=alt.Y("value:Q", axis=axis(_("辐射量（kWh/m²）"))),
            color=colours(
                "what",
                dict(parts.values()),
                {title: title for title, _hue in parts.values()},
            ),
        )
    )
    finding = _("年水平面总辐射 {ghi} kWh/m²", ghi=fmt.number(weather.ghi_kwh_m2, 0))
    shown = chart_of("radiation-monthly", finding, "kWh/m²", chart, source=_source(weather))
    headings = (_("月份"), _("总辐射（kWh/m²）"), _("直接（kWh/m²）"), _("散射（kWh/m²）"))
    table = [
        (month_title(row.month), row.ghi_kwh_m2, row.direct_kwh_m2, row.diffuse_kwh_m2)
        for row in months
    ]
    return FilingFigure("radiation-monthly", headings, table, shown)


def wind(found: FilingData) -> FilingFigure | None:
    """Hours of the year by wind speed."""
    weather = _weather(found)
    if weather is None or not weather.wind_bins:
        return None
    rows = [(f"{one.from_m_s:.0f}–{one.to_m_s:.0f}", one.hours) for one in weather.wind_bins]
    chart = hour_bars(rows, str(_("风速（m/s）")))
    finding = _(
        "{height} m 高平均风速 {mean} m/s",
        height=fmt.number(weather.wind_height, 0),
        mean=fmt.number(weather.wind_speed, 2),
    )
    shown = chart_of("wind-histogram", finding, "h", chart, source=_source(weather))
    return FilingFigure("wind-histogram", (_("风速（m/s）"), _("小时数（h）")), rows, shown)


def wind_rose(found: FilingData) -> FilingFigure | None:
    """How often the wind comes from where; None without directions."""
    weather = _weather(found)
    if weather is None or not weather.wind_rose:
        return None
    chart = rose.drawing(weather.wind_rose)
    shown = chart_of(
        "wind-rose", rose.finding(weather), "%", chart, height=rose.HEIGHT, source=_source(weather)
    )
    headings = (_("风向"), _("频率（%）"), _("平均风速（m/s）"), _("占风能（%）"))
    rows = [
        (
            row.sector,
            100 * row.share,
            row.mean_m_s,
            None if row.energy_share is None else 100 * row.energy_share,
        )
        for row in weather.wind_rose
    ]
    rows.append((str(_("静风")), 100 * (weather.wind_calm or 0.0), None, None))
    return FilingFigure("wind-rose", headings, rows, shown)
