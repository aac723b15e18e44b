"""What the blank workbook says of itself: how to fill it in, and each column in words."""

from __future__ import annotations

from greenland.evaluations import EVALUATIONS
from greenland.i18n import _
from greenland.park.dictionary import Column, ColumnType, choices
from greenland.park.normal import listing


def guide_lines() -> list[str]:
    """What a person filling in the workbook has to know."""
    return [
        _(
            "1. 橙色表头为必填列；黄色为关键列，不填时用到它的章节缺少主要结论；蓝色为可选列。"
            "没有数据请留空，数值确为零才填 0。"
        ),
        _("2. 鼠标停在表头上可看到含义、单位和来源；带下拉箭头的单元格请从列表中选择。"),
        _("3. 单元格内只填数字，单位写在表头括号里；改用其他单位时请改表头，如“宗地面积(公顷)”。"),
        _("4. 比例列表头写“(%)”，填 35 表示 35%；也可把单元格设为百分比格式。"),
        _("5. 日期写成 2023-05-01；编码列已设为文本格式，请勿改为数字。"),
        _("6. 企业效益表每个企业每年一行；土地利用状况表每个年度、每个地类代码一行。"),
        _("7. 灰色斜体、以“示例：”开头的行不读取，可以留着；地类代码见“地类代码”表。"),
        _("8. 自己的台账列名不同时，不必改表：运行 greenland map，核对 mapping.yaml 即可。"),
        _("9. 填好后运行 greenland validate，全部问题会一次列出。"),
    ]


def level_of(item: Column) -> str:
    """How needed a column is: required, key or optional."""
    if item.required:
        return _("必填")
    return _("关键") if item.key else _("可选")


def used_for(item: Column) -> str:
    """Chapters of the report a column feeds."""
    return listing(_(EVALUATIONS[key].short) for key in item.touches)


def header_note(item: Column) -> str:
    """Note of a header: meaning, unit, bounds, choices and source."""
    parts = [item.meaning or item.header]
    if item.unit:
        parts.append(_("单位：{unit}", unit=item.shown_unit))
    if item.choices and item.type is not ColumnType.BOOL:
        parts.append(_("取值：{names}", names=listing(c.name for c in choices(item.choices))))
    parts.append(level_of(item))
    if item.touches:
        parts.append(_("用于：{chapters}", chapters=used_for(item)))
    if item.source:
        parts.append(_("来源：{source}", source=item.source))
    return "\n".join(parts)
