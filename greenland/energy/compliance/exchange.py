"""Power exchanged with the grid: capacity, back-feeding, peak-valley ratio, voltage."""

from __future__ import annotations

import pandas as pd

from greenland.energy.compliance.checks import Check, check, with_state
from greenland.energy.compliance.config import ComplianceConfig
from greenland.i18n import _
from greenland.results import State
from greenland.rules import Rule, Rulebook


def exchange_checks(
    schedule: pd.DataFrame,
    config: ComplianceConfig,
    rulebook: Rulebook,
    connected_mw: float | None,
    export_mask: pd.Series | None,
    ban: Rule | None = None,
) -> list[Check]:
    """Power exchanged with the grid against the declared capacity, bans and the planned ratio."""
    checks = []
    power = rulebook.find("energy.direct.exchange_power")  # its value is the project's
    if power is not None:
        for limit, column in (("import_capacity", "import"), ("export_capacity", "export")):
            reason = _("没有申报容量。") if connected_mw is None else ""
            value = float(schedule[column].max())
            judged = check(limit, value, power, "<=", required=connected_mw, reason=reason)
            checks.append(judged)
    banned = _banned(schedule, config, export_mask, ban)
    feed = rulebook.get("energy.direct.no_back_feed")
    if feed is not None:
        energy = float(schedule["export"][banned].sum()) * 8760 / len(schedule)  # MWh/yr
        judged = check("no_back_feed", energy, feed, "<=")
        if not banned.any():
            reason = _("没有填报禁止反送电的时段。")
            judged = with_state(judged, State.NOT_APPLICABLE, reason)
        elif ban is not None:
            judged = with_state(judged, judged.state, _("依据{rule}。", rule=ban.source))
        checks.append(judged)
    if config.planned_peak_valley_ratio is not None:
        checks.append(_peak_valley(schedule, config.planned_peak_valley_ratio, rulebook))
    return checks


def _banned(
    schedule: pd.DataFrame,
    config: ComplianceConfig,
    export_mask: pd.Series | None,
    ban: Rule | None,
) -> pd.Series:
    """Steps in which nothing may be fed back."""
    if config.export_allowed is False or ban is not None:
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


def voltage_checks(config: ComplianceConfig, rulebook: Rulebook) -> list[Check]:
    """The connection voltage against the highest the rules allow."""
    name = "max_voltage_330" if config.grid_has_330kv else "max_voltage"
    rule = rulebook.get(f"energy.direct.{name}")
    if rule is None:
        return []
    reason = _("没有填报接入电压等级。") if config.voltage_kv is None else ""
    return [check("voltage", config.voltage_kv, rule, "<=", reason=reason)]


def line_checks(config: ComplianceConfig, rulebook: Rulebook) -> list[Check]:
    """The length of the dedicated line against what the province allows, where it says so."""
    rule = rulebook.get("energy.direct.max_line_km")
    if rule is None:
        return []
    reason = _("没有填报直连线路长度（line_km）。") if config.line_km is None else ""
    return [check("line_length", config.line_km, rule, "<=", reason=reason)]
