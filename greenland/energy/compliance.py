"""Whether a plan keeps the rules of direct supply: 650, 688, 1192 and 910, each by its clause.

Shares are judged in both readings of self-use, and the share of consumption in both readings of
the step to 35 %: reached by every project before 2030 (650, 688), or required of projects new
from 2030 only (1192).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from greenland.energy.tariff.config import Mode
from greenland.energy.tariff.spellings import spellings
from greenland.errors import Problem, Severity
from greenland.i18n import N_, _
from greenland.results import State, records
from greenland.rules import Rule, Rulebook
from greenland.yamlfile import nearest

# How far a solver may leave a limit it holds: a share that misses by less is met.
TOLERANCE = 1e-6


def _answer(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return spellings("answer").get(value, value) if isinstance(value, str) else value


Answer = Annotated[Literal["yes", "no", "unknown"], BeforeValidator(_answer)]
ANSWER_LABELS = {"yes": N_("是"), "no": N_("否"), "unknown": N_("待核实")}

LIMIT_LABELS = {
    "self_use_of_generation": N_("自发自用占可用发电量比例"),
    "self_use_of_consumption": N_("自发自用占总用电量比例"),
    "export_share": N_("上网电量占可用发电量比例"),
    "no_back_feed": N_("禁止反送电时段的上网电量"),
    "import_capacity": N_("最大下网功率"),
    "export_capacity": N_("最大上网功率"),
    "exchange_peak_valley": N_("交换功率峰谷差率"),
    "curtailment_share": N_("弃电率"),
    "voltage": N_("接入电压等级"),
    "direct_supply": N_("绿电直接供应比例（零碳园区）"),
    "clean_energy": N_("清洁能源消费占比（零碳园区）"),
    "emission_per_tce": N_("单位能耗碳排放（零碳园区）"),
}

READING_LABELS = {
    "a": N_("口径(a)：可用发电量−上网−弃电，储能损耗计入自用"),
    "b": N_("口径(b)：直接用电＋储能供电，扣除储能损耗"),
    "in_force": N_("当年有效的要求"),
    "before_2030": N_("读法一：2030年前所有项目达到"),
    "new_from_2030": N_("读法二：2030年起新增项目"),
}


class ComplianceConfig(BaseModel):
    """The ``compliance:`` part of a case or park file.

    Parameters
    ----------
    connection : str
        ``grid`` (并网型) or ``off_grid`` (离网型).
    commissioning_year : int, optional
        Decides whether a project is new from 2030; the assessed year when left out.
    voltage_kv : float, optional
        Connection voltage [kV].
    grid_has_330kv : bool
    export_allowed : bool, optional
        False where the spot market does not run continuously.
    planned_peak_valley_ratio : float, optional
        Of the exchanged power, as decimal, by the project's own plan.
    different_owners, multi_user : bool, optional
        What the conditions that depend on it ask.
    zero_carbon_park : bool
        Whether the targets of 910 are held against the plan.
    clean_energy_share : float, optional
        Of the park's energy use, as decimal; the plan does not know it.
    answers : mapping of condition to yes, no or unknown
    """

    model_config = ConfigDict(extra="forbid")

    connection: Literal["grid", "off_grid"] = "grid"
    commissioning_year: int | None = None
    voltage_kv: float | None = Field(default=None, gt=0)
    grid_has_330kv: bool = False
    export_allowed: bool | None = None
    planned_peak_valley_ratio: float | None = Field(default=None, ge=0, le=2)
    different_owners: bool | None = None
    multi_user: bool | None = None
    zero_carbon_park: bool = False
    clean_energy_share: float | None = Field(default=None, ge=0, le=1)
    answers: dict[str, Answer] = {}


@dataclass(frozen=True, slots=True)
class Check:
    """One limit held against one value.

    Parameters
    ----------
    limit, reading : str
        Keys of `LIMIT_LABELS` and `READING_LABELS`; an empty reading where there is only one.
    value, required, margin : float or None
        In *unit*; a positive margin keeps the limit.
    direction : str
        ``">="`` or ``"<="``.
    rule_id : str or None
        None where the limit is the project's own.
    """

    limit: str
    reading: str
    value: float | None
    required: float | None
    direction: str
    unit: str
    margin: float | None
    state: State
    rule_id: str | None
    basis: str
    source: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition without a number, and its answer."""

    item: str
    title: str
    answer: Answer
    applies: bool
    rule_id: str
    source: str


