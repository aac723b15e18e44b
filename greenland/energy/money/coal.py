"""Coal equivalent of electricity, which decides how much energy a park is said to use.

By its heat content (当量值) a kilowatt-hour is 0.1229 kgce wherever it is made; by the fuel
burnt to make it (等价值) about two and a half times as much, published year by year. 910号
counts the energy of a zero-carbon park by the latter, so that is what holds where nothing else is
chosen; both are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from greenland.i18n import N_, _
from greenland.rules import Rulebook
from greenland.rules.choice import chosen

COUNTED = "energy.zero_carbon.electricity_tce"
"""Rule that says how 910 counts electricity."""


class Coal(StrEnum):
    """How electricity is counted as coal."""

    EQUIVALENT = "equivalent"
    EQUAL_VALUE = "equal_value"


COAL_LABELS = {Coal.EQUIVALENT: N_("当量值"), Coal.EQUAL_VALUE: N_("等价值")}


@dataclass(frozen=True, slots=True)
class ByCoal:
    """Energy use and emission per unit of energy by one way to count electricity.

    Parameters
    ----------
    coal : str
        A value of `Coal`.
    title : str
        Its name in the language in use.
    coal_factor : float or None
        [kgce/kWh]
    electricity_tce, energy_use_tce : float or None
        [tce/yr]
    before_per_tce, after_per_tce : float or None
        [tCO2/tce]
    rule_id : str
    """

    coal: str
    title: str
    coal_factor: float | None
    electricity_tce: float | None
    energy_use_tce: float | None
    before_per_tce: float | None
    after_per_tce: float | None
    rule_id: str


def chosen_coal(choice: Coal | None, rulebook: Rulebook) -> tuple[Coal, str]:
    """The way to count electricity, and who chose it: the case, the document, or GB/T 2589.

    Parameters
    ----------
    choice : Coal, optional
        What the case says.
    rulebook : Rulebook

    Raises
    ------
    InputError
        If an override of the document's choice names no such way.
    """
    if choice is not None:
        return Coal(choice), _("案例给定")
    rule = rulebook.get(COUNTED)
    if rule is not None:
        return chosen(rule, Coal, touches=("energy",)), rule.source
    return Coal.EQUIVALENT, rulebook.rule("energy.carbon.tce.equivalent").source


def by_coal(
    coal: Coal,
    rulebook: Rulebook,
    load_mwh: float,
    emitted: tuple[float, float],
    other: tuple[float, float] | None,
) -> ByCoal:
    """Energy use and emission per unit of energy.

    Parameters
    ----------
    coal : Coal
    rulebook : Rulebook
    load_mwh : float
        Electricity used [MWh/yr].
    emitted : tuple of float
        By electricity before and after the plan [tCO2/yr].
    other : tuple of float, optional
        Energy used and emission besides electricity [tce/yr, tCO2/yr].
    """
    rule_id = f"energy.carbon.tce.{coal}"
    factor = None if rulebook.get(rule_id) is None else rulebook.number(rule_id)
    # 1 kgce/kWh is 1 tce/MWh.
    electricity = None if factor is None else load_mwh * factor
    use = None if electricity is None or other is None else electricity + other[0]
    per = [(tonnes + other[1]) / use if use and other else None for tonnes in emitted]
    return ByCoal(
        str(coal), _(COAL_LABELS[coal]), factor, electricity, use, per[0], per[1], rule_id
    )
