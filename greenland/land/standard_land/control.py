"""Control indicators of industrial land: what every project must meet, contract or not.

The minimum floor-area ratio hangs on the industry code *and* the edition of GB/T 4754 it was
taken from. Which edition of the indicators holds hangs on the day of the contract: the building
coefficient differs between them, the green ratio is in the older one only, the share of office
floor area in the newer one only, whose table of floor-area ratios is not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land.reasons import reasons
from greenland.rules import Rule, Rulebook

# limited from above; the rest from below
GREATEST = frozenset({"green_ratio", "admin_land_share", "admin_floor_area_share"})

_FLOOR = "land.control.min_floor_area_ratio"
_INVESTMENT = "land.control.min_investment_intensity"
_COEFFICIENT_OLD = "land.control.building_coefficient.2008"
_COEFFICIENT_NEW = "land.control.building_coefficient.2023"
_GREEN = "land.control.green_ratio"
_OFFICE_LAND = "land.control.admin_land_share"
_OFFICE_FLOOR = "land.control.admin_floor_area_share"
_NOT_IN_2023 = N_("2023年版控制指标没有这一项")
_ONLY_IN_2023 = N_("2008年版控制指标没有这一项")
_TABLE_OF_2008 = N_("2023年版的容积率表没有查到，按2008年版判定")
_LONGEST_CODE = 4  # digits of a GB/T 4754 class


def by_code(codes: pd.Series, values: Mapping[str, float]) -> pd.Series[float]:
    """Look codes up in a table, the longest entry that begins a code first.

    Parameters
    ----------
    codes : Series of str
        GB/T 4754 codes of two to four digits.
    values : mapping of str to float
        Entries of two to four digits.

    Returns
    -------
    Series
        NaN where no entry fits.

    Examples
    --------
    >>> by_code(pd.Series(["2911", "2929", "7700"]), {"291": 0.8, "292": 1.0}).tolist()
    [0.8, 1.0, nan]
    """
    kinds = dict.fromkeys(codes.dropna().unique().tolist(), np.nan)
    for code in kinds:
        for length in range(_LONGEST_CODE, 1, -1):
            if len(code) >= length and code[:length] in values:
                kinds[code] = float(values[code[:length]])
                break
    return codes.map(kinds).astype("float64")


def _empty(index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "required": pd.Series(np.nan, index=index, dtype="float64"),
            "rule_id": pd.Series(None, index=index, dtype=object),
            "reason": pd.Series(None, index=index, dtype=object),
        }
    )


def min_floor_area_ratio(
    industry_code: pd.Series, industry_edition: pd.Series, rulebook: Rulebook
) -> pd.DataFrame:
    """Least floor-area ratio by industry code and its edition.

    Parameters
    ----------
    industry_code : Series of str
        GB/T 4754 codes.
    industry_edition : Series of str
        ``"2002"``, ``"2011"`` or ``"2017"``; blank ones take the edition of the rule
        ``land.control.default_industry_edition``.
    rulebook : Rulebook

    Returns
    -------
    DataFrame
        ``required`` [–], ``rule_id`` and, where there is no value, ``reason``.

    References
    ----------
    《工业项目建设用地控制指标》（2008年版）, 容积率控制指标.
    """
    found = _empty(industry_code.index)
    default = str(rulebook.rule("land.control.default_industry_edition").value)
    edition = industry_edition.fillna(default)
    split = np.zeros(len(found), dtype=bool)
    for name in sorted(edition.unique().tolist()):
        rule = rulebook.get(f"{_FLOOR}.{name}")
        if rule is None:
            continue
        here = edition == name
        if not isinstance(rule.value, dict):  # a park's one floor for all industries
            found.loc[here, "required"] = rulebook.number(rule.id)
            found.loc[here, "rule_id"] = rule.id
            continue
        values = by_code(industry_code[here], rule.value)
        found.loc[here, "required"] = values
        found.loc[values.index[values.notna()], "rule_id"] = rule.id
        divided = {code[:2] for code in rule.value} - set(rule.value)
        split |= (here & industry_code.isin(sorted(divided))).to_numpy(bool)
    missing = found["required"].isna().to_numpy(bool)
    blank = industry_code.isna().to_numpy(bool)
    found["reason"] = reasons(
        found.index,
        {
            _("缺少行业代码"): blank,
            _("行业代码须填到中类，才能确定容积率控制值"): split & missing,
            _("容积率控制指标表没有该行业"): missing & ~blank & ~split,
        },
    )
    return found


def min_investment_intensity(industry_code: pd.Series, rulebook: Rulebook) -> pd.DataFrame:
    """Least investment intensity [万元/亩], which a park has to supply itself.

    Returns
    -------
    DataFrame
        ``required``, ``rule_id`` and ``reason``, on the index of *industry_code*.
    """
    found = _empty(industry_code.index)
    rule = rulebook.get(_INVESTMENT)
    if rule is None:
        found["reason"] = _("投资强度控制值未见公开表格，须由园区给出")
        return found
    if isinstance(rule.value, dict):
        found["required"] = by_code(industry_code, {str(k): v for k, v in rule.value.items()})
    else:
        found["required"] = rulebook.number(_INVESTMENT)
    found["rule_id"] = pd.Series(rule.id, index=found.index, dtype=object).where(
        found["required"].notna(), None
    )
    found["reason"] = reasons(
        found.index, {_("园区的投资强度控制值没有该行业"): found["required"].isna().to_numpy(bool)}
    )
    return found


def _first_day(rule: Rule) -> pd.Timestamp | None:
    """Day a rule applies from; an override applies from the day of the rule it replaces."""
    day = rule.valid_from
    if day is None and rule.replaces is not None:
        day = rule.replaces.valid_from
    return None if day is None else pd.Timestamp(day)


def under_2023_edition(supply_date: pd.Series, rulebook: Rulebook) -> pd.Series[bool]:
    """Whether land was supplied under the 2023 edition, by the day of its contract."""
    new = rulebook.get(_COEFFICIENT_NEW)
    if new is None:
        return pd.Series(False, index=supply_date.index)
    day = _first_day(new)
    return supply_date >= day if day is not None else supply_date.notna()


def min_building_coefficient(supply_date: pd.Series, rulebook: Rulebook) -> pd.DataFrame:
    """Least building coefficient, as decimal, of the edition in force when land was supplied.

    Parameters
    ----------
    supply_date : Series of datetime
        Where blank, the older edition applies.

    Returns
    -------
    DataFrame
        ``required``, ``rule_id`` and ``reason``.

    References
    ----------
    《工业项目建设用地控制指标》, 建筑系数: 2008 edition; 自然资发〔2023〕72号.
    """
    limit = _empty(supply_date.index)
    old = rulebook.rule(_COEFFICIENT_OLD)
    limit["required"] = rulebook.number(_COEFFICIENT_OLD)
    limit["rule_id"] = old.id
    later = under_2023_edition(supply_date, rulebook)
    if later.any():
        limit.loc[later, "required"] = rulebook.number(_COEFFICIENT_NEW)
        limit.loc[later, "rule_id"] = _COEFFICIENT_NEW
    return limit


def max_green_ratio(supply_date: pd.Series, rulebook: Rulebook) -> pd.DataFrame:
    """Greatest green ratio, as decimal, which only the 2008 edition limits.

    Returns
    -------
    DataFrame
        ``required``, ``rule_id`` and ``reason``, on the index of *supply_date*.
    """
    limit = _everywhere(supply_date.index, _GREEN, rulebook)
    rule = rulebook.get(_GREEN)
    if rule is not None and not rule.overridden:
        later = under_2023_edition(supply_date, rulebook)
        limit.loc[later, "required"] = np.nan
        limit.loc[later, "rule_id"] = None
        limit.loc[later, "reason"] = constant(limit.index[later], _(_NOT_IN_2023))
    return limit


def max_admin_floor_area_share(supply_date: pd.Series, rulebook: Rulebook) -> pd.DataFrame:
    """Greatest share of office floor area, as decimal, which only the 2023 edition limits.

    Returns
    -------
    DataFrame
        ``required``, ``rule_id`` and ``reason``, on the index of *supply_date*.

    References
    ----------
    自然资发〔2023〕72号《工业项目建设用地控制指标》, 行政办公及生活服务设施建筑面积所占比重.
    """
    limit = _everywhere(supply_date.index, _OFFICE_FLOOR, rulebook)
    rule = rulebook.get(_OFFICE_FLOOR)
    if rule is not None and not rule.overridden:
        earlier = ~under_2023_edition(supply_date, rulebook)
        limit.loc[earlier, "required"] = np.nan
        limit.loc[earlier, "rule_id"] = None
        limit.loc[earlier, "reason"] = constant(limit.index[earlier], _(_ONLY_IN_2023))
    return limit


def _everywhere(index: pd.Index, rule_id: str, rulebook: Rulebook) -> pd.DataFrame:
    found = _empty(index)
    if rulebook.get(rule_id) is not None:
        found["required"] = rulebook.number(rule_id)
        found["rule_id"] = rule_id
    return found


def control_values(parcels: pd.DataFrame, rulebook: Rulebook) -> dict[str, pd.DataFrame]:
    """Control value of every physical indicator for every parcel.

    Parameters
    ----------
    parcels : DataFrame
        With ``industry_code``, ``industry_edition`` and ``supply_date``.
    rulebook : Rulebook

    Returns
    -------
    dict of indicator to DataFrame
        Each with ``required`` (NaN: no control value), ``rule_id`` and ``reason`` on the index
        of *parcels*; ``notice``, where there is one, says what to know of the value. Indicators
        of `GREATEST` are limited from above, the others from below.
    """
    ratios = min_floor_area_ratio(parcels["industry_code"], parcels["industry_edition"], rulebook)
    older = ratios["required"].notna() & under_2023_edition(parcels["supply_date"], rulebook)
    ratios["notice"] = constant(parcels.index, _(_TABLE_OF_2008)).where(older, None)
    return {
        "investment_intensity": min_investment_intensity(parcels["industry_code"], rulebook),
        "floor_area_ratio": ratios,
        "building_coefficient": min_building_coefficient(parcels["supply_date"], rulebook),
        "green_ratio": max_green_ratio(parcels["supply_date"], rulebook),
        "admin_land_share": _everywhere(parcels.index, _OFFICE_LAND, rulebook),
        "admin_floor_area_share": max_admin_floor_area_share(parcels["supply_date"], rulebook),
    }


def constant(index: pd.Index, text: Text) -> pd.Series[Any]:
    """One message on every row."""
    return pd.Series([text] * len(index), index=index, dtype=object)
