"""Checks of the zone's own figures: land balance, indicators against land and ledgers, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.checks.base import CheckContext, both_touch
from greenland.park.codes import land_codes
from greenland.park.normal import listing
from greenland.units import M2_PER_HA

_REVIEW = ("land.review",)


def code_area(areas: Mapping[str, float], code: str) -> float | None:
    """Area of a land code [ha]: as given, else the sum of its parts; None when none is given."""
    if code in areas:
        return areas[code]
    parts = [
        area
        for item in land_codes().values()
        if item.parent == code and (area := code_area(areas, item.code)) is not None
    ]
    return sum(parts) if parts else None


def _groups(context: CheckContext) -> Iterable[tuple[int, str, dict[str, float], pd.DataFrame]]:
    """Land use by year and part: year, name of the part, areas by code [ha], rows."""
    table = context.table("land_use").dropna(subset=["year", "code", "area_ha"])
    parts = table["part"].astype("object").where(table["part"].notna(), "")
    labels = list(zip(table["year"].astype("int64").tolist(), parts.tolist(), strict=True))
    for year, part in dict.fromkeys(labels):
        rows = table[[label == (year, part) for label in labels]]
        codes, areas = rows["code"].tolist(), rows["area_ha"].tolist()
        yield year, str(part), dict(zip(codes, areas, strict=True)), rows


def check_land_balance(context: CheckContext) -> None:
    """A+B+C = D+E+F, F = C, parts add up to their code, idle land is supplied land.

    References
    ----------
    TD/T 1029《开发区土地集约利用评价规程》, 土地利用状况统计表.
    """
    tolerance = context.limit("land.review.identity_tolerance")
    if context.sheets["land_use"].location.unread:
        return  # an area is missing that was refused: the balance says nothing
    for year, part, areas, rows in _groups(context):
        _parts_add_up(context, year, areas, rows, tolerance)
        total = {code: code_area(areas, code) for code in "ABCDEFG"}
        if all(total[code] is not None for code in "ABDE"):
            left = sum(total[code] or 0.0 for code in "ABC")
            right = sum(total[code] or 0.0 for code in "DEF")
            if abs(left - right) > tolerance:
                _balance(context, year, part, rows, "A+B+C", left, "D+E+F", right)
        if total["C"] is not None and total["F"] is not None:
            unbuildable, unsuppliable = float(total["C"]), float(total["F"])
            if abs(unbuildable - unsuppliable) > tolerance:
                _balance(context, year, part, rows, "C", unbuildable, "F", unsuppliable)
        if total["G"] is not None and total["D"] is not None:
            idle, supplied = float(total["G"]), float(total["D"])
            if idle > supplied + tolerance:
                _land_problem(
                    context,
                    year,
                    rows,
                    "idle_exceeds_supplied",
                    _("{year} 年闲置土地 G 大于已供应土地 D。", year=year),
                    f"{idle:.4f} > {supplied:.4f} ha",
                )


def _parts_add_up(
    context: CheckContext, year: int, areas: dict[str, float], rows: pd.DataFrame, tolerance: float
) -> None:
    for code, area in areas.items():
        below = {name: value for name, value in areas.items() if name != code}
        parts = code_area(below, code)
        if parts is None or abs(parts - area) <= tolerance:
            continue
        _land_problem(
            context,
            year,
            rows[rows["code"] == code],
            "parts_differ",
            _("{year} 年 {code} 的分项之和不等于 {code}。", year=year, code=code),
            f"{area:.4f} ≠ {parts:.4f} ha",
        )


def _balance(
    context: CheckContext,
    year: int,
    part: str,
    rows: pd.DataFrame,
    left_name: str,
    left: float,
    right_name: str,
    right: float,
) -> None:
    _land_problem(
        context,
        year,
        rows,
        "land_balance",
        _(
            "{year} 年面积不平衡：{left_name} 与 {right_name} 相差 {difference} 公顷。",
            year=year,
            left_name=left_name,
            right_name=right_name,
            difference=f"{abs(left - right):.4f}",
        ),
        f"{left_name}={left:.4f}, {right_name}={right:.4f} ha",
    )


def _land_problem(
    context: CheckContext, year: int, rows: pd.DataFrame, code: str, message: str, got: str
) -> None:
    severity = Severity.ERROR if year >= context.year - 1 else Severity.WARNING
    context.sheet(
        "land_use",
        severity,
        code,
        message,
        _("请核对各地类面积，应有 A+B+C=D+E+F，F=C，分项之和等于上级。"),
        row=int(rows.index[0]),
        column=context.header("land_use", "area_ha"),
        got=got,
        touches=_REVIEW,
    )


# -- indicators ---------------------------------------------------------------------------------

# indicator of the zone, land code it lies on, whether it covers ground (and so cannot exceed it)
_ON_LAND = (
    ("building_base_m2", "A", True),
    ("industrial_base_m2", "A2", True),
    ("industrial_building_base_m2", "A2", True),
    ("floor_area_m2", "A", False),
    ("industrial_floor_area_m2", "A2", False),
)


def check_indicators_on_land(context: CheckContext) -> None:
    """Buildings fit on the land they stand on, and floor area is neither tiny nor huge."""
    indicators = context.table("indicators")
    land = _land_of(context, indicators)
    for column_id, code, ground in _ON_LAND:
        ratio = indicators[column_id] / (land[code] * M2_PER_HA)
        if ground:
            _over_ground(context, column_id, code, ratio)
        else:
            _floor_area(context, column_id, code, ratio)
    tax = indicators["industrial_tax_wan"] / land["A2"]
    least = context.limit("land.data.zone_tax_min")
    context.flag(
        "indicators",
        tax < least,
        "industrial_tax_wan",
        Severity.WARNING,
        "implausible_tax",
        _(
            "工业用地地均税收不足 {limit:g} 万元/公顷，税收可能填错（如以亿元填入万元列）。",
            limit=least,
        ),
        _("请按税务部门数据核对数值和单位。"),
        got=lambda row: _(
            "{tax} 万元，合 {value} 万元/公顷",
            tax=f"{indicators['industrial_tax_wan'].loc[row]:g}",
            value=f"{tax.loc[row]:.3g}",
        ),
    )
    _over_ground(context, "high_tech_land_ha", "A", indicators["high_tech_land_ha"] / land["A"])


def _land_of(context: CheckContext, indicators: pd.DataFrame) -> pd.DataFrame:
    """Area of A and A2 [ha] for each row of the indicators."""
    found: dict[tuple[int, str], dict[str, float]] = {}
    for year, part, areas, _rows in _groups(context):
        found[year, part] = areas
    rows = []
    for year, part in zip(indicators["year"], indicators["part"], strict=True):
        key = (0 if pd.isna(year) else int(year), "" if pd.isna(part) else str(part))
        areas = found.get(key, {})
        rows.append({code: code_area(areas, code) or float("nan") for code in ("A", "A2")})
    return pd.DataFrame(rows, index=indicators.index, columns=["A", "A2"], dtype="float64")


def _over_ground(context: CheckContext, column_id: str, code: str, ratio: pd.Series[float]) -> None:
    context.flag(
        "indicators",
        ratio > 1,
        column_id,
        Severity.ERROR,
        "exceeds_land",
        _("大于所在土地 {code} 的面积。", code=code),
        _("请核对单位（㎡ 与公顷、亩），以及是否填成其他开发区的数据。"),
        got=lambda row: f"{ratio.loc[row]:.0%}",
        allowed=_("不大于 {upper}", upper="100%"),
    )


def _floor_area(context: CheckContext, column_id: str, code: str, ratio: pd.Series[float]) -> None:
    least = context.limit("land.data.floor_area_ratio_min")
    most = context.limit("land.data.floor_area_ratio_max")
    context.flag(
        "indicators",
        (ratio < least) & (ratio > 0),
        column_id,
        Severity.ERROR,
        "floor_area_unit",
        _("折合容积率不足 {limit:g}，建筑面积很可能是以万㎡填入㎡列。", limit=least),
        _("请把表头单位改为“(万㎡)”，或换算成㎡。"),
        got=lambda row: f"{ratio.loc[row]:.2g}",
    )
    context.flag(
        "indicators",
        ratio > most,
        column_id,
        Severity.WARNING,
        "implausible",
        _("折合容积率大于 {limit:g}，建筑面积可能填错。", limit=most),
        _("请核对数值和单位。"),
        got=lambda row: f"{ratio.loc[row]:.3g}",
    )


def check_totals_of_ledgers(context: CheckContext) -> None:
    """The zone's totals against the sums of parcels and firms of the assessed year."""
    indicators, parcels = context.table("indicators"), context.table("parcels")
    firms = context.table("firms")
    of_year = indicators[(indicators["year"] == context.year).fillna(False).astype(bool)]
    if of_year.empty:
        return
    built = parcels["actual_completion_date"] <= pd.Timestamp(context.year, 12, 31)
    works = parcels["land_use"].isin(["industrial", "storage"]) & built
    firm_year = (firms["year"] == context.year).fillna(False).astype(bool)
    sums = (
        ("industrial_floor_area_m2", parcels.loc[works, "floor_area_m2"], "parcels"),
        ("industrial_tax_wan", firms.loc[firm_year, "tax_wan"], "firms"),
        ("industrial_revenue_wan", firms.loc[firm_year, "revenue_wan"], "firms"),
    )
    for column_id, values, source in sums:
        stated = of_year[column_id].sum(min_count=1)
        summed = values.sum(min_count=1)
        if pd.notna(stated) and pd.notna(summed) and stated > 0 and summed > 0:
            _against_sum(context, of_year, column_id, float(stated), float(summed), source)


