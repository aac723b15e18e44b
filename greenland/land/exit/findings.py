"""What was found about each parcel, gathered from the evaluations, one row per finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land.calendar import on_or_before
from greenland.land.indicators import INDICATOR_LABELS
from greenland.results import State

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult
    from greenland.park import Park


class Finding(StrEnum):
    """What may be found about a parcel."""

    IDLE_TAKE_BACK = "idle_take_back"
    IDLE_FEE = "idle_fee"
    IDLE_GOVERNMENT = "idle_government"
    IDLE_UNDETERMINED = "idle_undetermined"
    TERM_EXPIRED = "term_expired"
    APPROVAL_LAPSED = "approval_lapsed"
    ZOMBIE = "zombie"
    STOPPED = "stopped"
    ELIMINATED = "eliminated"
    RESTRICTED = "restricted"
    CLASS_D_REPEATED = "class_d_repeated"
    CLASS_D = "class_d"
    CLASS_C = "class_c"
    OVERDUE = "overdue"
    FLOOR_AREA_RATIO = "floor_area_ratio"
    BUILDING_COEFFICIENT = "building_coefficient"
    INVESTMENT = "investment_intensity"
    OTHER = "other_indicator"


FINDINGS = {
    Finding.IDLE_TAKE_BACK: N_("闲置满期，可无偿收回"),
    Finding.IDLE_FEE: N_("闲置，征缴闲置费"),
    Finding.IDLE_GOVERNMENT: N_("因政府原因闲置"),
    Finding.IDLE_UNDETERMINED: N_("闲置情形待认定"),
    Finding.TERM_EXPIRED: N_("使用权到期未处置"),
    Finding.APPROVAL_LAPSED: N_("批准文件失效"),
    Finding.ZOMBIE: N_("僵尸企业"),
    Finding.STOPPED: N_("停产"),
    Finding.ELIMINATED: N_("淘汰类产能"),
    Finding.RESTRICTED: N_("限制类产能"),
    Finding.CLASS_D_REPEATED: N_("连续评为 D 类"),
    Finding.CLASS_D: N_("评为 D 类"),
    Finding.CLASS_C: N_("评为 C 类"),
    Finding.OVERDUE: N_("逾期未验收或未复核"),
    Finding.FLOOR_AREA_RATIO: N_("容积率不达标"),
    Finding.BUILDING_COEFFICIENT: N_("建筑系数不达标"),
    Finding.INVESTMENT: N_("投资强度不达标"),
    Finding.OTHER: N_("其他承诺指标不达标"),
}
_COLUMNS = ["finding", "fact", "rule_id"]


def collect(
    park: Park,
    per_mu: PerMuResult | None,
    standard_land: StandardLandResult | None,
    stock: StockResult | None,
) -> pd.DataFrame:
    """Every finding on every parcel: columns finding, fact (Text), rule_id; index the row."""
    parcels = park.tables["parcels"]
    parts = [_expired(park)]
    if stock is not None:
        parts += [_idle(stock), _unclear(stock), _lapsed(stock)]
    parts += _firms(park)
    if per_mu is not None:
        parts.append(_classes(park, per_mu))
    if standard_land is not None:
        parts.append(_indicators(parcels, standard_land))
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled) if filled else _table([], [])


def _table(index: Sequence[Any], rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    place = pd.Index(index, dtype="int64")
    return pd.DataFrame(list(rows), columns=_COLUMNS, index=place, dtype=object)


def _expired(park: Park) -> pd.DataFrame:
    table = park.tables["parcels"]
    over = on_or_before(table["land_term_end"], park.as_of) & (table["supply_state"] == "supplied")
    ends = table.loc[over, "land_term_end"].dt.date
    rows = [
        (Finding.TERM_EXPIRED, _("土地使用权已于 {date} 到期", date=day.isoformat()), None)
        for day in ends.tolist()
    ]
    return _table(ends.index.tolist(), rows)


_IDLE_FACTS: dict[str, Callable[..., Text]] = {
    "a": lambda day, months: _("约定 {date} 动工，已 {months} 个月未动工", date=day, months=months),
    "b_area": lambda day, months: _(
        "{date} 起停工 {months} 个月，已动工面积不足应动工面积的三分之一", date=day, months=months
    ),
    "b_investment": lambda day, months: _(
        "{date} 起停工 {months} 个月，已投资额不足总投资额的四分之一", date=day, months=months
    ),
}
_IDLE_FINDINGS = {
    "take_back": Finding.IDLE_TAKE_BACK,
    "fee": Finding.IDLE_FEE,
    "government": Finding.IDLE_GOVERNMENT,
}


def _idle(stock: StockResult) -> pd.DataFrame:
    table = stock.idle
    columns = zip(
        table["definition"].tolist(),
        table["counted_from"].dt.date.tolist(),
        table["months"].tolist(),
        table["consequence"].tolist(),
        table["consequence_rule_id"].tolist(),
        table["rule_id"].tolist(),
        strict=True,
    )
    rows = [
        (
            _IDLE_FINDINGS.get(str(consequence), Finding.IDLE_UNDETERMINED),
            _IDLE_FACTS[str(definition)](day.isoformat(), int(months)),
            by if isinstance(by, str) else rule_id,
        )
        for definition, day, months, consequence, by, rule_id in columns
    ]
    return _table(table.index.tolist(), rows)


def _unclear(stock: StockResult) -> pd.DataFrame:
    table = stock.undecided
    rows = [
        (Finding.IDLE_UNDETERMINED, _("是否闲置无法判断：{reason}", reason=reason), None)
        for reason in table["reason"].tolist()
    ]
    return _table(table.index.tolist(), rows)


def _lapsed(stock: StockResult) -> pd.DataFrame:
    table = stock.unsupplied[stock.unsupplied["state"] == State.OVERDUE]
    rows = [
        (Finding.APPROVAL_LAPSED, _("批准文件已于 {date} 满有效期", date=day.isoformat()), rule_id)
        for day, rule_id in zip(
            table["lapse_date"].dt.date.tolist(), table["rule_id"].tolist(), strict=True
        )
    ]
    return _table(table.index.tolist(), rows)


_FIRM_FACTS = {
    Finding.ZOMBIE: ("firm_state", "zombie", "firm_states", N_("使用权人为僵尸企业")),
    Finding.STOPPED: ("firm_state", "stopped", "firm_states", N_("使用权人停产")),
    Finding.ELIMINATED: (
        "capacity_category", "eliminated", "capacity_categories", N_("产能属于淘汰类")
    ),
    Finding.RESTRICTED: (
        "capacity_category", "restricted", "capacity_categories", N_("产能属于限制类")
    ),
}  # fmt: skip


def held(parcels: pd.DataFrame) -> pd.DataFrame:
    """Supplied parcels whose holder is known."""
    return parcels[(parcels["supply_state"] == "supplied") & parcels["holder_id"].notna()]


def _firms(park: Park) -> list[pd.DataFrame]:
    firms, table = park.tables["firms"], held(park.tables["parcels"])
    this_year = firms[(firms["year"] == park.year).fillna(False).astype(bool)]
    parts = []
    for finding, (column, value, rule, message) in _FIRM_FACTS.items():
        ids = this_year.loc[this_year[column] == value, "firm_id"]
        rows = table.index[table["holder_id"].isin(ids)].tolist()
        rule_id = f"land.stock.inefficient.{rule}"
        if rows:
            park.rulebook.rule(rule_id)
        parts.append(_table(rows, [(finding, _(message), rule_id)] * len(rows)))
    return parts


def _classes(park: Park, per_mu: PerMuResult) -> pd.DataFrame:
    table = held(park.tables["parcels"])
    classes = per_mu.firms.drop_duplicates("firm_id").set_index("firm_id")["class"]
    kind = table["holder_id"].map(classes)
    years = int(park.rulebook.number("land.exit.class_d_years"))
    again = _d_in_a_row(per_mu.trend, park.year, years)
    repeated = (kind == "D") & table["holder_id"].isin(again)
    scheme = f"land.per_mu.scheme.{per_mu.scheme.id}"
    rule_id = scheme if scheme in park.rulebook.rules else "land.exit.measures"
    texts = {
        Finding.CLASS_D_REPEATED: (repeated, _("亩均效益连续 {years} 年为 D 类", years=years)),
        Finding.CLASS_D: ((kind == "D") & ~repeated, _("亩均效益评价为 D 类")),
        Finding.CLASS_C: (kind == "C", _("亩均效益评价为 C 类")),
    }
    parts = [
        _table(table.index[mask.to_numpy(bool)].tolist(), [(name, text, rule_id)] * int(mask.sum()))
        for name, (mask, text) in texts.items()
    ]
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled) if filled else _table([], [])


def _d_in_a_row(trend: pd.DataFrame, year: int, years: int) -> set[str]:
    """Firms in class D in each of the last so many years."""
    wanted = range(year - years + 1, year + 1)
    bad = trend[(trend["class"] == "D") & trend["year"].isin(list(wanted))]
    counts = bad.drop_duplicates(["firm_id", "year"]).groupby("firm_id").size()
    return set(counts.index[counts >= years])


_PHYSICAL = {
    "floor_area_ratio": Finding.FLOOR_AREA_RATIO,
    "building_coefficient": Finding.BUILDING_COEFFICIENT,
    "investment_intensity": Finding.INVESTMENT,
}


def _indicators(parcels: pd.DataFrame, result: StandardLandResult) -> pd.DataFrame:
    checks = result.checks[result.checks["state"].isin([State.FAILED, State.OVERDUE])]
    checks = checks[checks["row"].isin(parcels.index)]
    different = checks[["indicator", "state"]].drop_duplicates()
    kinds = {
        pair: _broken(*pair)
        for pair in zip(different["indicator"].tolist(), different["state"].tolist(), strict=True)
    }
    pairs = zip(checks["indicator"].tolist(), checks["state"].tolist(), strict=True)
    found = [
        (*kinds[pair], rule_id if isinstance(rule_id, str) else None)
        for pair, rule_id in zip(pairs, checks["rule_id"].tolist(), strict=True)
    ]
    return _table(checks["row"].astype(np.int64).tolist(), found)


def _broken(indicator: str, state: str) -> tuple[Finding, Text]:
    label = _(INDICATOR_LABELS[indicator]) if indicator in INDICATOR_LABELS else indicator
    if state == State.OVERDUE:
        return Finding.OVERDUE, _("{label}逾期未核验", label=label)
    return _PHYSICAL.get(indicator, Finding.OTHER), _("{label}不达标", label=label)