@dataclass(frozen=True, slots=True)
class ComplianceResult:
    """Every limit and condition.

    Parameters
    ----------
    checks : tuple of Check
    conditions : tuple of Condition
    """

    checks: tuple[Check, ...]
    conditions: tuple[Condition, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row per check."""
        return pd.DataFrame(
            [[getattr(check, name) for name in Check.__slots__] for check in self.checks],
            columns=list(Check.__slots__),
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready ``compliance`` and ``checklist``."""
        rows = records(self.frame)
        for row in rows:
            row["reason"] = row["reason"] or None
            row["reading"] = row["reading"] or None
        return {
            "compliance": rows,
            "checklist": [
                {name: getattr(item, name) for name in Condition.__slots__}
                for item in self.conditions
            ],
        }


def check(
    limit: str,
    value: float | None,
    rule: Rule | None,
    direction: str,
    *,
    reading: str = "",
    required: float | None = None,
    reason: str = "",
) -> Check:
    """Hold a value against a rule, or against a limit of the project's own.

    Parameters
    ----------
    limit, reading : str
    value : float or None
        None: no data.
    rule : Rule or None
    direction : str
        ``">="`` or ``"<="``.
    required : float, optional
        Instead of the rule's value.
    """
    if required is None and rule is not None and isinstance(rule.value, int | float):
        required = float(rule.value)
    margin = None
    state = State.NO_DATA
    if value is not None and required is not None:
        margin = value - required if direction == ">=" else required - value
        state = State.MET if margin >= -TOLERANCE * max(1.0, abs(required)) else State.FAILED
    return Check(
        limit=limit,
        reading=reading,
        value=value,
        required=required,
        direction=direction,
        unit=_UNITS.get(limit, "share"),
        margin=margin,
        state=state,
        rule_id=None if rule is None else rule.id,
        basis="user" if rule is None else "rule",
        source=_("项目方案") if rule is None else rule.source,
        reason=reason,
    )


_UNITS = {
    "no_back_feed": "MWh/yr",
    "import_capacity": "MW",
    "export_capacity": "MW",
    "voltage": "kV",
    "emission_per_tce": "tCO2/tce",
}


def evaluate(
    ratios: Mapping[str, float],
    schedule: pd.DataFrame,
    config: ComplianceConfig,
    rulebook: Rulebook,
    *,
    connected_mw: float | None = None,
    export_mask: pd.Series | None = None,
    mode: Mode | None = None,
    emission_per_tce: float | None = None,
    energy_use_tce: float | None = None,
) -> ComplianceResult:
    """Judge a plan.

    Parameters
    ----------
    ratios : mapping
        As `Plan.ratios`: ``self_use_of_generation``, ``self_use_of_generation_net``,
        ``self_use_of_consumption``, ``export_share``.
    schedule : DataFrame
        As `Plan.schedule`; ``import`` and ``export`` [MW].
    config : ComplianceConfig
    rulebook : Rulebook
    connected_mw : float, optional
        Declared capacity [MW].
    export_mask : Series of bool, optional
        False in steps in which nothing may be fed back.
    mode : Mode, optional
        With ``capacity`` and ``backup`` the conditions of 1192 are judged too.
    emission_per_tce : float, optional
        [tCO2/tce], for a zero-carbon park.
    energy_use_tce : float, optional
        Yearly energy use [tce], which decides the zero-carbon limit.

    Returns
    -------
    ComplianceResult
    """
    checks: list[Check] = []
    if config.connection == "grid":
        checks += _shares(ratios, config, rulebook)
        if mode in (Mode.CAPACITY, Mode.BACKUP):
            checks += _near_shares(ratios, config, rulebook)
        checks += _exchange(schedule, config, rulebook, connected_mw, export_mask)
    if config.multi_user:
        checks += _curtailment(ratios, rulebook)
    checks += _voltage(config, rulebook)
    if config.zero_carbon_park:
        checks += _zero_carbon(ratios, config, rulebook, emission_per_tce, energy_use_tce)
    exports = bool(schedule["export"].gt(TOLERANCE).any()) if "export" in schedule else False
    return ComplianceResult(tuple(checks), _conditions(config, rulebook, exports))


def _value(ratios: Mapping[str, float], name: str) -> float | None:
    value = ratios.get(name)
    return None if value is None or not np.isfinite(value) else float(value)


def _generation_shares(ratios: Mapping[str, float], rule: Rule | None) -> list[Check]:
    names = {"a": "self_use_of_generation", "b": "self_use_of_generation_net"}
    if rule is None:
        return []
    return [
        check("self_use_of_generation", _value(ratios, name), rule, ">=", reading=reading)
        for reading, name in names.items()
    ]


def _shares(
    ratios: Mapping[str, float], config: ComplianceConfig, rulebook: Rulebook
) -> list[Check]:
    checks = _generation_shares(ratios, rulebook.get("energy.direct.self_use_of_generation"))
    consumption = _value(ratios, "self_use_of_consumption")
    rule = rulebook.get("energy.direct.self_use_of_consumption")
    if rule is not None:
        checks.append(check("self_use_of_consumption", consumption, rule, ">=", reading="in_force"))
    target = rulebook.get("energy.direct.self_use_of_consumption_by_2030")
    if target is not None:
        checks.append(_by_2030(consumption, target, rulebook))
    export = rulebook.get("energy.direct.export_share")
    if export is not None:
        checks.append(check("export_share", _value(ratios, "export_share"), export, "<="))
    return checks


def _by_2030(consumption: float | None, target: Rule, rulebook: Rulebook) -> Check:
    due = rulebook.rule("energy.direct.self_use_of_consumption_due")
    last = dt.date.fromisoformat(str(due.value))
    found = check("self_use_of_consumption", consumption, target, ">=", reading="before_2030")
    if found.state is State.FAILED and rulebook.year <= last.year:
        reason = _("{date} 前达到即可，现在还差。", date=last.isoformat())
        return _with_state(found, State.NOT_DUE, reason)
    return found


def _near_shares(
    ratios: Mapping[str, float], config: ComplianceConfig, rulebook: Rulebook
) -> list[Check]:
    checks = _generation_shares(ratios, rulebook.get("energy.near.self_use_of_generation"))
    consumption = _value(ratios, "self_use_of_consumption")
    first = rulebook.get("energy.near.new_from")
    rule = rulebook.get("energy.near.self_use_of_consumption")
    newer = rulebook.get("energy.near.self_use_of_consumption_new")
    if rule is None or newer is None or first is None:
        return checks
    year = config.commissioning_year or rulebook.year
    new = year >= rulebook.number(first.id)
    judged = check("self_use_of_consumption", consumption, newer, ">=", reading="new_from_2030")
    if not new:
        checks.append(check("self_use_of_consumption", consumption, rule, ">=", reading="in_force"))
        reason = _("项目{year}年投产，不属于2030年起新增项目。", year=year)
        judged = _with_state(judged, State.NOT_APPLICABLE, reason)
    checks.append(judged)
    return checks


def _with_state(found: Check, state: State, reason: str) -> Check:
    values = {name: getattr(found, name) for name in Check.__slots__}
    return Check(**{**values, "state": state, "reason": reason})


def _exchange(
    schedule: pd.DataFrame,
    config: ComplianceConfig,
    rulebook: Rulebook,
    connected_mw: float | None,
    export_mask: pd.Series | None,
) -> list[Check]:
    checks = []
    power = rulebook.find("energy.direct.exchange_power")  # its value is the project's
    if power is not None:
        for limit, column in (("import_capacity", "import"), ("export_capacity", "export")):
            reason = _("没有申报容量。") if connected_mw is None else ""
            value = float(schedule[column].max())
            found = check(limit, value, power, "<=", required=connected_mw, reason=reason)
            checks.append(found)
    banned = _banned(schedule, config, export_mask)
    feed = rulebook.get("energy.direct.no_back_feed")
    if feed is not None:
        energy = float(schedule["export"][banned].sum()) * 8760 / len(schedule)  # MWh/yr
        found = check("no_back_feed", energy, feed, "<=")
        if not banned.any():
            reason = _("没有填报禁止反送电的时段。")
            found = _with_state(found, State.NOT_APPLICABLE, reason)
        checks.append(found)
    if config.planned_peak_valley_ratio is not None:
        checks.append(_peak_valley(schedule, config.planned_peak_valley_ratio, rulebook))
    return checks


def _banned(
    schedule: pd.DataFrame, config: ComplianceConfig, export_mask: pd.Series | None
) -> pd.Series:
    """Steps in which nothing may be fed back."""
    if config.export_allowed is False:
        return pd.Series(True, index=schedule.index)
    if export_mask is None:
        return pd.Series(False, index=schedule.index)
    return ~export_mask.astype(bool)


def peak_valley_ratio(exchange: pd.Series) -> float | None:
    """(Highest − lowest) ÷ highest exchanged power [-]; import counts positive.

    Parameters
    ----------
    exchange : Series
        Import less export [MW].

    Examples
    --------
    >>> peak_valley_ratio(pd.Series([10.0, 4.0, 6.0]))
    0.6
    """
    high, low = float(exchange.max()), float(exchange.min())
    return (high - low) / high if high > 0 else None


def _peak_valley(schedule: pd.DataFrame, planned: float, rulebook: Rulebook) -> Check:
    rule = rulebook.find("energy.direct.exchange_peak_valley")
    value = peak_valley_ratio(schedule["import"] - schedule["export"])
    return check("exchange_peak_valley", value, rule, "<=", required=planned)


def _curtailment(ratios: Mapping[str, float], rulebook: Rulebook) -> list[Check]:
    """Curtailment of a project with several users: shown, but in no statistics."""
    rule = rulebook.get("energy.direct.curtailment_statistics")
    if rule is None:
        return []
    found = check("curtailment_share", _value(ratios, "curtailment_share"), rule, "<=")
    reason = _("多用户项目的弃电不计入新能源利用率统计。")
    return [_with_state(found, State.NOT_APPLICABLE, reason)]


def _voltage(config: ComplianceConfig, rulebook: Rulebook) -> list[Check]:
    name = "max_voltage_330" if config.grid_has_330kv else "max_voltage"
    rule = rulebook.get(f"energy.direct.{name}")
    if rule is None:
        return []
    reason = _("没有填报接入电压等级。") if config.voltage_kv is None else ""
    return [check("voltage", config.voltage_kv, rule, "<=", reason=reason)]


def _zero_carbon(
    ratios: Mapping[str, float],
    config: ComplianceConfig,
    rulebook: Rulebook,
    emission_per_tce: float | None,
    energy_use_tce: float | None,
) -> list[Check]:
    direct = rulebook.get("energy.zero_carbon.direct_supply")
    if direct is None:
        return []
    checks = [check("direct_supply", _value(ratios, "self_use_of_consumption"), direct, ">=")]
    clean = rulebook.rule("energy.zero_carbon.clean_energy")
    reason = _("需要全园区能源消费数据。") if config.clean_energy_share is None else ""
    checks.append(check("clean_energy", config.clean_energy_share, clean, ">=", reason=reason))
    large = energy_use_tce is not None and energy_use_tce >= rulebook.number(
        "energy.zero_carbon.large_park"
    )
    suffix = "_large" if large else ""
    limit = rulebook.rule(f"energy.zero_carbon.emission_per_tce{suffix}")
    reason = _("需要全园区能耗和排放数据。") if emission_per_tce is None else ""
    checks.append(check("emission_per_tce", emission_per_tce, limit, "<=", reason=reason))
    return checks


_PREFIX = "energy.direct.condition"


def unknown_answers(config: ComplianceConfig, rulebook: Rulebook) -> list[Problem]:
    """Answers to conditions that no rule has, with the nearest known one."""
    known = [rule.removeprefix(_PREFIX + ".") for rule in rulebook.rules if _PREFIX in rule]
    problems = []
    for item in config.answers:
        if item in known:
            continue
        guess = nearest(item, known)
        problems.append(
            Problem(
                Severity.ERROR,
                "unknown_condition",
                _("核对清单里没有“{item}”这一条", item=item),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                column="compliance.answers",
                got=item,
                allowed="、".join(sorted(known)),
                touches=("energy",),
            )
        )
    return problems


def _is_high(config: ComplianceConfig, rulebook: Rulebook) -> bool:
    """Whether the connection is at the highest level, or at one that was not given."""
    limit = rulebook.get("energy.direct.max_voltage")
    if config.voltage_kv is None or limit is None:
        return True
    return config.voltage_kv >= rulebook.number(limit.id)


def _conditions(
    config: ComplianceConfig, rulebook: Rulebook, exports: bool
) -> tuple[Condition, ...]:
    """Every condition in the rules, answered by the file or by what is known of the plan."""
    applies = {  # a condition on all stands in no row
        "grid": config.connection == "grid",
        "different_owners": config.different_owners is not False,
        "multi_user": config.multi_user is True,
        "export": exports,
        "high_voltage": _is_high(config, rulebook),
    }
    found = []
    for rule in rulebook.under(_PREFIX):
        item = rule.id.removeprefix(_PREFIX + ".")
        found.append(
            Condition(
                item=item,
                title=rule.name,
                answer=config.answers.get(item, "unknown"),
                applies=applies.get(str(rule.value), True),
                rule_id=rule.id,
                source=rule.source,
            )
        )
    return tuple(found)