def _against_sum(
    context: CheckContext,
    of_year: pd.DataFrame,
    column_id: str,
    stated: float,
    summed: float,
    source: str,
) -> None:
    limit = context.limit("land.data.unit_ratio")
    title = context.sheets[source].location.title
    ratio = summed / stated
    mixed = ratio >= limit or ratio <= 1 / limit
    if not mixed and ratio <= 1 + context.limit("land.data.sum_tolerance"):
        return
    message: str = _("小于“{title}”各行之和 {sum}。", title=title, sum=f"{summed:.10g}")
    remedy: str = _("园区总数应不小于各企业、各宗地之和，请核对口径和漏报。")
    if mixed:
        message = _(
            "与“{title}”各行之和 {sum} 相差 {ratio} 倍，可能单位混用。",
            title=title,
            sum=f"{summed:.10g}",
            ratio=f"{max(ratio, 1 / ratio):.3g}",
        )
        remedy = _("请核对两张表的单位（㎡ 与万㎡、元与万元），并在表头写明。")
    context.flag(
        "indicators",
        pd.Series(True, index=of_year.index),
        column_id,
        Severity.ERROR if mixed else Severity.WARNING,
        "unit_mismatch" if mixed else "below_sum",
        message,
        remedy,
        touches=both_touch("indicators", column_id),
    )


