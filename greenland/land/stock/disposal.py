"""处置率: how much of the stock at the start of a year was disposed of in it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from greenland.errors import input_error
from greenland.i18n import Text, _
from greenland.land.limits import within
from greenland.land.parts import zone_by_year
from greenland.results import State
from greenland.rules import Rule, Rulebook

DISPOSAL_LEDGERS = ("unsupplied", "idle")
BASE_CHOICES = ("start_of_year", "start_plus_added")
_COLUMNS = (
    "ledger",
    "year",
    "stock_ha",
    "added_ha",
    "disposed_ha",
    "left_ha",
    "rate",
    "target",
    "state",
    "rule_id",
    "source",
    "reason",
)


def disposal(history: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Disposal rates of every year on record against the target in force in that year.

    Parameters
    ----------
    history : DataFrame
        The 历年供地 sheet; parts of the zone are added up, and a year with a part missing is
        not added up.

    Returns
    -------
    DataFrame
        One row per ledger and year; ``rate`` as decimal, areas [公顷].

    Raises
    ------
    InputError
        If the rule that says what the base is holds something else than its choices.

    References
    ----------
    楚办发〔2023〕5号 第22项; the base is the project's choice, `land.stock.disposal.base`.
    """
    base = rules.rule("land.stock.disposal.base").value
    if base not in BASE_CHOICES:
        raise input_error(
            "disposal_base",
            _("处置率分母的选择无效。"),
            got=str(base),
            allowed="、".join(BASE_CHOICES),
        )
    columns = [
        f"{name}_{part}" for name in DISPOSAL_LEDGERS for part in ("stock_ha", "disposed_ha")
    ]
    sums = zone_by_year(history, columns)
    rows = [
        _row(ledger, int(year), sums, rules, added=base == "start_plus_added")
        for ledger in DISPOSAL_LEDGERS
        for year in sums.index
        if int(year) <= rules.year
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(
    ledger: str, year: int, sums: pd.DataFrame, rules: Rulebook, *, added: bool
) -> dict[str, Any]:
    stock = float(sums.loc[year, f"{ledger}_stock_ha"])  # type: ignore[arg-type]
    disposed = float(sums.loc[year, f"{ledger}_disposed_ha"])  # type: ignore[arg-type]
    grown = _added(ledger, year, sums) if added else 0.0
    base = stock + grown
    rate = disposed / base if base > 0 else math.nan
    rule = _rule_of(ledger, year, rules)
    target = float(rule.value) if rule and isinstance(rule.value, int | float) else None
    state, reason = _judge(year, base, disposed, rule, target)
    return {
        "ledger": ledger,
        "year": year,
        "stock_ha": stock,
        "added_ha": grown if added else None,
        "disposed_ha": disposed,
        "left_ha": base - disposed,
        "rate": rate,
        "target": target,
        "state": str(state),
        "rule_id": rule.id if rule else None,
        "source": rule.source if rule else None,
        "reason": reason,
    }


def _added(ledger: str, year: int, sums: pd.DataFrame) -> float:
    if year + 1 not in sums.index:
        return math.nan
    column = sums[f"{ledger}_stock_ha"]
    return float(column[year + 1] - column[year] + sums.loc[year, f"{ledger}_disposed_ha"])


def _rule_of(ledger: str, year: int, rules: Rulebook) -> Rule | None:
    """The target in force in that year, which may differ from the assessed year's."""
    then = rules if year == rules.year else rules.as_of(year)
    rule = then.rules.get(f"land.stock.disposal.{ledger}")
    if rule is not None and rule.id in rules.rules:
        rules.rule(rule.id)
    return rule


def _judge(
    year: int, base: float, disposed: float, rule: Rule | None, target: float | None
) -> tuple[State, Text | None]:
    if math.isnan(base):
        return State.NO_DATA, _("缺少年初存量面积，或缺少推算当年新增所需的次年数据")
    if base == 0:
        return State.NOT_APPLICABLE, _("年初没有存量")
    if math.isnan(disposed):
        return State.NO_DATA, _("缺少当年处置面积")
    if rule is None:
        return State.NOT_APPLICABLE, _("{year} 年没有处置率要求", year=year)
    if target is not None:
        return (State.MET if within(disposed, target * base) else State.FAILED), None
    if within(disposed, base):
        return State.MET, None
    left = f"{base - disposed:.2f}"
    return State.NO_DATA, _("要求清理基本完成，文件未给出比例；尚余 {left} 公顷", left=left)
