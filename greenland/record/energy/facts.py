"""Facts of the load, of wind and sun, of where the possible output goes, of the investment."""

from __future__ import annotations

from greenland.record.base import RecordModel, Said, always, cell, rows


class LoadBand(RecordModel):
    """Hours in which the load lies between two shares of its largest."""

    from_share: float = always("负荷率下限", "share")
    to_share: float = always("负荷率上限", "share")
    hours: float = always("一年中的小时数", "h")


class LoadMonth(RecordModel):
    """The load of a calendar month."""

    month: int = always("月份")
    energy_mwh: float | None = cell("用电量", "MWh")
    peak_mw: float | None = cell("最大负荷", "MW")
    min_mw: float | None = cell("最小负荷", "MW")
    mean_mw: float | None = cell("平均负荷", "MW")
    load_factor: float | None = cell("负荷率：平均负荷比最大负荷", "share")


class LoadUser(RecordModel):
    """The load of one user."""

    user: str = always("用户")
    energy_mwh: float | None = cell("年用电量", "MWh")
    share: float | None = cell("占总用电量的比例", "share")
    peak_mw: float | None = cell("最大负荷", "MW")
    mean_mw: float | None = cell("平均负荷", "MW")
    load_factor: float | None = cell("负荷率", "share")
    at_peak_mw: float | None = cell("总负荷最大时刻的负荷", "MW")


class LoadRecord(RecordModel):
    """The load in figures; shiftable loads and electrolysers come on top of it."""

    peak_mw: float | None = cell("最大负荷", "MW")
    peak_time: str | None = cell("最大负荷出现的时段")
    min_mw: float | None = cell("最小负荷", "MW")
    mean_mw: float | None = cell("平均负荷", "MW")
    energy_mwh: float | None = cell("年用电量", "MWh")
    load_factor: float | None = cell("负荷率：平均负荷比最大负荷", "share")
    full_load_hours: float | None = cell("最大负荷利用小时数", "h")
    peak_valley_mw: float | None = cell("最大日峰谷差", "MW")
    peak_valley_day: str | None = cell("峰谷差最大的日期")
    peak_valley_mean_mw: float | None = cell("平均日峰谷差", "MW")
    peak_valley_share: float | None = cell("最大日峰谷差占当日最大负荷的比例", "share")
    bands: tuple[LoadBand, ...] = rows("各负荷率区间的小时数，合计为全年")
    monthly: tuple[LoadMonth, ...] = rows("逐月")
    users: tuple[LoadUser, ...] = rows("分用户；案例给出用户曲线时才有")


class MonthValue(RecordModel):
    """A value of a calendar month."""

    month: int = always("月份")
    value: float | None = cell("数值")


class YearValue(RecordModel):
    """A value of a year."""

    year: int = always("年度")
    value: float | None = cell("数值")


class SourceResource(RecordModel):
    """What a source could give per unit of its capacity."""

    name: str = always("电源")
    technology: str | None = cell("技术：pv、wind 或其他")
    capacity_factor: float | None = cell("容量系数，未计弃电", "share")
    full_load_hours: float | None = cell("年可利用小时数，未计弃电", "h")
    most: float | None = cell("最大出力占装机的比例", "share")
    monthly: tuple[MonthValue, ...] = rows("逐月可利用小时数")
    by_year: tuple[YearValue, ...] = rows("逐年可利用小时数；曲线有几个整年时才有")
    p10: float | None = cell("一成年份超过的可利用小时数", "h")
    p50: float | None = cell("半数年份超过的可利用小时数", "h")
    p90: float | None = cell("九成年份超过的可利用小时数", "h")


class WeatherYear(RecordModel):
    """The weather of one year."""

    year: int = always("年度")
    ghi_kwh_m2: float | None = cell("水平面总辐射", "kWh/m²")
    wind_speed: float | None = cell("平均风速", "m/s")
    temperature: float | None = cell("平均气温", "℃")


class WeatherMonth(RecordModel):
    """The weather of a calendar month, mean of the years."""

    month: int = always("月份")
    temperature: float | None = cell("平均气温", "℃")
    ghi_kwh_m2: float | None = cell("水平面总辐射", "kWh/m²")
    direct_kwh_m2: float | None = cell("水平面直接辐射", "kWh/m²")
    diffuse_kwh_m2: float | None = cell("散射辐射", "kWh/m²")
    wind_speed: float | None = cell("平均风速", "m/s")


class WindBin(RecordModel):
    """Hours in which the wind blows at some speed."""

    from_m_s: float = always("风速下限", "m/s")
    to_m_s: float = always("风速上限", "m/s")
    hours: float = always("一年中的小时数", "h")


