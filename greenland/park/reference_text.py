"""Text of ``docs/input.md``: what a park folder holds, from the column dictionary."""

from __future__ import annotations

from greenland.park.codes import land_codes
from greenland.park.dictionary import SHEETS, Column, ColumnType, choices, columns

# A page for readers, in Chinese as a whole; not messages.
_TYPES = {
    ColumnType.TEXT: "文字",
    ColumnType.CODE: "编码",
    ColumnType.CODES: "编码，多个用顿号分隔",
    ColumnType.CREDIT_CODE: "统一社会信用代码",
    ColumnType.INDUSTRY_CODE: "行业代码",
    ColumnType.LAND_CODE: "地类代码",
    ColumnType.CHOICE: "选项",
    ColumnType.BOOL: "是/否",
    ColumnType.DATE: "日期",
    ColumnType.YEAR: "年份",
    ColumnType.NUMBER: "数字",
    ColumnType.SHARE: "百分数",
}

_INTRODUCTION = """\
# 园区数据怎么填

（本页由字典生成：`python -m greenland.park.reference_page`，请不要手改。）

一个园区是一个文件夹：

| 文件 | 内容 |
|---|---|
| `park.yaml` | 园区是谁：名称、级别、类型、评价年度、规则包、自定数值、能源参数 |
| `mapping.yaml` | 可选，自己的台账与下面各表的对照，见[自己的台账](input-mapping.md) |
| `park.xlsx` | 下面各表，后三张可以不填；也可以每张表一个 CSV 文件，如 `宗地台账.csv` |
| 曲线文件 | `park.yaml` 的 `energy:` 一节写明的曲线，CSV、Parquet、Excel；工作簿里不放曲线 |
| 宗地界线 | 可选，GeoPackage、GeoJSON 或 Shapefile，字段“宗地编号”与台账一致 |

名称、级别、类型和评价年度也可以填在工作簿的“园区信息”表；四项都在工作簿里时不需要 `park.yaml`
（规则包为 `national`，工作簿取文件夹中唯一的 `.xlsx`）。两处都写而不一致是错误，指出两处。
`park.yaml` 还可以写 `code:` 园区代码（写在引号内），汇总[全省](province.md)和存入
[历史库](history.md)时据以识别同一园区。

空白工作簿的列分三级：**必填**（橙）；**关键**（黄），不填时用到它的章节缺少主要结论；**可选**（蓝）。
每列的“用于”见列名批注和“填写说明”。每张表第 2 行是灰色的示例行，第一格以“示例：”开头，不作为数据；
去掉了标记而数值仍与示例相同的行会警告。“土地利用状况”已列出全部地类代码，只有代码的行不读取。
打印为横向、一页宽，表头每页重复。

`greenland init 文件夹` 生成空白的 `park.yaml` 和 `park.xlsx`；
`greenland validate 文件夹` 一次列出全部问题。
`greenland validate` 先列出每张表读自哪个文件、哪张工作表、哪个区域，略去了哪几行。
工作表名可以带序号、年份（`表1 宗地台账`、`2025年宗地台账`）；几个年度各一张时读评价年度的一张，
分不清时都不读，报错。隐藏的工作表、“填写说明”和名称写明作废、样表、模板、备份的不读。表题写明的时期
不是全年（“1-9月”“截至6月”），或年份与各行的年度不同时警告；带删除线的行照读并警告。一张表也认不出的工作簿是错误，
并按列名提示每张工作表像哪一张表。
`park.yaml` 中写的文件须在园区文件夹内。

工作簿可由 Excel、WPS、LibreOffice 或报表系统生成（.xlsx、.xlsm，含“Strict Open XML”）。旧版 .xls、
.et、.ods、.xlsb、加密的工作簿、改了扩展名的网页和 CSV 不读，会说明实际是什么、怎样另存。
内容不合规范的单元格单独报错，不影响其余单元格；样式损坏只影响百分比和日期的识别，会警告。
每张表读取前 1000 列；解压后过大（超过 3 GB，或某一部件超过 20 MB 且压缩比超过 150）的工作簿不读。

## 怎样读取

**形式可以随意，内容不猜测。** 下列写法都能读：

- 表头上方的标题行、合并的标题，最多四行的分组表头（“约定”之下的“开工日期”即“约定开工日期”），
  表头下的单位行和“甲 乙 1 2=3+4 …”编号行，分页重复的标题和表头；
- 写在表外的单位：表头上方的“单位：公顷”“金额单位：千元”，标题末尾的“（万元）”，每行的“计量单位”列，
  分组表头中的单位，表名、页眉页脚、文本框中的单位；列名和单元格自己写明的单位优先；
- 数据区的合并单元格：文字、编码、选项、日期按每一行相同读取，并提示；
- 数字格式显示的单位和倍数：存 12345678、格式 `0!.0,` 显示 1234.6 的单元格，在“(万元)”列按显示的
  1234.5678 万元读取并警告；`0.00"万元"`、`0%`、编码的 `0000` 也按显示的内容读取；
- 1904 日期系统的工作簿；
- 列名中的全角括号、空格、换行、`*`，以及下表所列的其他常用列名；英文列名和列 id 也可以；
- 列名里的单位：`宗地面积(公顷)`、`总建筑面积(万㎡)`、`营业收入(亿元)`，自动换算；
- 单元格里的单位：亩列中写 `120亩` 读作 120；公顷列中写 `120亩` 换算并提示；
- 全角数字、千分位、`2023年5月`、`2023.5`、`2023/5/1`、`20230501`、Excel 日期序号；
- UTF-8（有无 BOM）、GBK、UTF-16 的 CSV，逗号、分号或制表符分隔；
- CSV 首行的 `sep=;`，防止丢 0 的 `="0610"`；
- 括号中的数 `(12)`、`（12）` 按会计写法读作负数并警告；
- 看不见的字符（零宽空格等）去掉并提示；一格中带删除线的文字按已删去读取并警告；
- 空行；合计、小计、累计、平均、“其中：”等汇总行，“注：”“填表人：”“（盖章）”“一、…”等说明行和小标题
  略去并提示，合计还会与各行之和核对。必填项齐全的行总是数据。

下列情况不猜，会要求改正：

- 约数、区间、文字混在数字里；`1.2万`、大写金额；
- 一格两个数、两个编码；①、²、* 等附注符号，设为上标的数字；
- “同上”“〃”一类的省略；写着“无……”“未发生”的一票否决事项（没有请留空）；
- 日期旁的说明（“2022-03-01（延期至2025-06-01）”）、一段时期（`2023.5-6`）；
- 合并单元格里的数值；横跨几列的合并单元格；
- 表外写了两个面积单位，或“(万元/亩)”列没有单位而表外写“单位：元”；列名与单位行的单位不同，
  一个列名写了两个单位；数据中间又写了另一个单位，列名的批注写了另一个单位；
- 外币格式、`;;;` 等不显示数值的格式；以 `0.00,` 显示而表头没有单位的数；
- “上年”“计划”“增速”“1-9月”等分组之下的列；列名之下又分成几列的；接续另一张表的“续表”；
  一张工作表里的第二张表；
- CSV 中单元格比表头多的行（多半是千分位逗号）；分号分隔时的 `1,234`（分不清千分位和小数点）；
- Excel 错误值（`#DIV/0!`）；没有计算结果的公式；
- 以数字格式填的 `2023.1`（分不清 1 月和 10 月）；只写年份的日期；
- 早于 1950 年的日期（多半是空单元格被设成了日期格式）；
- 以数字格式保存、末位已丢失的 18 位编码，写成 `9.15E+17` 的编码，变成日期的编码；
- 以数字保存的 3 位行业代码和 60 以上的 2 位代码（`610` 可能是丢了 0 的 0610）；
  门类字母与大类不符；
- 把电量（kWh）填进等价值的吨标煤列；单位不是同一类。

## 百分数的规则

| 单元格 | 表头 | 读作 |
|---|---|---|
| 带 % 的文字，如 `35%` | 任意 | 35% |
| Excel 百分比格式的数（显示 35%） | 任意 | 35% |
| 普通数 35 | `(%)` | 35% |
| 普通数 0.35 | `(%)` | 0.35%；整列都不超过 1 时警告 |
| 普通数 0.35 | `(小数)` | 35% |
| 普通数 35 | 没有单位 | 35% |
| 普通数 0.35 | 没有单位 | 不读，报错：请在表头注明单位 |

## park.yaml 的写法

每行写“名称: 值”，冒号用英文，后面空一格；用空格缩进，每层两个空格；
列表用英文方括号和逗号；文件存为 UTF-8。
中文冒号、缺空格、制表符、中文引号和逗号，都在所在行指出。方案文件、规则包和能源案例的写法相同。

`rules.overrides` 中的值须与规则同类：比例写小数（40% 写 0.4），数字不带单位，真假写 true 或 false，
列表、表格按规则包的写法；
按行业给出的控制值也可以只写一个数，即各行业同用。规则的编号、单位和现值用 `greenland rules` 查看。

规则包有 `national`（全国）、`yunnan`、`chuxiong`；`qinghai`、`xinjiang`、`jiangxi` 和
`inner_mongolia`（征求意见稿）只有绿电直连的几条。文件、日期和全部规则见
[rules/](rules/national.md)，`greenland rules --check` 列出没有数值、一年内到期和没有用到的。

## 问题的轻重

| 级别 | 含义 | 后果 |
|---|---|---|
| 错误 | 不可能是真的，或没法用 | 逐行的评价缺这一行的结论，汇总的不做，其余照做；命令返回 1 |
| 警告 | 可能是真的，多半是填错 | 照常评价，在结果旁提示 |
| 提示 | 说明怎样理解、略去了什么 | 无 |

主要检查（界限取自规则包 `land.data.*`，可在 `park.yaml` 中自定）：

| 检查 | 级别 |
|---|---|
| 必填项空白、取值不在列表中、数字或日期读不出、超出上下限、面积为 0 或为负 | 错误 |
| 编号重复；同一企业同一年度出现两次，或同名两个代码 | 错误 |
| 统一社会信用代码长度、字符、校验码（GB 32100-2015） | 错误 |
| 行业大类不在所填版本的 GB/T 4754 中 | 错误 |
| 宗地使用权人与企业效益表同名但代码不同 | 错误 |
| 宗地使用权人、出租方、相邻宗地查无对应 | 警告 |
| 建筑系数超过 100%，占地大于宗地，部分大于整体 | 错误 |
| 竣工早于开工、达产复核早于竣工等不可能的日期顺序 | 错误 |
| 供应早于批准、开工早于供应（未批先用也可能属实） | 警告 |
| 日期晚于评价基准日两年以上 | 错误；两年以内为提示，按尚未发生处理 |
| A+B+C≠D+E+F，F≠C，分项之和不等于上级 | 评价年度和上一年为错误，更早为警告 |
| 堆场等占地小于其中的建筑基底；建筑占地大于所在土地 | 错误 |
| 建筑面积在两张表中相差上千倍（㎡ 与万㎡ 混用） | 错误 |
| 税收明显偏低、容积率或投资强度异常、与上一年相差上千倍 | 警告 |
| 营业收入等于下一行产值、与上一行各项数据完全相同（抄错行） | 警告 |
| 园区合计小于各企业之和；企业用地与宗地合计不符 | 警告 |
| 金额、面积、能耗、人数等大到只有全国才有的数量级（`land.data.most_*`） | 警告 |
| 没有评价年度的数据 | 错误；供地历史缺年为警告 |
| 曲线缺时段、重复时刻、时间读不出、间隔不一、单位与列名不符 | 错误；长度不足全年为警告 |

同一列的同类问题显示为一条，列出全部行号，按行计数；一张表中同类问题超过 200 项、不认识的工作表超过
50 张时，其余只计数。
"""


