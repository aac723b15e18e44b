"""What a plan is best in."""

from __future__ import annotations

from enum import StrEnum

from greenland.i18n import N_


class Objective(StrEnum):
    """What a plan is best in.

    Least annual cost [yuan/yr], most net present value [yuan], least investment [yuan], or least
    price of green energy [yuan/kWh].

    Examples
    --------
    >>> from greenland.energy import Objective
    >>> Objective("npv")
    <Objective.NPV: 'npv'>
    """

    ANNUAL_COST = "annual_cost"
    NPV = "npv"
    CAPEX = "capex"
    GREEN_PRICE = "green_price"


OBJECTIVE_LABELS = {
    Objective.ANNUAL_COST: N_("年供电总成本最低"),
    Objective.NPV: N_("净现值最高"),
    Objective.CAPEX: N_("初投资最少"),
    Objective.GREEN_PRICE: N_("绿电电价最低"),
}
