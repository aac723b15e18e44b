"""存量土地: the ledgers of approved-but-unsupplied, idle and inefficient land.

Built from the 宗地台账 and its dates alone; what is idle today stays idle until something is
done. Formulas and terms: 国土资源部令第53号 (闲置), 自然资规〔2018〕1号 (批而未供).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import Text, _
from greenland.land import summaries
from greenland.land.calendar import after, months_of, months_since, on_or_before
from greenland.land.frames import LandResult
from greenland.land.indicators import falls_short, reasons
from greenland.land.stock.disposal import disposal
from greenland.land.stock.inefficient import inefficient
from greenland.land.sums import known_sum
from greenland.results import NotEvaluated, State, records
from greenland.summary import Summary
from greenland.units import MU_PER_HA

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.park import Park
    from greenland.rules import Rulebook


class IdleDefinition(StrEnum):
    """Which definition makes a parcel idle."""

    NOT_STARTED = "a"
    AREA = "b_area"
    INVESTMENT = "b_investment"


class Consequence(StrEnum):
    """What follows for an idle parcel."""

    FEE = "fee"
    TAKE_BACK = "take_back"
    GOVERNMENT = "government"
    DETERMINE = "determine_cause"
    NONE = "none"


class Ledger(StrEnum):
    """The three ledgers of stock land."""

    UNSUPPLIED = "unsupplied"
    IDLE = "idle"
    INEFFICIENT = "inefficient"


@dataclass(frozen=True, slots=True, repr=False)
class StockResult(LandResult):
    """The three ledgers, what is disposed of, and what will become idle.

    Every table is indexed by the row of the 宗地台账; `undecided` lists parcels that may be idle
    but lack the data to tell.
    """

    as_of: dt.date
    unsupplied: pd.DataFrame
    idle: pd.DataFrame
    undecided: pd.DataFrame
    inefficient: pd.DataFrame
    totals: pd.DataFrame
    disposal: pd.DataFrame
    forecast: pd.DataFrame

    def _summary(self) -> Summary:
        return summaries.stock(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "as_of": self.as_of.isoformat(),
            "unsupplied": records(self.unsupplied, index="row"),
            "idle": records(self.idle, index="row"),
            "undecided": records(self.undecided, index="row"),
            "inefficient": records(self.inefficient, index="row"),
            "totals": records(self.totals),
            "disposal": records(self.disposal),
            "forecast": records(self.forecast, index="row"),
        }


def evaluate(
    park: Park,
    per_mu: PerMuResult | NotEvaluated | None = None,
    standard_land: StandardLandResult | NotEvaluated | None = None,
) -> StockResult | NotEvaluated:
    """Build the ledgers of a park on its day of assessment.

    Parameters
    ----------
    park : Park
        Its parcels, firms and supply history.
    per_mu, standard_land : results, optional
        Give class D and the standards parcels fall short of; without them those criteria of
        inefficient land are not applied.

    Returns
    -------
    StockResult, or NotEvaluated when there are no parcels.

    References
    ----------
    国土资源部令第53号 第二条, 第十二条, 第十四条; 自然资规〔2018〕1号; 楚办发〔2023〕5号 第22项.
    """
    parcels, rules, day = park.tables["parcels"], park.rulebook, park.as_of
    if parcels.empty:
        return NotEvaluated(_("宗地台账没有数据。"))
    approved = unsupplied(parcels, rules, day)
    found = idle(parcels, rules, day)
    unknown = undecided(parcels, rules, day)
    poor = inefficient(
        parcels,
        park.tables["firms"],
        rules,
        park.year,
        idle=found.index,
        per_mu=None if isinstance(per_mu, NotEvaluated) else per_mu,
        standard_land=None if isinstance(standard_land, NotEvaluated) else standard_land,
        as_of=day,
    )
    counted = approved[approved["state"] != State.NOT_APPLICABLE]
    return StockResult(
        as_of=day,
        unsupplied=approved,
        idle=found,
        undecided=unknown,
        inefficient=poor,
        totals=totals(
            {Ledger.UNSUPPLIED: counted, Ledger.IDLE: found, Ledger.INEFFICIENT: poor},
            {Ledger.IDLE: len(unknown)},
        ),
        disposal=disposal(park.tables["supply_history"], rules),
        forecast=forecast(parcels, rules, day),
    )


def unsupplied(parcels: pd.DataFrame, rules: Rulebook, day: dt.date) -> pd.DataFrame:
    """Ledger of approved-but-unsupplied parcels and when their approval lapses.

    Returns
    -------
    DataFrame
        ``months`` since approval, ``lapse_date``, and ``state``: `overdue` when the approval has
        lapsed on *day*, `not_due` before, `no_data` without an approval date.
    """
    table = parcels[parcels["supply_state"] == "approved_unsupplied"]
    rule = rules.rule("land.stock.unsupplied.lapse_years")
    lapse = after(table["approval_date"], months_of(rules.number(rule.id)))
    known = table["approval_date"].notna()
    later = known & ~on_or_before(table["approval_date"], day)
    lapsed = on_or_before(lapse, day)
    state = np.select(
        [~known, later, lapsed],
        [State.NO_DATA, State.NOT_APPLICABLE, State.OVERDUE],
        State.NOT_DUE,
    )
    months = months_since(table["approval_date"], day).where(~later)
    return pd.DataFrame(
        {
            "parcel_id": table["parcel_id"],
            "area_mu": table["area_mu"],
            "approval_date": table["approval_date"],
            "months": months,
            "lapse_date": lapse,
            "state": state,
            "rule_id": rule.id,
            "reason": reasons(
                table.index,
                {
                    _("缺少农转用批准日期"): (~known).to_numpy(),
                    _("批准日期晚于评价日期"): later.to_numpy(),
                    _("批准文件已满有效期，未用地或未实施征地的自动失效"): lapsed.to_numpy(),
                    _("缺少宗地面积"): _no_area(table).to_numpy(),
                },
            ),
        },
        index=table.index,
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    """Per supplied parcel: which definition runs, from what day, and whether it is known."""

    definition: pd.Series[Any]
    start: pd.Series[pd.Timestamp]  # the day the idle time is counted from
    idle_on: pd.Series[pd.Timestamp]
    all_definitions: pd.Series[Any]


def _supplied(parcels: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    later = parcels["supply_date"] > pd.Timestamp(day)
    return parcels[(parcels["supply_state"] == "supplied") & ~later]


def _share(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    return part / whole.where(whole > 0)


def _progress(table: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Share of the land to be built on that is, and of the investment that is spent.

    The whole parcel is to be built on where nothing else is stated.
    """
    to_build = table["to_build_area_mu"].fillna(table["area_mu"])
    built = _share(table["built_area_mu"], to_build)
    return built, _share(table["invested_wan"], table["total_investment_wan"])