# -- years --------------------------------------------------------------------------------------


def check_zone_years(context: CheckContext) -> None:
    """The assessed year is in the tables of the review; the supply history has no gaps."""
    for sheet in ("land_use", "indicators"):
        years = set(context.table(sheet)["year"].dropna())
        if years and context.year not in years:
            context.sheet(
                sheet,
                Severity.ERROR,
                "no_such_year",
                _("没有评价年度 {year} 年的数据。", year=context.year),
                _("请补充该年度数据，或在 park.yaml 中改 year。"),
                column=context.header(sheet, "year"),
                got=listing(str(year) for year in sorted(years)),
                touches=_REVIEW,
            )
    history = {int(year) for year in context.table("supply_history")["year"].dropna()}
    span = int(context.limit("land.data.history_years"))
    wanted = range(context.year - span + 1, context.year + 1)
    absent = [year for year in wanted if year not in history]
    if history and absent:
        context.sheet(
            "supply_history",
            Severity.WARNING,
            "history_gap",
            _("缺少 {years} 年的供地数据。", years=listing(str(year) for year in absent)),
            _("当年没有供地也请填一行，面积填 0；尚可供地年数要用近 {n} 年的数据。", n=span),
            column=context.header("supply_history", "year"),
            touches=_REVIEW,
        )


def check_zone_area(context: CheckContext) -> None:
    """The approved area agrees with the land-use table of the assessed year."""
    approved = context.table("overview")["approved_area_ha"].sum(min_count=1)
    totals = [
        sum(code_area(areas, code) or 0.0 for code in "ABC")
        for year, _part, areas, _rows in _groups(context)
        if year == context.year
    ]
    if pd.isna(approved) or not totals or not sum(totals):
        return
    total = sum(totals)
    if abs(total - approved) > context.limit("land.data.area_tolerance") * total:
        context.sheet(
            "overview",
            Severity.WARNING,
            "approved_area",
            _(
                "与土地利用状况 {year} 年的总面积 {total} 公顷不一致。",
                year=context.year,
                total=f"{total:.10g}",
            ),
            _("请核对批准面积，或评价范围是否有调整。"),
            column=context.header("overview", "approved_area_ha"),
            got=f"{float(approved):.10g}",
            touches=_REVIEW,
        )
