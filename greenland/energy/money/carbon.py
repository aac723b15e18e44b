"""Carbon of the electricity a load uses, before and after a plan.

The factor decides the result, so it is chosen by name and shown: the national average, the
province's average, or the 0.8325 of 发改环资〔2025〕910号 for power that is neither direct nor
certified.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from greenland.energy.money.coal import COAL_LABELS, COUNTED, ByCoal, Coal, by_coal, chosen_coal
from greenland.energy.money.operation import OperatingYear
from greenland.errors import input_error
from greenland.i18n import N_, _
from greenland.rules import Rulebook
from greenland.rules.holders import where_held
from greenland.summary import Summarised, Summary, quantity

KWH_PER_MWH = 1000.0
KG_PER_T = 1000.0


class Factor(StrEnum):
    """Emission factor of power from the grid."""

    NATIONAL = "national"
    PROVINCE = "province"
    REGION = "region"
    NON_MARKET = "non_market"
    FOSSIL = "fossil"
    ZERO_CARBON = "zero_carbon"


FACTOR_LABELS = {
    Factor.NATIONAL: N_("全国电力平均排放因子"),
    Factor.PROVINCE: N_("省级电力平均排放因子"),
    Factor.REGION: N_("区域电力平均排放因子"),
    Factor.NON_MARKET: N_("全国电力平均排放因子（不含市场化交易的非化石能源电量）"),
    Factor.FOSSIL: N_("全国化石能源电力排放因子"),
    Factor.ZERO_CARBON: N_("零碳园区核算因子（910号）"),
}


class CarbonConfig(BaseModel):
    """The ``carbon:`` part of a case or park file.

    Parameters
    ----------
    factor : Factor
    own_factor : float, optional
        [kgCO2/kWh], instead of a named one.
    certificates_mwh : float
        Power from the grid covered by certificates bought [MWh/yr].
    certificate_price : float, optional
        [yuan/MWh]
    tce : Coal, optional
        Coal equivalent of electricity: ``equivalent`` (当量值) or ``equal_value`` (等价值); by
        default as 910 counts it, which is the latter.
    other_energy_tce, other_emission_tco2 : float, optional
        The park's energy use and emission besides electricity, for tCO2/tce [tce/yr, tCO2/yr].
    """

    model_config = ConfigDict(extra="forbid")

    factor: Factor
    own_factor: Annotated[float, Field(ge=0)] | None = None
    source: str = ""
    certificates_mwh: Annotated[float, Field(ge=0)] = 0.0
    certificate_price: Annotated[float, Field(ge=0)] | None = None
    tce: Coal | None = None
    other_energy_tce: Annotated[float, Field(ge=0)] | None = None
    other_emission_tco2: Annotated[float, Field(ge=0)] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CarbonResult(Summarised):
    """Yearly emission of the electricity used, and of the park's energy where it is known.

    Parameters
    ----------
    factor : str
        The choice.
    factor_value : float
        [kgCO2/kWh]
    rule_id : str or None
    before_tco2, after_tco2, avoided_tco2 : float
        [tCO2/yr]
    before_per_tce, after_per_tce : float or None
        [tCO2/tce], of all the energy the park uses.
    electricity_tce, energy_use_tce : float or None
        [tce/yr]
    coal, coal_source : str
        Coal equivalent of electricity these rest on, a value of `Coal`; and who chose it.
    by_factor : tuple of dict
        Before and after by every factor that is known, to show what the choice does.
    by_coal : tuple of ByCoal
        The same figures by either coal equivalent.
    zero_carbon_energy_tce, zero_carbon_per_tce : float or None
        Energy use and emission per unit of it after the plan as 910 counts them, whatever factor
        and coal equivalent were chosen above [tce/yr, tCO2/tce].
    certificates_bought, certificates_missing : int
        Certificates that cover what was asked for, and more that would cover the rest.
    certificates_cost : float or None
        [yuan/yr]
    certificates_issued : int
        Certificates the on-site generation that is used or sold amounts to.
    """

    factor: str
    factor_value: float
    factor_source: str
    rule_id: str | None
    before_tco2: float
    after_tco2: float
    avoided_tco2: float
    electricity_tce: float | None
    energy_use_tce: float | None
    before_per_tce: float | None
    after_per_tce: float | None
    coal: str
    coal_source: str
    by_factor: tuple[dict[str, Any], ...]
    by_coal: tuple[ByCoal, ...]
    zero_carbon_energy_tce: float | None
    zero_carbon_per_tce: float | None
    certificates_bought: int
    certificates_missing: int
    certificates_cost: float | None
    certificates_issued: int
    reason: str = ""

    def _summary(self) -> Summary:
        head = _("每年少排放 {avoided}", avoided=quantity(self.avoided_tco2, "tCO2"))
        factor = quantity(self.factor_value, "kgCO2/kWh")
        lines = (
            (_("排放因子"), factor),
            (_("方案前"), quantity(self.before_tco2, "tCO2")),
            (_("方案后"), quantity(self.after_tco2, "tCO2")),
        )
        return Summary(head, lines)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready record."""
        record = {name: getattr(self, name) for name in self.__slots__}
        record["by_factor"] = [dict(row) for row in self.by_factor]
        record["by_coal"] = [asdict(row) for row in self.by_coal]
        record["reason"] = self.reason or None
        return record


