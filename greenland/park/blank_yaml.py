"""The commented ``park.yaml`` a new park begins with.

Lines that begin with ``# `` and a name and a colon become settings when the ``# `` is taken away.
"""

from __future__ import annotations

from greenland.i18n import language

# The text is a file for people to fill in, kept whole in each language; it is not a message.
_ZH = """\
# 园区基本情况。“#”后面是说明，不影响读取；冒号后要留一个空格。
# 需要用到下面某一行时，删去行首的“# ”（井号和一个空格），其余空格不要动。
# 名称、级别、类型、年度可以填在工作簿的“园区信息”表，也可以写在这里；两处都写时须一致。
# name: ""              # 园区名称
# level: 省级           # 国家级、省级、州级、县级
# type: 产业园区        # 经济技术开发区、高新技术产业开发区、边境经济合作区、
                        # 海关特殊监管区域、产业园区、其他
# year:                 # 评价年度，如 2025
# code: "YQ001"       # 园区代码（如开发区审核公告目录的代码），汇总全省时据以识别同一园区
# as_of: 2025-12-31   # 判定闲置、到期等状态的日期；不写则为评价年度 12 月 31 日
# workbook: park.xlsx # 工作簿文件名；也可以不用工作簿，每张表一个 CSV 文件，如 宗地台账.csv
# geometry: parcels.geojson   # 宗地界线文件，字段“宗地编号”与台账一致
# layer: 宗地                 # 上述文件有多个图层时，写明读取哪一层
# crs: EPSG:4543              # 上述文件没有写或写错坐标系时，写明坐标系

rules:
  packs: [national, yunnan]   # 规则包，从全国到地方，后面的优先；可用 greenland rules 查看
#   overrides:                # 园区自定数值，须写明依据，在报告中标注
#     land.per_mu.output_floor.provincial:
#       value: 450
#       source: 某园区管委会〔2025〕8号

# 土地评价的参数；都可以不写，不写即按规则包。
# land:
#   per_mu:
#     scheme: yunnan-output-floor   # 亩均效益评价方案，或自己的方案文件（.yaml）
#   review:
#     last_full_year: 2025          # 上次全面评价的年份（五年一评价、一年一更新）
#     ideals:                       # 园区自己的理想值，比率写小数
#       industrial_floor_area_ratio: {value: 1.05, source: 园区规划}

# 绿电直连规模测算；没有这一部分就不测算。写法与算例文件相同，曲线放在本文件夹。
# energy:
#   load: load.csv                  # 第一列时间，第二列负荷（MW），全年逐时或 15 分钟
#   sources:
#     - {name: pv, technology: pv, profile: pv.csv, capex: 2700, opex: 30, lifetime: 25,
#        max_mw: 100}
#     - {name: wind, technology: wind, profile: wind.csv, capex: 3900, opex: 55, lifetime: 20,
#        max_mw: 100}
#   storages:
#     - {name: battery, power_capex: 300, energy_capex: 700, lifetime: 12,
#        charge_efficiency: 0.94, discharge_efficiency: 0.94, depth_of_discharge: 0.85}
#   grid:
#     capacity_mw: 60               # 接入容量
#     import_price: 0.45            # 下网电价，元/kWh
#     export_price: 0.20            # 上网电价，元/kWh
#   limits_from_rules: true         # 自发自用和上网比例取当年有效规则
#   study: {change: 0.2}            # 情景研究：各项价格降、升 20 %，逐一重新定容
#   discount_rate: 0.07             # 折现率；没有写的，取规则的缺省值并列入假定
"""

_EN = """\
# The park. What follows "#" is explanation and is not read. Leave a space after each colon.
# To use one of the lines below, take away the "# " it begins with and no other space.
# Name, level, type and year may stand in the sheet "Park information" of the workbook, or here;
# where both say something they must agree.
# name: ""              # name of the park
# level: provincial     # national, provincial, prefectural, county
# type: industrial_park # economic_development, high_tech, border, bonded, industrial_park, other
# year:                 # assessed year, such as 2025
# code: "YQ001"       # code of the park in its register; tells parks of one name apart
# as_of: 2025-12-31   # day on which states such as idle are judged; else 31 December of the year
# workbook: park.xlsx # workbook; or one CSV file per sheet instead, such as parcels.csv
# geometry: parcels.geojson   # parcel outlines with the parcel numbers of the ledger
# layer: parcels              # which layer of that file, when it has several
# crs: EPSG:4543              # its reference system, when it states none or a wrong one

rules:
  packs: [national, yunnan]   # rule packs, from national to local; later ones win
#   overrides:                # the park's own values, with their source; marked in the report
#     land.per_mu.output_floor.provincial:
#       value: 450
#       source: decision of the park's committee, 2025 no. 8

# Settings of the land evaluations. All may be left out.
# land:
#   per_mu:
#     scheme: yunnan-output-floor   # per-mu scheme, or a file of your own (.yaml)
#   review:
#     last_full_year: 2025          # year of the last full evaluation, made every five years
#     ideals:                       # the park's own ideals, shares as decimals
#       industrial_floor_area_ratio: {value: 1.05, source: plan of the park}

# Sizing of green power. Left out, none is made. Same content as a case file.
# energy:
#   load: load.csv                  # time, load [MW]; a whole year, hourly or quarter-hourly
#   sources:
#     - {name: pv, technology: pv, profile: pv.csv, capex: 2700, opex: 30, lifetime: 25,
#        max_mw: 100}
#     - {name: wind, technology: wind, profile: wind.csv, capex: 3900, opex: 55, lifetime: 20,
#        max_mw: 100}
#   storages:
#     - {name: battery, power_capex: 300, energy_capex: 700, lifetime: 12,
#        charge_efficiency: 0.94, discharge_efficiency: 0.94, depth_of_discharge: 0.85}
#   grid:
#     capacity_mw: 60               # capacity of the connection
#     import_price: 0.45            # yuan/kWh
#     export_price: 0.20            # yuan/kWh
#   limits_from_rules: true         # shares of own use and export from the rules of the year
#   study: {change: 0.2}            # sensitivity: each price 20 % lower and higher, sized anew
#   discount_rate: 0.07             # left out: the default of the rules, listed as such
"""


def blank_yaml() -> str:
    """Text of a blank ``park.yaml`` in the language in use."""
    return _ZH if language() == "zh" else _EN
