"""低效用地: supplied land in use that falls short by declared criteria, and its potential."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.errors import input_error
from greenland.i18n import N_, _
from greenland.land.calendar import on_or_before
from greenland.land.indicators import physical_indicators, tax_per_mu
from greenland.land.limits import falls_short
from greenland.land.per_mu.firms import of_year as firms_of_year
from greenland.land.reasons import reasons

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.rules import Rulebook


class Criterion(StrEnum):
    """What can make land inefficient."""

    CLASS_D = "class_d"
    FLOOR_AREA_RATIO = "floor_area_ratio"
    INVESTMENT = "investment_intensity"
    TAX = "tax_per_mu"
    CAPACITY = "capacity"
    STOPPED = "stopped"


CRITERION_LABELS = {
    Criterion.CLASS_D: N_("亩均效益评价为 D 类"),
    Criterion.FLOOR_AREA_RATIO: N_("容积率低于标准"),
    Criterion.INVESTMENT: N_("固定资产投资强度低于标准"),
    Criterion.TAX: N_("亩均税收低于标准"),
    Criterion.CAPACITY: N_("限制类或淘汰类产能"),
    Criterion.STOPPED: N_("停产或僵尸企业"),
}
STANDARDS = (Criterion.FLOOR_AREA_RATIO, Criterion.INVESTMENT, Criterion.TAX)
BUILT_USES = ("industrial", "storage")


def inefficient(
    parcels: pd.DataFrame,
    firms: pd.DataFrame,
    rules: Rulebook,
    year: int,
    *,
    idle: pd.Index,
    as_of: dt.date,
    per_mu: PerMuResult | None = None,
    standard_land: StandardLandResult | None = None,
) -> pd.DataFrame:
    """Ledger of inefficient land.

    Parameters
    ----------
    parcels : DataFrame
        The 宗地台账; only supplied industrial and storage land counts.
    firms : DataFrame
        The 企业效益 sheet; the holder's row of *year* is looked at.
    idle : Index
        Rows of idle parcels, which stand in a ledger of their own.

    Returns
    -------
    DataFrame
        One row per inefficient parcel: the criteria it meets, value and standard of each
        measured one, and the potential of each [亩].

    Notes
    -----
    Potential = (standard − value) / standard × area, never below 0.
    """
    wanted = _criteria(rules)
    used = (parcels["supply_state"] == "supplied") & parcels["land_use"].isin(BUILT_USES)
    table = parcels[used & ~parcels.index.isin(idle)]
    facts = _firm_facts(table, firms, year)
    evaluated = None if per_mu is None or per_mu.firms.empty else per_mu
    tax = _tax_of(evaluated) if evaluated else _tax_per_mu(firms, parcels, year)
    values = _values(table, tax)
    standards = _standards(table, rules, standard_land)
    done = on_or_before(table["actual_completion_date"], as_of)
    flags: dict[Criterion, np.ndarray] = {
        Criterion.CLASS_D: _class_d(table, per_mu),
        **{
            name: (falls_short(values[name], standards[name]) & done).to_numpy(bool)
            for name in STANDARDS
        },
        Criterion.CAPACITY: _in_rule(facts["capacity_category"], rules, "capacity_categories"),
        Criterion.STOPPED: _in_rule(facts["firm_state"], rules, "firm_states"),
    }
    flags = {name: flags[name] for name in wanted}
    hit = np.logical_or.reduce(list(flags.values())) if flags else np.zeros(len(table), bool)
    texts = {_(CRITERION_LABELS[name]): flag[hit] for name, flag in flags.items()}
    chosen = table[hit]
    return pd.DataFrame(
        {
            "parcel_id": chosen["parcel_id"],
            "holder_id": chosen["holder_id"],
            "holder_name": chosen["holder_name"],
            "area_mu": chosen["area_mu"],
            "criteria": _names(flags, hit, chosen.index),
            "reason": reasons(chosen.index, texts),
            "rule_id": "land.stock.inefficient.criteria",
            **_potentials(chosen["area_mu"], values[hit], standards[hit]),
        },
        index=chosen.index,
    )


def _criteria(rules: Rulebook) -> list[Criterion]:
    value = rules.rule("land.stock.inefficient.criteria").value
    names = [str(name) for name in value] if isinstance(value, list) else []
    unknown = [name for name in names if name not in set(Criterion)]
    if unknown or not names:
        raise input_error(
            "inefficient_criteria",
            _("低效用地认定条件无效。"),
            got="、".join(unknown) or str(value),
            allowed="、".join(Criterion),
        )
    return [name for name in Criterion if name in names]


def _firm_facts(table: pd.DataFrame, firms: pd.DataFrame, year: int) -> pd.DataFrame:
    """Facts of each parcel's holder in *year*, on the parcels' index."""
    of_year = firms[(firms["year"] == year).fillna(False).astype(bool)]
    of_year = of_year.drop_duplicates("firm_id").set_index("firm_id")
    by_parcel = of_year[["firm_state", "capacity_category"]].reindex(pd.Index(table["holder_id"]))
    return by_parcel.set_axis(table.index)


def _tax_of(per_mu: PerMuResult) -> pd.Series[float]:
    """Tax per mu as the evaluation of the firms has it, by firm [万元/亩·年]."""
    table = per_mu.firms.drop_duplicates("firm_id").set_index("firm_id")
    return table["tax_per_mu"].astype("float64")


def _tax_per_mu(firms: pd.DataFrame, parcels: pd.DataFrame, year: int) -> pd.Series[float]:
    """Tax per mu by firm, each alone, where the firms were not evaluated [万元/亩·年]."""
    units = firms_of_year(firms.drop_duplicates(["firm_id", "year"]), parcels, year).units
    return tax_per_mu(units["tax_wan"], units["land_mu"])


def _values(table: pd.DataFrame, tax: pd.Series[float]) -> pd.DataFrame:
    """What each parcel is judged by; its holder's tax is spread over all land the holder uses."""
    physical = physical_indicators(table)[["floor_area_ratio", "investment_intensity"]]
    by_parcel = tax.reindex(pd.Index(table["holder_id"])).set_axis(table.index)
    return physical.assign(tax_per_mu=by_parcel)