def emission(energy_mwh: float, factor: float, certified_mwh: float = 0.0) -> float:
    """Emission of power from the grid [tCO2].

    Parameters
    ----------
    energy_mwh : float
        Energy from the grid [MWh].
    factor : float
        [kgCO2/kWh]
    certified_mwh : float
        Part of it covered by certificates, which counts as zero [MWh].

    Examples
    --------
    >>> round(emission(1000.0, 0.5306, 200.0), 2)
    424.48
    """
    return max(0.0, energy_mwh - certified_mwh) * KWH_PER_MWH * factor / KG_PER_T


def evaluate(
    before: OperatingYear, after: OperatingYear, config: CarbonConfig, rulebook: Rulebook
) -> CarbonResult:
    """Emission before and after a plan.

    Parameters
    ----------
    before : OperatingYear
        All from the grid.
    after : OperatingYear
        The plan; its energy from the grid [MWh/yr].
    config : CarbonConfig
    rulebook : Rulebook

    Raises
    ------
    InputError
        If the chosen factor is not known.

    Notes
    -----
    On-site renewable energy counts as zero, and so does exported energy: it is claimed by
    whoever buys it. Certificates bought count in "after" only. Fuel that generators burn on site
    counts in "after" with the factors of the case.
    """
    value, source, rule_id = chosen_factor(config, rulebook)
    certified = min(config.certificates_mwh, after.grid)
    tonnes_before = emission(before.grid, value)
    tonnes_after = emission(after.grid, value, certified) + after.fuel_tco2
    size = rulebook.number("energy.carbon.certificate_size")
    bought = math.ceil(certified / size - 1e-9)
    coal, coal_source = chosen_coal(config.tce, rulebook)
    emitted, other = (tonnes_before, tonnes_after), _other(config)
    ways = tuple(by_coal(way, rulebook, after.load, emitted, other) for way in Coal)
    counted = next(way for way in ways if way.coal == coal)
    zero_use, zero_per = _by_910(after, certified, other, rulebook)
    price = config.certificate_price
    return CarbonResult(
        factor="own" if config.own_factor is not None else str(config.factor),
        factor_value=value,
        factor_source=source,
        rule_id=rule_id,
        before_tco2=tonnes_before,
        after_tco2=tonnes_after,
        avoided_tco2=tonnes_before - tonnes_after,
        electricity_tce=counted.electricity_tce,
        energy_use_tce=counted.energy_use_tce,
        before_per_tce=counted.before_per_tce,
        after_per_tce=counted.after_per_tce,
        coal=str(coal),
        coal_source=coal_source,
        by_factor=_by_factor(before, after, certified, rulebook),
        by_coal=ways,
        zero_carbon_energy_tce=zero_use,
        zero_carbon_per_tce=zero_per,
        certificates_bought=bought,
        certificates_missing=math.ceil((after.grid - certified) / size - 1e-9),
        certificates_cost=None if price is None else bought * size * price,
        certificates_issued=math.floor((after.green + after.export) / size + 1e-9),
        reason=_why_none(counted, other),
    )


