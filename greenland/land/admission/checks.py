"""The checks of 项目准入, each of all projects at once: value, requirement, margin, state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land.choices import one_of
from greenland.land.indicators import (
    floor_area_ratio,
    investment_intensity,
    output_per_mu,
    revenue_per_mu,
    value_added_per_emission,
    value_added_per_tce,
)
from greenland.land.limits import within
from greenland.land.reasons import reasons
from greenland.land.standard_land.control import GREATEST, control_values
from greenland.results import State

if TYPE_CHECKING:
    from greenland.rules import Rulebook

PEER_AVERAGE = "peer_average"  # what 行动计划第9项 compares a project with
LISTED = ("negative_list", "capacity_category")
CHECK_COLUMNS = [
    "project_id",
    "indicator",
    "value",
    "required",
    "direction",
    "margin",
    "margin_share",
    "area_limit_mu",
    "peers",
    "state",
    "basis",
    "rule_id",
    "reason",
]


def _check(
    projects: pd.DataFrame,
    indicator: str,
    value: pd.Series[float],
    required: pd.Series[float],
    direction: str,
    *,
    rule_id: Any,
    basis: Any = None,
    peers: Any = None,
    lacking: Mapping[Text, np.ndarray] | None = None,
    no_requirement: Text | None = None,
) -> pd.DataFrame:
    """Judge one indicator of all projects; a missing requirement is `not_applicable`."""
    margin = (value - required) if direction == ">=" else (required - value)
    state = np.select(
        [required.isna(), value.isna(), within(value, required, direction == "<=")],
        [State.NOT_APPLICABLE, State.NO_DATA, State.MET],
        State.FAILED,
    )
    missing = {text: flag & required.notna().to_numpy() for text, flag in (lacking or {}).items()}
    if no_requirement is not None:
        missing[no_requirement] = required.isna().to_numpy()
    return pd.DataFrame(
        {
            "project_id": projects["project_id"],
            "indicator": indicator,
            "value": value.astype(object).where(value.notna(), None),
            "required": required.astype(object).where(required.notna(), None),
            "direction": direction,
            "margin": margin,
            "margin_share": margin / required.where(required > 0),
            "area_limit_mu": np.nan,
            "peers": peers,
            "state": [str(item) for item in state],
            "basis": basis,
            "rule_id": rule_id,
            "reason": reasons(projects.index, missing),
        },
        index=projects.index,
    )


def _not_positive(values: pd.Series[float]) -> np.ndarray:
    return (~(values > 0)).to_numpy(bool)


_AREA_MISSING = N_("缺少申请用地面积，或面积为零")
_NO_RULE = N_("决定日没有有效的要求")


def against_peers(
    projects: pd.DataFrame, averages: dict[str, pd.DataFrame], rules: Rulebook
) -> list[pd.DataFrame]:
    """Investment and expected revenue per mu, not below the average of firms of the same kind.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第9项.
    """
    area = projects["requested_area_mu"]
    values = {
        "investment_intensity": investment_intensity(projects["fixed_investment_wan"], area),
        "revenue_per_mu": revenue_per_mu(projects["revenue_wan"], area),
    }
    sources = {
        "investment_intensity": ("fixed_investment_wan", _("缺少固定资产投资额")),
        "revenue_per_mu": ("revenue_wan", _("缺少预期年营业收入")),
    }
    parts = []
    for name, value in values.items():
        rule = None
        if one_of(rules, f"land.admission.{name}", (PEER_AVERAGE,)) is not None:
            rule = rules.rule(f"land.admission.{name}")
        column, text = sources[name]
        peers = averages[name]
        required = peers["average"] if rule is not None else peers["average"] * np.nan
        part = _check(
            projects,
            name,
            value,
            required,
            ">=",
            rule_id=rule.id if rule is not None else None,
            basis=peers["basis"],
            peers=peers["peers"],
            lacking={
                text: projects[column].isna().to_numpy(),
                _(_AREA_MISSING): _not_positive(area),
            },
        )
        part["area_limit_mu"] = projects[column] / required.where(required > 0)
        few = _("同类企业不足 {n} 家", n=int(rules.number("land.admission.min_peers")))
        parts.append(_without_requirement(part, few if rule is not None else _(_NO_RULE)))
    return parts


def _without_requirement(part: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Say why nothing is required; too few firms to compare with is a lack of data."""
    none = part["required"].isna()
    part["reason"] = part["reason"].where(~none, text)
    if text.message_id != _NO_RULE:
        part["state"] = part["state"].mask(none, str(State.NO_DATA))
    return part


