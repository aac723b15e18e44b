"""Coal equivalents and emission factors of a year, each with its rule."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from greenland.energy.account.uses import CARRIER_LABELS, CARRIER_UNITS, Carrier
from greenland.energy.money.carbon import FACTOR_LABELS, Factor
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.rules import Rule, Rulebook
from greenland.rules.choice import chosen

KEY = "account"


class GridFactor(StrEnum):
    """Which average counts power from the grid."""

    NEAREST = "nearest"
    PROVINCE = "province"
    REGION = "region"
    NATIONAL = "national"
    NON_MARKET = "non_market"
    FOSSIL = "fossil"


@dataclass(frozen=True, slots=True)
class Factors:
    """What turns amounts of energy into coal equivalent and emission.

    Parameters
    ----------
    tce, tco2 : mapping of Carrier to float
        Per unit of `CARRIER_UNITS` [tce, tCO2].
    electricity_tce : float
        By heat content (当量值) [tce/MWh].
    electricity_equal_tce : float, optional
        By the fuel burnt to make it (等价值) [tce/MWh]; published each year, the park's to give.
    grid_tco2 : float
        Of power from the grid [tCO2/MWh].
    grid_name : str
        Which average that is.
    zero_carbon_tco2 : float, optional
        Of power neither direct nor certified, by annex 4 of 910 [tCO2/MWh].
    rules : tuple of Rule
        Every rule these values stand in.
    """

    tce: Mapping[Carrier, float]
    tco2: Mapping[Carrier, float]
    electricity_tce: float
    electricity_equal_tce: float | None
    grid_tco2: float
    grid_name: str
    zero_carbon_tco2: float | None
    rules: tuple[Rule, ...] = ()


def read_factors(rulebook: Rulebook, carriers: Set[Carrier]) -> Factors:
    """Factors in force in the year of the rulebook.

    Parameters
    ----------
    rulebook : Rulebook
        Of the year the energy was used in.
    carriers : set of Carrier
        Those in use, whose factors are needed.

    Returns
    -------
    Factors
        With the rule of each value.

    Raises
    ------
    InputError
        With every factor that is needed and has no value.

    Examples
    --------
    >>> from greenland.rules import load_rulebook
    >>> read_factors(load_rulebook(("national",), 2026), {Carrier.COAL}).tce[Carrier.COAL]
    0.7143
    """
    ids = [f"energy.account.tce.{one}" for one in sorted(carriers)]
    ids += [f"energy.account.tco2.{one}" for one in sorted(carriers)]
    grid = _grid(rulebook)
    ids += [grid, "energy.carbon.tce.equivalent"]
    missing = [name for name in ids if rulebook.get(name) is None]
    if missing:
        raise InputError([_missing(name) for name in missing])
    zero = rulebook.get(f"energy.carbon.factor.{Factor.ZERO_CARBON}")
    equal = rulebook.get("energy.carbon.tce.equal_value")
    optional = [rule for rule in (zero, equal) if rule is not None]
    return Factors(
        tce={one: rulebook.number(f"energy.account.tce.{one}") for one in carriers},
        tco2={one: rulebook.number(f"energy.account.tco2.{one}") for one in carriers},
        electricity_tce=rulebook.number("energy.carbon.tce.equivalent"),
        electricity_equal_tce=None if equal is None else rulebook.number(equal.id),
        grid_tco2=rulebook.number(grid),
        grid_name=_(FACTOR_LABELS[Factor(grid.rpartition(".")[2])]),
        zero_carbon_tco2=None if zero is None else rulebook.number(zero.id),
        rules=(*(rulebook.rule(name) for name in ids), *optional),
    )


def _grid(rulebook: Rulebook) -> str:
    """Rule of the factor of power from the grid."""
    choice = chosen(rulebook.rule("energy.account.grid_factor"), GridFactor, touches=(KEY,))
    if choice is not GridFactor.NEAREST:
        return f"energy.carbon.factor.{choice}"
    province = f"energy.carbon.factor.{Factor.PROVINCE}"
    if rulebook.get(province) is not None:
        return province
    return f"energy.carbon.factor.{Factor.NATIONAL}"


def _missing(rule_id: str) -> Problem:
    kind = rule_id.rpartition(".")[2]
    named = {str(one): _(CARRIER_LABELS[one]) for one in Carrier}
    units = {str(one): unit for one, unit in CARRIER_UNITS.items()}
    what = _("{name}（每{unit}）", name=named[kind], unit=units[kind]) if kind in named else rule_id
    return Problem(
        Severity.ERROR,
        "account_factor",
        _("碳账户没有折算系数：{what}。", what=what),
        _("请在 rules.overrides 中给出 {rule} 的数值和依据。", rule=rule_id),
        column=rule_id,
        touches=(KEY,),
    )
