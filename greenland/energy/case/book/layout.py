"""Where things stand in the intake workbook, known to its writer and its reader."""

from __future__ import annotations

from dataclasses import dataclass

from greenland.energy.case.book.fields import CellKind
from greenland.i18n import N_

INTAKE = "收资清单.xlsx"
GUIDES = ("填写说明", "Guide")
KEY_TITLES = ("键", "Key")
HEADS = (
    *(N_("项目"), N_("单位"), N_("说明"), N_("允许范围")),
    *(N_("常见范围"), N_("缺省值"), N_("键")),
)
KEY_COLUMN = len(HEADS) - 1
FILLED_IN = N_("填写")
TRUTHS = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}
UNLIMITED = (".inf", "inf", "不限", "unlimited")
FREE = ("#", "备注", "Notes")  # sheets whose titles begin so are the user's own
PART = N_("第{number}个")
BLANK_PARTS = 3  # columns of a sheet of parts in a blank workbook
BLANK_ROWS = 30  # rows that look like rows to fill in

_TEXT = CellKind(text=True)
_CURVE = CellKind(text=True, nested=True)
_ANY = CellKind(truth=True, text=True, number=True, nested=True)


@dataclass(frozen=True, slots=True)
class RowColumn:
    """A column of a sheet whose rows are named items.

    Parameters
    ----------
    key : str
        Below the name of the item; empty for the name itself and for the item as a whole.
    title, note : str
        Header, and what to write below it.
    kind : CellKind
    """

    key: str
    title: str
    note: str
    kind: CellKind = _TEXT


TABLES: dict[str, tuple[RowColumn, ...]] = {
    "users": (
        RowColumn("", N_("用户"), N_("名称，不重复")),
        RowColumn("", N_("负荷曲线文件"), N_("写法同“负荷”一页"), CellKind(text=True, nested=True)),
    ),
    "assumptions": (
        RowColumn("", N_("事项"), N_("如部件名称")),
        RowColumn("", N_("来源"), N_("数值从哪里来，显示在报告中")),
    ),
    "compliance.answers": (
        RowColumn("", N_("条件"), N_("编号")),
        RowColumn("", N_("答复"), N_("是、否或 unknown"), CellKind(truth=True, text=True)),
    ),
    "rules.overrides": (
        RowColumn("", N_("规则编号"), N_("见 greenland rules")),
        RowColumn("value", N_("数值"), N_("单位与规则相同"), _ANY),
        RowColumn("source", N_("依据"), N_("必填：文件或决定")),
        RowColumn("clause", N_("条款"), ""),
        RowColumn("unit", N_("规则的单位"), N_("可不填，用于核对")),
        RowColumn("valid_from", N_("自"), N_("日期，可不填")),
        RowColumn("valid_to", N_("至"), N_("日期，可不填")),
    ),
    "scenarios": (
        RowColumn("", N_("情景"), N_("名称")),
        RowColumn("", N_("路径"), N_("如 grid.capacity_mw、sources.pv.max_mw")),
        RowColumn("", N_("数值"), "", _ANY),
    ),
}
"""Columns of the sheets of named items, by the path of the mapping."""