class WindSector(RecordModel):
    """The wind from one of sixteen directions."""

    sector: str = always("方位：N、NNE 等，风的来向")
    share: float = always("频率：占有风向记录的时间（含静风）的比例", "share")
    mean_m_s: float | None = cell("平均风速", "m/s")
    energy_share: float | None = cell("占风能的比例，按风速立方计", "share")


class WeatherRecord(RecordModel):
    """The weather file of the case in figures."""

    file: str | None = cell("气象文件")
    form: str | None = cell("文件的种类")
    typical: bool = always("是否典型气象年")
    years: tuple[int, ...] = rows("文件所含的整年；典型气象年的没有")
    ghi_kwh_m2: float | None = cell("年水平面总辐射，各年平均", "kWh/m²")
    ghi_p10: float | None = cell("一成年份超过的年总辐射", "kWh/m²")
    ghi_p50: float | None = cell("半数年份超过的年总辐射", "kWh/m²")
    ghi_p90: float | None = cell("九成年份超过的年总辐射", "kWh/m²")
    temperature: float | None = cell("平均气温", "℃")
    temperature_min: float | None = cell("最低气温", "℃")
    temperature_max: float | None = cell("最高气温", "℃")
    wind_speed: float | None = cell("平均风速", "m/s")
    wind_height: float | None = cell("风速的高度", "m")
    by_year: tuple[WeatherYear, ...] = rows("逐年；文件有几个整年时才有")
    monthly: tuple[WeatherMonth, ...] = rows("逐月，各年平均")
    wind_bins: tuple[WindBin, ...] = rows("各风速的小时数，合计为全年")
    wind_rose: tuple[WindSector, ...] = rows("十六方位的风向；文件有风向时才有")
    wind_calm_m_s: float | None = cell("静风的风速上限", "m/s")
    wind_calm: float | None = cell("静风的频率", "share")
    wind_direction_share: float | None = cell("风速和风向都有记录的时间的比例", "share")


class ResourceRecord(RecordModel):
    """Wind and sun in figures."""

    sources: tuple[SourceResource, ...] = rows("各电源")
    weather: WeatherRecord | None = cell("气象；案例给出 weather 时才有")


class LossMonth(RecordModel):
    """Where the possible output of a calendar month goes."""

    month: int = always("月份")
    possible: float | None = cell("可用发电量", "MWh")
    curtailment: float | None = cell("弃电", "MWh")
    export: float | None = cell("上网", "MWh")
    storage_loss: float | None = cell("储能损耗和月末储电量变化", "MWh")
    self_use: float | None = cell("供用电", "MWh")


class LossRecord(RecordModel):
    """Where the possible output of a year goes; the parts add up to it."""

    possible: float | None = cell("可用发电量", "MWh")
    curtailment: float | None = cell("弃电", "MWh")
    export: float | None = cell("上网", "MWh")
    storage_loss: float | None = cell("绿电经储能的损耗", "MWh")
    self_use: float | None = cell("供用电", "MWh")
    monthly: tuple[LossMonth, ...] = rows("逐月")


class InvestmentItem(RecordModel):
    """An item of the initial investment."""

    kind: str = always(
        "source 电源、storage_power 储能功率部分、storage_energy 储能电量部分、"
        "electrolyser 电解槽、grid 接网、fixed_asset 其他资产"
    )
    owner: str | None = cell("部件的名称；接网的没有")
    size: float | None = cell("新增规模，单位见 unit")
    unit: str | None = cell("单位：MW、MWh")
    unit_price: float | None = cell("单价：元/kW，储能电量部分为元/kWh")
    yuan: float | None = cell("金额", "元")


class ComparedSize(RecordModel):
    """A plan with the sources at a multiple of the recommended ones, all else sized anew."""

    factor: float = always("电源规模与推荐规模之比")
    recommended: bool = always("是否推荐规模")
    status: str = always("求解状态")
    keeps_limits: bool | None = cell("是否满足案例的全部限制")
    within_bounds: bool = always("是否在案例给定的装机上下限之内")
    failures: tuple[Said, ...] = rows("不满足的限制")
    source_mw: float | None = cell("电源装机", "MW")
    storage_mwh: float | None = cell("储能容量", "MWh")
    self_use_of_consumption: float | None = cell("自发自用占总用电量比例", "share")
    self_use_of_generation: float | None = cell("自发自用占可用发电量比例", "share")
    curtailment_share: float | None = cell("弃电率", "share")
    export_share: float | None = cell("上网比例", "share")
    annual_cost: float | None = cell("年供电总成本", "元/年")
    price: float | None = cell("单位供电成本", "元/kWh")
    gap: float | None = cell("间隙", "share")
