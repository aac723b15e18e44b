"""闲置土地: the ledger of idle parcels, and those of which the data do not tell."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import Text, _
from greenland.land.calendar import after, months_of, months_since, on_or_before
from greenland.land.limits import falls_short
from greenland.land.reasons import reasons
from greenland.land.stock.idle_time import (
    halted,
    idle_rule_ids,
    idle_time,
    progress,
    started,
    supplied_by,
)
from greenland.land.sums import without_area

if TYPE_CHECKING:
    from greenland.rules import Rulebook


class Consequence(StrEnum):
    """What follows for an idle parcel."""

    FEE = "fee"
    TAKE_BACK = "take_back"
    GOVERNMENT = "government"
    DETERMINE = "determine_cause"
    NONE = "none"


def idle(parcels: pd.DataFrame, rules: Rulebook, day: dt.date) -> pd.DataFrame:
    """Ledger of idle land.

    Parameters
    ----------
    parcels : DataFrame
        The 宗地台账.
    day : date
        Day of assessment.

    Returns
    -------
    DataFrame
        One row per idle parcel: definition, since when, whole months counted from the agreed
        start or the stop, cause, fee [万元], take-back date and consequence.

    Notes
    -----
    (a) not started a year after the agreed start; (b) started, less than a third of the area
    built on or less than a quarter of the investment spent, and stopped for a year.

    References
    ----------
    国土资源部令第53号 第二条, 第十四条.
    """
    table = supplied_by(parcels, day)
    clock = idle_time(table, rules, day)
    hit = on_or_before(clock.idle_on, day)
    table, start, definition = table[hit], clock.start[hit], clock.definition[hit]
    for rule_id in ("government_measures", "extension_years"):
        rules.rule(f"land.stock.idle.{rule_id}")
    return pd.DataFrame(
        {
            "parcel_id": table["parcel_id"],
            "holder_id": table["holder_id"],
            "holder_name": table["holder_name"],
            "area_mu": table["area_mu"],
            "definition": definition,
            "definitions": clock.all_definitions[hit],
            "counted_from": start,
            "idle_since": clock.idle_on[hit],
            "months": months_since(start, day),
            "cause": table["delay_cause"].astype(object).where(table["delay_cause"].notna(), None),
            **_consequences(table, definition, start, rules, day),
        },
        index=table.index,
    )


def _consequences(
    table: pd.DataFrame,
    definition: pd.Series[Any],
    start: pd.Series[pd.Timestamp],
    rules: Rulebook,
    day: dt.date,
) -> dict[str, Any]:
    cause = table["delay_cause"]
    named = rules.rule("land.stock.idle.penalised_definitions").value
    penalised = named if isinstance(named, list) else [named]
    firm = (cause == "firm").fillna(False).astype(bool)
    subject = definition.map(lambda item: str(item)[0] in penalised).astype(bool)
    charged = firm & subject
    fee_on = after(start, months_of(rules.number("land.stock.idle.fee_after_years")))
    back_on = after(start, months_of(rules.number("land.stock.idle.take_back_years")))
    due = charged & on_or_before(fee_on, day)
    taken = charged & on_or_before(back_on, day)
    government = (cause == "government").fillna(False).astype(bool)
    consequence = np.select(
        [taken, due, government, firm],
        [Consequence.TAKE_BACK, Consequence.FEE, Consequence.GOVERNMENT, Consequence.NONE],
        Consequence.DETERMINE,
    )
    fee = table["land_price_wan"] * rules.number("land.stock.idle.fee_share")
    by_consequence = {
        Consequence.TAKE_BACK: "land.stock.idle.take_back_years",
        Consequence.FEE: "land.stock.idle.fee_share",
        Consequence.GOVERNMENT: "land.stock.idle.government_measures",
    }
    decided = pd.Series(consequence, index=table.index, dtype=object)
    return {
        "fee_wan": fee.where(due),
        "take_back_date": back_on.where(charged),
        "consequence": decided,
        "rule_id": idle_rule_ids(definition),
        "consequence_rule_id": decided.map(by_consequence),
        "reason": reasons(
            table.index,
            {
                _("缺少土地价款，闲置费未计算"): (due & table["land_price_wan"].isna()).to_numpy(),
                _("未填延期原因，后果待认定"): cause.isna().to_numpy(),
                _("延期原因填为“未到时序”，与已过期限不符，请核实"): (cause == "not_due")
                .fillna(False)
                .to_numpy(bool),
                _("缺少宗地面积"): without_area(table).to_numpy(),
            },
        ),
    }


def undecided(parcels: pd.DataFrame, rules: Rulebook, day: dt.date) -> pd.DataFrame:
    """Parcels, supplied or perhaps so, of which the data do not tell whether they are idle."""
    unknown = parcels["supply_state"].isna()
    table = parcels[unknown | parcels.index.isin(supplied_by(parcels, day).index)]
    unknown = unknown[table.index]
    waiting = ~started(table, day) & ~on_or_before(table["actual_completion_date"], day)
    no_start = waiting & table["agreed_start_date"].isna() & ~unknown
    pause = months_of(rules.number("land.stock.idle.stopped_years"))
    long_halt = halted(table, day) & on_or_before(after(table["stopped_since"], pause), day)
    built, spent = progress(table)
    low = falls_short(built, rules.number("land.stock.idle.built_share")) | falls_short(
        spent, rules.number("land.stock.idle.invested_share")
    )
    long_halt &= ~low & ~unknown
    no_built, no_spent = long_halt & built.isna(), long_halt & spent.isna()
    flags: dict[Text, np.ndarray] = {
        _("没有可用的供应状态"): unknown.to_numpy(),
        _("没有可用的实际开工日期和约定开工日期"): no_start.to_numpy(),
        _("停工满一年，缺少已动工或应动工面积"): no_built.to_numpy(),
        _("停工满一年，缺少已投资额或计划总投资额"): no_spent.to_numpy(),
    }
    hit = (unknown | no_start | no_built | no_spent).to_numpy()
    columns = table[["parcel_id", "holder_name", "area_mu"]]
    return columns.assign(reason=reasons(table.index, flags))[hit]