def output_floor(projects: pd.DataFrame, rules: Rulebook, level: str) -> pd.DataFrame:
    """Expected output per mu, not below the floor of the park's level [万元/亩·年].

    References
    ----------
    《云南省“十四五”产业园区发展规划》第四章第一节四.
    """
    rule = rules.get(f"land.per_mu.output_floor.{level}")
    floor = rules.number(rule.id) if rule is not None else np.nan
    area = projects["requested_area_mu"]
    part = _check(
        projects,
        "output_per_mu",
        output_per_mu(projects["output_wan"], area),
        pd.Series(floor, index=projects.index),
        ">=",
        rule_id=rule.id if rule is not None else None,
        lacking={
            _("缺少预期年产值"): projects["output_wan"].isna().to_numpy(),
            _(_AREA_MISSING): _not_positive(area),
        },
        no_requirement=_("该级别园区没有亩均产出下限"),
    )
    part["area_limit_mu"] = projects["output_wan"] / floor
    return part


def controls(projects: pd.DataFrame, rules: Rulebook, day: dt.date) -> list[pd.DataFrame]:
    """Control values of the industry, as they stand for a contract of *day*, that of decision."""
    area, floor = projects["requested_area_mu"], projects["floor_area_m2"]
    values = {
        "investment_intensity": investment_intensity(projects["fixed_investment_wan"], area),
        "floor_area_ratio": floor_area_ratio(floor, area, projects["high_storey_area_m2"]),
        **{name: projects[name] for name in ("building_coefficient", *sorted(GREATEST))},
    }
    sources = {
        "investment_intensity": ("fixed_investment_wan", N_("缺少固定资产投资额")),
        "floor_area_ratio": ("floor_area_m2", N_("缺少计划建筑面积")),
        "building_coefficient": ("building_coefficient", N_("缺少计划建筑系数")),
        "green_ratio": ("green_ratio", N_("缺少计划绿地率")),
        "admin_land_share": ("admin_land_share", N_("缺少计划行政办公用地比重")),
        "admin_floor_area_share": (
            "admin_floor_area_share",
            N_("缺少计划行政办公建筑面积比重"),
        ),
    }
    limits = control_values(projects.assign(supply_date=pd.Timestamp(day)), rules)
    parts = []
    for name, limit in limits.items():
        column, text = sources[name]
        lacking = {_(text): projects[column].isna().to_numpy()}
        scaled = name in ("investment_intensity", "floor_area_ratio")
        if scaled:
            lacking[_(_AREA_MISSING)] = _not_positive(area)
        part = _check(
            projects,
            name,
            values[name],
            limit["required"],
            "<=" if name in GREATEST else ">=",
            rule_id=limit["rule_id"],
            basis="control",
            lacking=lacking,
        )
        part["reason"] = part["reason"].where(limit["required"].notna(), limit["reason"])
        if "notice" in limit:
            part["reason"] = part["reason"].where(part["reason"].notna(), limit["notice"])
        if scaled:
            part["area_limit_mu"] = values[name] * area / limit["required"]
        parts.append(part)
    return parts