def _started(table: pd.DataFrame, day: dt.date) -> pd.Series[bool]:
    return on_or_before(table["actual_start_date"], day)


def _halted(table: pd.DataFrame, day: dt.date) -> pd.Series[bool]:
    """Started, stopped by *day*, and not completed."""
    completed = on_or_before(table["actual_completion_date"], day)
    return _started(table, day) & on_or_before(table["stopped_since"], day) & ~completed


def _clock(table: pd.DataFrame, rules: Rulebook, day: dt.date) -> _Clock:
    waiting = ~_started(table, day) & ~on_or_before(table["actual_completion_date"], day)
    halted = _halted(table, day)
    built, spent = _progress(table)
    by_area = halted & falls_short(built, rules.number("land.stock.idle.built_share"))
    by_money = halted & falls_short(spent, rules.number("land.stock.idle.invested_share"))
    flags = {
        IdleDefinition.NOT_STARTED: waiting & table["agreed_start_date"].notna(),
        IdleDefinition.AREA: by_area,
        IdleDefinition.INVESTMENT: by_money,
    }
    start = table["agreed_start_date"].where(waiting, table["stopped_since"])
    start = start.where(waiting | by_area | by_money)
    grace = months_of(rules.number("land.stock.idle.not_started_years"))
    pause = months_of(rules.number("land.stock.idle.stopped_years"))
    definition = np.select(
        [flag.to_numpy() for flag in flags.values()], [str(name) for name in flags], ""
    )
    return _Clock(
        definition=pd.Series(definition, index=table.index, dtype=object).replace("", None),
        start=start,
        idle_on=after(start, grace).where(waiting, after(start, pause)),
        all_definitions=_listed(table.index, flags),
    )


def _listed(index: pd.Index, flags: dict[IdleDefinition, pd.Series[bool]]) -> pd.Series[Any]:
    """The names of the flags that are up, as a list per row."""
    code = sum(flag.astype(int) * 2**place for place, flag in enumerate(flags.values()))
    names = list(flags)
    kinds = {
        kind: [str(name) for place, name in enumerate(names) if kind >> place & 1]
        for kind in range(2 ** len(names))
    }
    return pd.Series([kinds[int(kind)] for kind in np.asarray(code)], index=index, dtype=object)


