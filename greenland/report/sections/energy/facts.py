"""Chapters on load, resource, and where the possible output goes: in short, and as an annex."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.facts import LoadRecord, LossRecord, WeatherRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figures, Prose, Section
from greenland.report.charts import facts as charts
from greenland.report.charts import rose
from greenland.report.labels import name
from greenland.report.naming import Naming
from greenland.report.sections.common import PAGE_AND_MORE, figure, some
from greenland.report.tables import Table, make_table


def section(energy: EnergyRecord) -> Section | None:
    """Key figures of the load, and the losses; None of records that do not hold them."""
    load, lost = energy.load, energy.losses
    if load is None:
        return None
    blocks: list[Block | None] = [_load(load)]
    if lost is not None:
        blocks.append(charts.losses(lost))
    return Section("energy-facts", _("绿电直连：负荷与可用发电的去向"), _lead(load), some(blocks))


def details(energy: EnergyRecord) -> Section | None:
    """Load, resource and losses in full, to look things up in."""
    load, resource, lost = energy.load, energy.resource, energy.losses
    if load is None:
        return None
    naming = Naming(energy)
    blocks: list[Block | None] = [charts.load_bands(load), load_months(load), load_users(load)]
    if resource is not None:
        blocks += [
            charts.resource_months(resource, naming),
            resource_table(energy, naming),
            *_weather(resource.weather),
        ]
    if lost is not None:
        blocks += [losses_table(lost), losses_months(lost)]
    title = _("绿电直连：负荷、资源与去向明细")
    return Section("energy-facts-details", title, "", some(blocks), annex=True)


def _lead(load: LoadRecord) -> str:
    return _(
        "最大负荷 {peak} MW，平均 {mean} MW，负荷率 {factor}，最大日峰谷差 {span} MW（{day}）。",
        peak=fmt.number(load.peak_mw, 2),
        mean=fmt.number(load.mean_mw, 2),
        factor=fmt.share(load.load_factor),
        span=fmt.number(load.peak_valley_mw, 2),
        day=fmt.long_date(load.peak_valley_day),
    )


def _load(load: LoadRecord) -> Figures:
    keys = ("peak_mw", "mean_mw", "load_factor", "peak_valley_mw")
    figures = [figure(key, value) for key in keys if (value := getattr(load, key)) is not None]
    if load.full_load_hours is not None:
        figures.append(figure("load_hours", load.full_load_hours))
    return Figures(tuple(figures))


def load_months(load: LoadRecord) -> Table | None:
    """The load month by month."""
    rows = [row.cells() | {"month": charts.month_title(row.month)} for row in load.monthly]
    return make_table(
        "table-load-months",
        _("逐月负荷"),
        rows,
        "month energy_mwh peak_mw min_mw mean_mw load_factor",
        fold=0,
        forms=PAGE_AND_MORE,
        annex=True,
    )


def load_users(load: LoadRecord) -> Table | None:
    """The load user by user."""
    return make_table(
        "table-load-users",
        _("分用户负荷"),
        load.users,
        "user energy_mwh share peak_mw mean_mw load_factor at_peak_mw",
        forms=PAGE_AND_MORE,
    )


def resource_table(energy: EnergyRecord, naming: Naming) -> Table | None:
    """What each source could give per unit of its capacity."""
    resource = energy.resource
    sources = () if resource is None else resource.sources
    rows = [{**one.cells(), "named_item": naming.owner(one.name)} for one in sources]
    many = any(one.by_year for one in sources)
    return make_table(
        "table-resource",
        _("电源的可利用小时数"),
        rows,
        "named_item full_load_hours capacity_factor p10 p50 p90",
        fold=0,
        forms=PAGE_AND_MORE,
        note=_("未计弃电。分位值在各整年之间线性内插，年数少时只反映曲线所含的年份。")
        if many
        else _("未计弃电。"),
    )


def _weather(weather: WeatherRecord | None) -> tuple[Block | None, ...]:
    if weather is None:
        return (Prose((_("案例没有给出气象文件（weather），不列气温、辐射和风速。"),), "note"),)
    items: list[tuple[str, str]] = [(_("气象文件"), weather.file or fmt.DASH)]
    if weather.years:
        items.append((_("年份"), fmt.listed([str(year) for year in weather.years])))
    for key in ("ghi_kwh_m2", "temperature", "wind_speed"):
        value = getattr(weather, key)
        if value is not None:
            shown = figure(key, value)
            items.append((shown.title, f"{shown.value} {shown.shown_unit}".strip()))
    if weather.wind_height is not None:
        items.append((_("风速的高度"), f"{fmt.number(weather.wind_height, 0)} m"))
    if weather.ghi_p50 is not None:
        spans = [fmt.number(v, 0) for v in (weather.ghi_p10, weather.ghi_p50, weather.ghi_p90)]
        words = _("{p10}、{p50}、{p90} kWh/m²", p10=spans[0], p50=spans[1], p90=spans[2])
        items.append((_("年总辐射 P10、P50、P90"), words))
    return (
        Facts(tuple(items)),
        rose.wind_rose(weather),
        wind_sectors(weather),
        weather_months(weather),
        weather_years(weather),
    )


def wind_sectors(weather: WeatherRecord) -> Table | None:
    """The wind by sixteen directions; None without directions."""
    calm = fmt.share(weather.wind_calm)
    known = fmt.share(weather.wind_direction_share)
    return make_table(
        "table-wind-rose",
        _("十六方位的风向"),
        [
            {"wind_from": row.sector, "wind_share": row.share, **row.cells()}
            for row in weather.wind_rose
        ],
        "wind_from wind_share mean_m_s energy_share",
        fold=0,
        forms=PAGE_AND_MORE,
        annex=True,
        note=_(
            "风的来向。静风（不高于 {speed:g} m/s）另占 {calm}；{known} 的时间有记录，缺测的不补。",
            speed=weather.wind_calm_m_s or 0.0,
            calm=calm,
            known=known,
        ),
    )


def weather_months(weather: WeatherRecord) -> Table | None:
    """The weather month by month."""
    rows = [row.cells() | {"month": charts.month_title(row.month)} for row in weather.monthly]
    return make_table(
        "table-weather-months",
        _("逐月气象"),
        rows,
        "month temperature ghi_kwh_m2 direct_kwh_m2 diffuse_kwh_m2 wind_speed",
        fold=0,
        forms=PAGE_AND_MORE,
        annex=True,
    )


def weather_years(weather: WeatherRecord) -> Table | None:
    """The weather year by year."""
    return make_table(
        "table-weather-years",
        _("逐年气象"),
        weather.by_year,
        "year ghi_kwh_m2 wind_speed temperature",
        fold=0,
        forms=PAGE_AND_MORE,
        annex=True,
    )


def losses_table(lost: LossRecord) -> Table | None:
    """Where the possible output of the year goes."""
    whole = lost.possible or 0.0
    rows: list[dict[str, Any]] = [
        {
            "named_item": name(key),
            "mwh": getattr(lost, key),
            "share": (getattr(lost, key) or 0.0) / whole if whole else None,
        }
        for key in ("possible", *charts.LOSSES)
    ]
    return make_table(
        "table-losses",
        _("可用发电量的去向"),
        rows,
        "named_item mwh share",
        fold=0,
        forms=PAGE_AND_MORE,
        note=_(
            "后四项之和为可用发电量。曲线按并网点计，模型不另计线路损耗；"
            "下网电量经储能的损耗不在其中。"
        ),
    )


def losses_months(lost: LossRecord) -> Table | None:
    """Where the possible output of each month goes."""
    rows = [row.cells() | {"month": charts.month_title(row.month)} for row in lost.monthly]
    return make_table(
        "table-losses-months",
        _("可用发电量的去向：逐月"),
        rows,
        "month possible curtailment export storage_loss self_use",
        fold=0,
        forms=PAGE_AND_MORE,
        annex=True,
        note=_("储能一列含月初月末储电量之差。"),
    )