def entry(
    projects: pd.DataFrame, averages: dict[str, pd.DataFrame], rules: Rulebook
) -> list[pd.DataFrame]:
    """Energy and emission: the park's own entry value, else not worse than the peers."""
    by_peers = rules.rule("land.admission.entry.by_peers")
    added = projects["value_added_wan"]
    values = {
        "value_added_per_tce": value_added_per_tce(added, projects["energy_tce"]),
        "value_added_per_emission": value_added_per_emission(added, projects["emission_t"]),
    }
    below = {
        "value_added_per_tce": ("energy_tce", _("缺少预期年综合能耗")),
        "value_added_per_emission": ("emission_t", _("缺少预期年主要污染物排放量")),
    }
    parts = []
    for name, value in values.items():
        own = rules.get(f"land.admission.entry.{name}")
        peers = averages[name]
        compare = own is None and bool(by_peers.value)
        required = peers["average"] if compare else peers["average"] * np.nan
        if own is not None:
            required = pd.Series(rules.number(own.id), index=projects.index)
        column, text = below[name]
        none = (projects[column] == 0).to_numpy(bool) & required.notna().to_numpy()
        part = _check(
            projects,
            name,
            value,
            required,
            ">=",
            rule_id=own.id if own is not None else by_peers.id if compare else None,
            basis=peers["basis"] if compare else "user",
            peers=peers["peers"] if compare else None,
            lacking={
                _("缺少预期年工业增加值"): added.isna().to_numpy(),
                text: projects[column].isna().to_numpy(),
            },
            no_requirement=_("没有准入值，也没有足够的同类企业可比"),
        )
        # a project that uses or emits nothing cannot be worse than any
        part.loc[none, "state"] = str(State.MET)
        part.loc[none, "reason"] = pd.Series(
            [_("用量为零")] * int(none.sum()), index=part.index[none], dtype=object
        )
        parts.append(part)
    return parts


def industrial(projects: pd.DataFrame, rules: Rulebook) -> pd.Series[bool]:
    """Whether each project is judged as an industrial one; blank land use counts as such."""
    rule = rules.rule("land.admission.uses")
    uses = rule.value if isinstance(rule.value, list) else [rule.value]
    return projects["land_use"].isna() | projects["land_use"].isin(uses)


def industrial_only(checks: pd.DataFrame, projects: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Set aside what is asked of industrial projects for projects of other land uses."""
    other = ~industrial(projects, rules)
    aside = other.reindex(checks.index) & ~checks["indicator"].isin(LISTED)
    changed = checks.assign(
        state=checks["state"].mask(aside, str(State.NOT_APPLICABLE)),
        area_limit_mu=checks["area_limit_mu"].mask(aside),
    )
    said = pd.Series([_("只考核工业项目")] * len(checks), index=checks.index, dtype=object)
    changed["reason"] = checks["reason"].where(~aside, said)
    return changed


def _listed(
    projects: pd.DataFrame,
    indicator: str,
    column: str,
    refused: list[Any],
    rule_id: str,
    lacking: Text,
) -> pd.DataFrame:
    values = projects[column]
    shown = values.astype(object).where(values.notna(), None)
    state = np.select(
        [values.isna().to_numpy(bool), shown.isin(refused).to_numpy(bool)],
        [State.NO_DATA, State.FAILED],
        State.MET,
    )
    return pd.DataFrame(
        {
            "project_id": projects["project_id"],
            "indicator": indicator,
            "value": shown,
            "required": None,
            "direction": "not_in",
            "margin": np.nan,
            "margin_share": np.nan,
            "area_limit_mu": np.nan,
            "peers": None,
            "state": [str(item) for item in state],
            "basis": None,
            "rule_id": rule_id,
            "reason": reasons(projects.index, {lacking: values.isna().to_numpy(bool)}),
        },
        index=projects.index,
    )


def negative_list(projects: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Whether a project is on the park's negative list, as its row says."""
    rule_id = "land.admission.negative_list"
    one_of(rules, rule_id, ("refused",))
    return _listed(
        projects, "negative_list", "negative_list", [True], rule_id, _("未填是否列入负面清单")
    )


def capacity(projects: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Whether the project's category of capacity may be newly built."""
    rule = rules.rule("land.admission.capacity_refused")
    refused = rule.value if isinstance(rule.value, list) else [rule.value]
    return _listed(
        projects, "capacity_category", "capacity_category", refused, rule.id, _("未填产能类别")
    )