def _rule_ids(definition: pd.Series[Any]) -> pd.Series[Any]:
    ids = {
        IdleDefinition.NOT_STARTED: "land.stock.idle.not_started_years",
        IdleDefinition.AREA: "land.stock.idle.built_share",
        IdleDefinition.INVESTMENT: "land.stock.idle.invested_share",
    }
    return definition.map(ids)


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
    table = _supplied(parcels, day)
    clock = _clock(table, rules, day)
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
        "rule_id": _rule_ids(definition),
        "consequence_rule_id": decided.map(by_consequence),
        "reason": reasons(
            table.index,
            {
                _("缺少土地价款，闲置费未计算"): (due & table["land_price_wan"].isna()).to_numpy(),
                _("未填延期原因，后果待认定"): cause.isna().to_numpy(),
                _("延期原因填为“未到时序”，与已过期限不符，请核实"): (cause == "not_due")
                .fillna(False)
                .to_numpy(bool),
                _("缺少宗地面积"): _no_area(table).to_numpy(),
            },
        ),
    }


def undecided(parcels: pd.DataFrame, rules: Rulebook, day: dt.date) -> pd.DataFrame:
    """Supplied parcels of which the data do not tell whether they are idle, and why."""
    table = _supplied(parcels, day)
    waiting = ~_started(table, day) & ~on_or_before(table["actual_completion_date"], day)
    no_start = waiting & table["agreed_start_date"].isna()
    pause = months_of(rules.number("land.stock.idle.stopped_years"))
    long_halt = _halted(table, day) & on_or_before(after(table["stopped_since"], pause), day)
    built, spent = _progress(table)
    low = falls_short(built, rules.number("land.stock.idle.built_share")) | falls_short(
        spent, rules.number("land.stock.idle.invested_share")
    )
    no_built, no_spent = long_halt & ~low & built.isna(), long_halt & ~low & spent.isna()
    flags: dict[Text, np.ndarray] = {
        _("没有实际开工日期，也没有约定开工日期"): no_start.to_numpy(),
        _("停工满一年，缺少已动工或应动工面积"): no_built.to_numpy(),
        _("停工满一年，缺少已投资额或计划总投资额"): no_spent.to_numpy(),
    }
    hit = (no_start | no_built | no_spent).to_numpy()
    columns = table[["parcel_id", "holder_name", "area_mu"]]
    return columns.assign(reason=reasons(table.index, flags))[hit]


def forecast(parcels: pd.DataFrame, rules: Rulebook, day: dt.date) -> pd.DataFrame:
    """What becomes idle within the months ahead if nothing happens, soonest first."""
    table = _supplied(parcels, day)
    clock = _clock(table, rules, day)
    last = pd.Timestamp(day) + pd.DateOffset(months=int(rules.number("land.stock.forecast_months")))
    hit = (clock.idle_on > pd.Timestamp(day)) & (clock.idle_on <= last)
    ahead = table[hit]
    waiting = (clock.definition[hit] == IdleDefinition.NOT_STARTED).to_numpy(bool)
    return pd.DataFrame(
        {
            "parcel_id": ahead["parcel_id"],
            "holder_name": ahead["holder_name"],
            "area_mu": ahead["area_mu"],
            "definition": clock.definition[hit],
            "becomes_idle_on": clock.idle_on[hit],
            "rule_id": _rule_ids(clock.definition[hit]),
            "reason": reasons(
                ahead.index,
                {_("到期前仍未动工"): waiting, _("到期前仍未复工且进度不足"): ~waiting},
            ),
        },
        index=ahead.index,
    ).sort_values(["becomes_idle_on", "parcel_id"], kind="stable")


def _no_area(table: pd.DataFrame) -> pd.Series[bool]:
    return ~(table["area_mu"] > 0)


def totals(tables: dict[Ledger, pd.DataFrame], unresolved: dict[Ledger, int]) -> pd.DataFrame:
    """Parcels and area of each ledger; `missing` counts parcels whose area is not known.

    The area is missing where that of no parcel of the ledger is known.
    """
    rows = []
    for ledger, table in tables.items():
        area = known_sum(table["area_mu"])
        rows.append(
            {
                "ledger": str(ledger),
                "parcels": len(table),
                "area_mu": area,
                "area_ha": area / MU_PER_HA,
                "missing": int(_no_area(table).sum()),
                "undecided": unresolved.get(ledger, 0),
            }
        )
    return pd.DataFrame(rows)
