"""Checks of one column at a time: bounds, credit codes, industry codes."""

from __future__ import annotations

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.checks.base import CheckContext, rows_where, shown
from greenland.park.codes import credit_code_fault, industry_code_parts, industry_divisions
from greenland.park.dictionary import SHEETS, Column, ColumnType, columns

DEFAULT_EDITION = "2017"  # in force since 2017-10-01 (GB/T 4754-2017)


def check_bounds(context: CheckContext) -> None:
    """Every number lies between the dictionary's bounds."""
    for sheet in SHEETS:
        table = context.table(sheet)
        for item in () if table.empty else columns(sheet):
            if item.minimum is None and item.maximum is None:
                continue
            values = table[item.id]
            if item.minimum is not None:
                _bound(context, sheet, item, values < item.minimum)
            if item.maximum is not None:
                _bound(context, sheet, item, values > item.maximum)


def _bound(context: CheckContext, sheet: str, item: Column, mask: pd.Series[bool]) -> None:
    if not rows_where(mask):
        return
    lower, upper = shown(item, item.minimum), shown(item, item.maximum)
    if item.minimum is None:
        allowed: str = _("不大于 {upper}", upper=upper)
    elif item.maximum is None:
        allowed = _("不小于 {lower}", lower=lower)
    else:
        allowed = _("{lower} 至 {upper}", lower=lower, upper=upper)
    values = context.table(sheet)[item.id]

    def message(row: int) -> str:
        if item.minimum == 0 and values.loc[row] < 0:
            return _("不能为负数。")
        return _("超出允许范围。")

    def remedy(row: int) -> str:
        if item.type is ColumnType.SHARE and values.loc[row] > 1:
            return _("比例不超过 100%：请核对数值，以及表头单位是 % 还是小数。")
        return _("请核对数值和单位后改正；没有数据请留空。")

    context.flag(
        sheet, mask, item.id, Severity.ERROR, "out_of_bounds", message, remedy, allowed=allowed
    )


# Limits of the data checks by unit: beyond them a number is no park's and no firm's.
MOST = {
    "万元": "land.data.most_money",
    "万元/亩": "land.data.investment_intensity_max",
    "万元/亩·年": "land.data.investment_intensity_max",
    "公顷": "land.data.most_land_ha",
    "亩": "land.data.most_land_mu",
    "㎡": "land.data.most_floor_area",
    "吨标煤": "land.data.most_coal",
    "MWh": "land.data.most_electricity",
    "m³": "land.data.most_water",
    "吨": "land.data.most_emission",
    "人": "land.data.most_people",
    "MW": "land.data.most_power",
}


def check_magnitudes(context: CheckContext) -> None:
    """No number is of a size that only a country has."""
    for sheet in SHEETS:
        table = context.table(sheet)
        for item in () if table.empty else columns(sheet):
            if item.type is not ColumnType.NUMBER or item.unit not in MOST:
                continue
            most = context.limit(MOST[item.unit])
            beyond = table[item.id].abs() > most
            if not rows_where(beyond):
                continue
            context.flag(
                sheet,
                beyond,
                item.id,
                Severity.WARNING,
                "magnitude",
                _("数值大得不可能是一个园区或企业的数量，按所填数值计算。"),
                _("请核对数值，以及表头单位与所填数据是否一致（元与万元、㎡ 与亩等）。"),
                allowed=_("不大于 {upper}", upper=shown(item, most)),
            )


def check_credit_codes(context: CheckContext) -> None:
    """Every 统一社会信用代码 has 18 characters of the alphabet and the right check digit.

    References
    ----------
    GB 32100-2015.
    """
    said = {
        "length": (_("统一社会信用代码应为 18 位。"), _("请按营业执照核对并补全。")),
        "character": (
            _("统一社会信用代码含有不允许的字符（不用 I、O、S、V、Z）。"),
            _("请按营业执照核对，常见的是把 0 写成 O、1 写成 I。"),
        ),
        "check_digit": (
            _("统一社会信用代码的校验码不对，至少有一位写错。"),
            _("请按营业执照逐位核对。"),
        ),
    }
    for sheet in SHEETS:
        for item in columns(sheet):
            if item.type is not ColumnType.CREDIT_CODE:
                continue
            values = context.table(sheet)[item.id].dropna()
            unique = {code: credit_code_fault(code) for code in values.unique()}
            faults = values.map(unique)
            for kind, (message, remedy) in said.items():
                context.flag(
                    sheet,
                    faults == kind,
                    item.id,
                    Severity.ERROR,
                    f"credit_code_{kind}",
                    message,
                    remedy,
                )


def check_industries(context: CheckContext) -> None:
    """Every industry code belongs to a division of its edition of GB/T 4754."""
    for sheet in ("parcels", "firms", "pipeline"):
        table = context.table(sheet)
        codes = table["industry_code"].dropna()
        if codes.empty:
            continue
        editions = table["industry_edition"].reindex(codes.index).fillna(DEFAULT_EDITION)
        _divisions(context, sheet, codes, editions)
        _sections(context, sheet, codes, editions)


def _divisions(
    context: CheckContext, sheet: str, codes: pd.Series[str], editions: pd.Series[str]
) -> None:
    known = {edition: industry_divisions(edition) for edition in ("2002", "2011", "2017")}
    pairs = zip(codes.tolist(), editions.tolist(), strict=True)
    wrong = [code[:2] not in known[edition] for code, edition in pairs]
    context.flag(
        sheet,
        pd.Series(wrong, index=codes.index),
        "industry_code",
        Severity.ERROR,
        "industry_division",
        lambda row: _(
            "GB/T 4754-{edition} 没有大类“{division}”。",
            edition=editions.loc[row],
            division=codes.loc[row][:2],
        ),
        _("请按国民经济行业分类核对代码，并核对“行业分类版本”。"),
        allowed=_("2 至 4 位数字，前两位为大类，如 3218"),
    )


def _sections(
    context: CheckContext, sheet: str, codes: pd.Series[str], editions: pd.Series[str]
) -> None:
    """A section letter in front of the code must be that of its division."""
    raw = context.sheets[sheet].location.raw.get("industry_code")
    if raw is None:
        return
    right: dict[int, str] = {}
    for row, text in zip(context.table(sheet).index.tolist(), raw, strict=True):
        if not (isinstance(text, str) and text.strip()[:1].isalpha()) or row not in codes.index:
            continue
        parts = industry_code_parts(text.strip().upper())
        division = industry_divisions(editions.loc[row]).get(codes.loc[row][:2])
        if parts and parts[0] and division and parts[0] != division.section:
            right[row] = division.section
    context.flag(
        sheet,
        pd.Series(codes.index.isin(list(right)), index=codes.index),
        "industry_code",
        Severity.WARNING,
        "industry_section",
        lambda row: _("门类字母与大类不符，该大类属于门类 {section}。", section=right[row]),
        _("请核对代码；评价按数字代码进行。"),
    )