def _standards(
    table: pd.DataFrame, rules: Rulebook, result: StandardLandResult | None
) -> pd.DataFrame:
    """What each parcel is held to: the park's own standard, else contract or control table."""
    standards = pd.DataFrame(np.nan, index=table.index, columns=[str(name) for name in STANDARDS])
    if result is not None and not result.checks.empty:
        checks = result.checks[result.checks["required"].notna()]
        for name in STANDARDS:
            of_indicator = checks[checks["indicator"] == name].drop_duplicates("parcel_id")
            by_parcel = of_indicator.set_index("parcel_id")["required"].astype(float)
            standards[name] = by_parcel.reindex(pd.Index(table["parcel_id"])).to_numpy()
    for name in STANDARDS:
        rule = rules.get(f"land.stock.inefficient.{name}")
        if rule is not None:
            standards[name] = rules.number(rule.id)
    return standards


def _class_d(table: pd.DataFrame, per_mu: PerMuResult | None) -> np.ndarray:
    if per_mu is None or per_mu.firms.empty:
        return np.zeros(len(table), bool)
    bad = per_mu.firms.loc[per_mu.firms["class"] == "D", "firm_id"]
    return (table["holder_id"].isin(bad) & table["holder_id"].notna()).to_numpy(bool)


def _in_rule(values: pd.Series[Any], rules: Rulebook, name: str) -> np.ndarray:
    listed = rules.rule(f"land.stock.inefficient.{name}").value
    return values.isin(listed if isinstance(listed, list) else [listed]).to_numpy(bool)


def _names(flags: dict[Criterion, np.ndarray], hit: np.ndarray, index: pd.Index) -> pd.Series[Any]:
    rows = np.column_stack([flag[hit] for flag in flags.values()]).tolist()
    names = [str(name) for name in flags]
    listed = [[name for name, up in zip(names, row, strict=True) if up] for row in rows]
    return pd.Series(listed, index=index, dtype=object)


def _potentials(
    area: pd.Series[float], values: pd.DataFrame, standards: pd.DataFrame
) -> dict[str, pd.Series[float]]:
    columns: dict[str, pd.Series[float]] = {}
    for name in STANDARDS:
        columns[str(name)] = values[name]
        columns[f"{name}_standard"] = standards[name]
        columns[f"{name}_potential_mu"] = plot_potential(values[name], standards[name], area)
    return columns


def plot_potential(
    value: pd.Series[float], standard: pd.Series[float], area_mu: pd.Series[float]
) -> pd.Series[float]:
    """Land that would be spared if the parcel met the standard.

    Parameters
    ----------
    value, standard : Series
        In one unit.
    area_mu : Series
        [亩]

    Returns
    -------
    Series
        (standard − value) / standard × area [亩], never below 0; NaN where a part is missing.

    Examples
    --------
    >>> plot_potential(pd.Series([0.5, 2.0]), pd.Series([1.0, 1.0]), pd.Series([30.0, 30])).tolist()
    [15.0, 0.0]
    """
    share = (standard - value) / standard.where(standard > 0)
    return (share * area_mu).clip(lower=0.0)