def reference() -> str:
    """Markdown of the page: how input is read, and every sheet, column, choice and land code."""
    parts = [_INTRODUCTION]
    for sheet in SHEETS.values():
        parts.append(_sheet(sheet.id))
    parts.append(_choices())
    parts.append(_land_codes())
    return "\n".join(parts)


def _sheet(sheet: str) -> str:
    item = SHEETS[sheet]
    key = "、".join(c.header_zh for c in columns(sheet) if c.id in item.key)
    lines = [
        f"## {item.title_zh}",
        "",
        f"`{sheet}` · {item.title_en} · 每行由“{key}”区分。",
        "",
        "| 列 | id | 单位 | 类型 | 填写 | 含义 | 来源 | 其他列名 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_column(column) for column in columns(sheet)]
    return "\n".join([*lines, ""])


def _column(item: Column) -> str:
    kind = _TYPES[item.type]
    if item.type is ColumnType.CHOICE:
        kind = f"选项 [{item.choices}](#选项)"
    cells = (
        item.header_zh,
        f"`{item.id}`",
        item.unit,
        kind,
        "必填" if item.required else "关键" if item.key else "",
        item.meaning_zh,
        item.source,
        "、".join(name.removeprefix("~") for name in item.synonyms),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _choices() -> str:
    lists = dict.fromkeys(
        item.choices for sheet in SHEETS for item in columns(sheet) if item.choices
    )
    lines = ["## 选项", "", "| 列表 | 取值 | 代码 | 英文 | 也可写作 |", "|---|---|---|---|---|"]
    for name in lists:
        for choice in choices(name):
            others = "、".join(choice.synonyms)
            lines.append(f"| `{name}` | {choice.zh} | `{choice.code}` | {choice.en} | {others} |")
    return "\n".join([*lines, ""])


def _land_codes() -> str:
    lines = ["## 地类代码", "", "A+B+C = D+E+F，F = C，分项之和等于上级。", ""]
    lines += ["| 代码 | 上级 | 名称 | 英文 |", "|---|---|---|---|"]
    lines += [f"| {c.code} | {c.parent} | {c.zh} | {c.en} |" for c in land_codes().values()]
    return "\n".join([*lines, ""])