def chosen_factor(config: CarbonConfig, rulebook: Rulebook) -> tuple[float, str, str | None]:
    """Emission factor of power from the grid, its source and its rule [kgCO2/kWh].

    Raises
    ------
    InputError
        If the chosen one is not known.
    """
    if config.own_factor is not None:
        return config.own_factor, config.source or _("园区填报"), None
    rule = rulebook.get(f"energy.carbon.factor.{config.factor}")
    if rule is None:
        raise input_error(
            "emission_factor",
            _(
                "没有“{factor}”的数值{held}。",
                factor=_(FACTOR_LABELS[config.factor]),
                held=where_held(rulebook, f"energy.carbon.factor.{config.factor}"),
            ),
            remedy=_(
                "请加载本省规则包，或在 carbon.own_factor 填写数值、在 carbon.source 填写依据。"
            ),
            column="carbon.factor",
            touches=("energy",),
        )
    return rulebook.number(rule.id), rule.source, rule.id


def _other(config: CarbonConfig) -> tuple[float, float] | None:
    """Energy use and emission besides electricity [tce/yr, tCO2/yr]."""
    if config.other_energy_tce is None or config.other_emission_tco2 is None:
        return None
    return config.other_energy_tce, config.other_emission_tco2


def _by_910(
    after: OperatingYear,
    certified: float,
    other: tuple[float, float] | None,
    rulebook: Rulebook,
) -> tuple[float | None, float | None]:
    """Energy use and emission per unit of it as annexes 3 and 4 of 910 count them.

    Direct and certified power emits nothing, all else by the factor of annex 4; electricity counts
    as coal as annex 3 says. None where there is no such rule in the year, or no equal value.
    """
    factor = rulebook.get(f"energy.carbon.factor.{Factor.ZERO_CARBON}")
    if factor is None or rulebook.get(COUNTED) is None:
        return None, None
    tonnes = emission(after.grid, rulebook.number(factor.id), certified) + after.fuel_tco2
    coal = chosen_coal(None, rulebook)[0]
    counted = by_coal(coal, rulebook, after.load, (tonnes, tonnes), other)
    return counted.energy_use_tce, counted.after_per_tce


def _why_none(counted: ByCoal, other: tuple[float, float] | None) -> str:
    """Why there is no emission per unit of energy; empty where there is one."""
    if counted.after_per_tce is not None:
        return ""
    if other is None:
        return _("没有电以外的能耗和排放，单位能耗碳排放未计算。")
    if counted.coal_factor is None:
        return _(
            "单位能耗碳排放未计算：没有电力折标准煤系数（{coal}）。"
            "请在 overrides 中给出 {rule_id} 的数值和依据，"
            "另一种折算见下表，与文件口径不同，零碳园区不据以判定。",
            coal=_(COAL_LABELS[Coal(counted.coal)]),
            rule_id=counted.rule_id,
        )
    return _("能耗为零。")


def _by_factor(
    before: OperatingYear, after: OperatingYear, certified: float, rulebook: Rulebook
) -> tuple[dict[str, Any], ...]:
    rows = []
    for factor in Factor:
        rule = rulebook.get(f"energy.carbon.factor.{factor}")
        if rule is None:
            continue
        value = rulebook.number(rule.id)
        rows.append(
            {
                "factor": str(factor),
                "title": _(FACTOR_LABELS[factor]),
                "factor_value": value,
                "before_tco2": emission(before.grid, value),
                "after_tco2": emission(after.grid, value, certified) + after.fuel_tco2,
                "rule_id": rule.id,
            }
        )
    return tuple(rows)
