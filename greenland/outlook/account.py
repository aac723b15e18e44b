"""Evaluate the carbon account of a park, from 企业用能 and 企业效益."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.energy.account import (
    Account,
    Carrier,
    EnergyUse,
    Factors,
    account,
    by_group,
    read_factors,
)
from greenland.energy.compliance.checks import Check
from greenland.energy.compliance.config import ComplianceConfig
from greenland.energy.compliance.zero_carbon import zero_carbon_checks
from greenland.energy.money.coal import Coal, chosen_coal
from greenland.errors import InputError, Problem
from greenland.i18n import _
from greenland.land.per_mu.firms import of_year
from greenland.outlook.cells import cell_error
from greenland.outlook.demand import MONTH_COLUMNS
from greenland.park.codes import industry_divisions
from greenland.results import NotEvaluated, plain_value, records
from greenland.summary import Summarised, Summary, quantity

if TYPE_CHECKING:
    from greenland.park import Park

__all__ = ["AccountResult", "evaluate"]

FUELS = {
    Carrier.COAL: "coal_t",
    Carrier.COKE: "coke_t",
    Carrier.GAS: "gas_wan_m3",
    Carrier.DIESEL: "diesel_t",
    Carrier.LPG: "lpg_t",
    Carrier.HEAT: "heat_gj",
    Carrier.STEAM: "steam_t",
}
AMOUNTS = (
    "heat_sold_gj",
    "traded_mwh",
    "certificates_mwh",
    "other_tce",
    "other_tco2",
    "process_tco2",
)


@dataclass(frozen=True, repr=False)
class AccountResult(Summarised):
    """The carbon account of a year.

    Parameters
    ----------
    year : int
        The assessed year.
    account : Account
        Of the assessed year, see `greenland.energy.account`.
    previous : Account, optional
        Of the year before, by the factors of that year; None where it has no 企业用能.
    industries : DataFrame
        The sums by industry.
    factors : Factors
        What the energy of the year was counted by.
    checks : tuple of Check
        Core and guide indicators of 发改环资〔2025〕910号.
    direct_share : float, optional
        Direct supply and own generation over all electricity [decimal].
    notes : tuple of str
        What is estimated and what is left out.
    zero_carbon_park : bool
        Whether ``energy.compliance`` of park.yaml says it is to be one; else 910 only compares.
    """

    year: int
    account: Account
    previous: Account | None
    industries: pd.DataFrame
    factors: Factors
    checks: tuple[Check, ...]
    direct_share: float | None
    notes: tuple[str, ...]
    zero_carbon_park: bool = False

    def _summary(self) -> Summary:
        total = self.account.total
        head = _(
            "{year} 年二氧化碳排放 {co2}", year=self.year, co2=quantity(total["net_tco2"], "t")
        )
        lines = (
            (_("综合能耗（等价值）"), quantity(total["equal_value_tce"], "tce")),
            (_("综合能耗（当量值）"), quantity(total["equivalent_tce"], "tce")),
            (_("企业"), str(len(self.account.firms))),
        )
        return Summary(head, lines)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        before = None if self.previous is None else plain_value(self.previous.total)
        return {
            "evaluated": True,
            "year": self.year,
            "total": plain_value(self.account.total),
            "previous": before,
            "firms": records(self.account.firms),
            "industries": records(self.industries),
            "carriers": records(self.account.carriers),
            "checks": [plain_value(asdict(one)) for one in self.checks],
            "zero_carbon_park": self.zero_carbon_park,
            "direct_share": self.direct_share,
            "grid_tco2_per_mwh": self.factors.grid_tco2,
            "grid_name": self.factors.grid_name,
            "factors": [
                {
                    "name": rule.name,
                    "value": rule.value,
                    "unit": rule.unit,
                    "source": rule.source,
                    "rule_id": rule.id,
                }
                for rule in self.factors.rules
            ],
            "notes": list(self.notes),
        }


def evaluate(park: Park) -> AccountResult | NotEvaluated:
    """Account for the energy and the emission of a park's firms.

    Parameters
    ----------
    park : Park
        With 企业用能 of the assessed year; that of the year before is compared with it.

    Returns
    -------
    AccountResult or NotEvaluated
        The latter where there is no 企业用能 of the year.

    Raises
    ------
    InputError
        With every row that cannot be, such as more direct supply than electricity, and every
        factor that is missing.

    References
    ----------
    楚办发〔2023〕5号第17项; 发改环资〔2025〕910号附件3、附件4; GB/T 2589.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> found = evaluate(read_example())
    >>> found.year, found.factors.grid_tco2
    (2026, 0.1333)
    """
    uses = _uses(park, park.year)
    if not uses:
        return NotEvaluated(_("企业用能表没有 {year} 年度的数据。", year=park.year))
    factors = read_factors(park.rulebook, _carriers(uses))
    found = account(uses, factors)
    earlier = _uses(park, park.year - 1)
    previous = None
    if earlier:
        then = read_factors(park.rulebook.as_of(park.year - 1), _carriers(earlier))
        previous = account(earlier, then)
    share, checks = _checks(park, found)
    return AccountResult(
        year=park.year,
        account=found,
        previous=previous,
        industries=by_group(found.firms),
        factors=factors,
        checks=tuple(checks),
        direct_share=share,
        notes=tuple(_notes(found, factors)),
        zero_carbon_park=_config(park).zero_carbon_park,
    )


def _carriers(uses: list[EnergyUse]) -> frozenset[Carrier]:
    found = {one for use in uses for one, much in use.fuels.items() if much > 0}
    return frozenset(found | ({Carrier.HEAT} if any(use.heat_sold_gj for use in uses) else set()))


def _uses(park: Park, year: int) -> list[EnergyUse]:
    """Energy of the firms in a year; those without 企业用能 by what 企业效益 says."""
    economy = park.tables["firms"]
    economy = economy[economy["year"] == year].drop_duplicates("firm_id").set_index("firm_id")
    rows = park.tables["firm_energy"]
    rows = rows[(rows["year"] == year) & rows["firm_id"].notna()].drop_duplicates("firm_id")
    if rows.empty:
        return []
    land = of_year(economy.reset_index(), park.tables["parcels"], year).units["land_mu"]
    economy = economy.assign(land_mu=land.reindex(economy.index))
    problems: list[Problem] = []
    uses = [_use(park, row, item, economy, problems) for row, item in rows.iterrows()]
    if problems:
        raise InputError(problems)
    others = economy[~economy.index.isin(rows["firm_id"])]
    return [use for use in uses if use is not None] + [
        _estimated(str(firm), known) for firm, known in others.iterrows()
    ]


def _use(
    park: Park, row: Any, item: Any, economy: pd.DataFrame, problems: list[Problem]
) -> EnergyUse | None:
    firm = str(item["firm_id"])
    known = economy.loc[firm] if firm in economy.index else None
    months = item[MONTH_COLUMNS].to_numpy(dtype=float)
    estimated: list[str] = []
    missing = [month for month, value in enumerate(months, 1) if np.isnan(value)]
    lacks = "、".join(map(str, missing))
    told = _power(known)
    if not missing:
        power = float(months.sum())
    elif told is not None:
        power = told
        if len(missing) < len(months):
            text = _("缺 {months} 月的用电量，按企业效益的全年用电量计", months=lacks)
            estimated.append(text)
    elif len(missing) < len(months):
        problems.append(
            _problem(
                park,
                row,
                "month_1_mwh",
                _("缺 {months} 月的用电量，企业效益也没有全年用电量。", months=lacks),
                _("请补全 12 个月，或在企业效益表填用电量。"),
            )
        )
        return None
    else:
        power = 0.0
        estimated.append(_("没有用电量，按零计"))
    direct, own = _number(item["direct_mwh"]), _number(item["own_mwh"])
    if direct + own > power * (1 + 1e-6):
        problems.append(
            _problem(
                park,
                row,
                "direct_mwh",
                _("绿电直连和自发自用的电量之和大于全年用电量 {power} MWh。", power=f"{power:g}"),
                _("请核对这两列和用电量；上网电量不计入。"),
                f"{direct + own:g} MWh",
            )
        )
        return None
    name = item["firm_name"] if isinstance(item["firm_name"], str) else ""
    return EnergyUse(
        key=firm,
        name=name or ("" if known is None else str(known["firm_name"])) or firm,
        group=_industry(known),
        electricity_mwh=power,
        direct_mwh=min(direct, power),
        own_mwh=min(own, max(0.0, power - direct)),
        fuels={
            one: float(item[column])
            for one, column in FUELS.items()
            if not pd.isna(item[column]) and item[column] > 0
        },
        **{column: _number(item[column]) for column in AMOUNTS},
        **_economy(known),
        estimated=tuple(estimated),
    )


def _problem(park: Park, row: Any, column: str, text: str, remedy: str, got: str = "") -> Problem:
    place = park, "firm_energy", row, column
    return cell_error(*place, text, remedy, got, code="account_power", part="account")


def _estimated(firm: str, known: Any) -> EnergyUse:
    """A firm of which only 企业效益 tells: its electricity, and no fuel."""
    power = _power(known)
    said = _("没有企业用能数据：只计企业效益的用电量，燃料未计")
    if power is None:
        said = _("没有企业用能数据，也没有用电量：按零计")
    return EnergyUse(
        key=firm,
        name=str(known["firm_name"]),
        group=_industry(known),
        electricity_mwh=power or 0.0,
        **_economy(known),
        estimated=(said,),
    )


def _economy(known: Any) -> dict[str, Any]:
    if known is None:
        return {"value_added_wan": None, "land_mu": None, "reported_tce": None}
    return {
        "value_added_wan": _or_none(known["value_added_wan"]),
        "land_mu": _or_none(known["land_mu"]),
        "reported_tce": _or_none(known["energy_tce"]),
    }


def _industry(known: Any) -> str:
    """Name of the industry a firm is summed under: its division of GB/T 4754."""
    code = "" if known is None else known["industry_code"]
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2] if isinstance(code, str) else ""
    division = industry_divisions().get(digits)
    return division.name if division else _("未填行业")


def _power(known: Any) -> float | None:
    """Electricity of 企业效益 [MWh]."""
    return None if known is None else _or_none(known["electricity_mwh"])


def _number(value: Any) -> float:
    return 0.0 if pd.isna(value) else float(value)


def _or_none(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _checks(park: Park, found: Account) -> tuple[float | None, list[Check]]:
    """Core and guide indicators of 910, counted as its annexes 3 and 4 do."""
    total, book = found.total, park.rulebook
    power = total["electricity_mwh"] or 0.0
    direct = (total["direct_mwh"] or 0.0) + (total["own_mwh"] or 0.0)
    share = direct / power if power > 0 else None
    if book.get("energy.zero_carbon.direct_supply") is None:
        return share, []
    equal = chosen_coal(None, book)[0] is Coal.EQUAL_VALUE
    energy = total["equal_value_tce"] if equal else total["equivalent_tce"]
    emitted = total["zero_carbon_tco2"]
    per = None if emitted is None or not energy else emitted / energy
    ratios = {} if share is None else {"self_use_of_consumption": share}
    return share, zero_carbon_checks(ratios, _config(park), book, per, energy)


def _config(park: Park) -> ComplianceConfig:
    """Guide indicators of ``energy.compliance``; the sizing tells of what is wrong there."""
    part = (park.config.energy or {}).get("compliance")
    names = (
        "clean_energy_share",
        "solid_waste_used_share",
        "waste_heat_used_share",
        "water_reused_share",
        "unit_consumption_level",
        "zero_carbon_park",
    )
    given = {name: part[name] for name in names if isinstance(part, dict) and name in part}
    try:
        return ComplianceConfig.model_validate(given)
    except ValueError:
        return ComplianceConfig()


def _notes(found: Account, factors: Factors) -> list[str]:
    firms = found.firms
    notes: list[str] = [
        _("电网电量按{name} {value} tCO₂/MWh 计；绿电直连和自发自用按零计，绿证只抵电网电量，"
          "不重复扣减。", name=factors.grid_name, value=f"{factors.grid_tco2:g}"),
        _("范围一为燃料燃烧和生产过程，范围二为外购电力和热力；不含其他间接排放。"),
    ]  # fmt: skip
    guessed = firms[firms["estimated"] != ""]
    if len(guessed):
        share = guessed["electricity_mwh"].sum() / max(firms["electricity_mwh"].sum(), 1e-9)
        notes.append(
            _("{count} 家企业的数据不全或为推算，用电量占 {share}；其燃料未计，排放偏低。",
              count=len(guessed), share=f"{share:.1%}")
        )  # fmt: skip
    surplus = found.total["surplus_mwh"] or 0.0
    if surplus > 0:
        notes.append(_("绿电交易和绿证超过电网电量的部分 {mwh} MWh 不计。", mwh=f"{surplus:,.0f}"))
    if factors.electricity_equal_tce is None:
        notes.append(
            _("没有电力等价值折标系数：等价值能耗和按 910 号核算的单位能耗碳排放未计算。"
              "请在 rules.overrides 中给出 energy.carbon.tce.equal_value 的数值和依据。")
        )  # fmt: skip
    return notes
