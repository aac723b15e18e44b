"""Evaluate the stock land of a park: all ledgers, their totals and the forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenland.i18n import _
from greenland.land.stock.disposal import disposal
from greenland.land.stock.forecast import forecast
from greenland.land.stock.idle import idle, undecided
from greenland.land.stock.inefficient import inefficient
from greenland.land.stock.result import Ledger, StockResult, totals
from greenland.land.stock.unsupplied import unsupplied
from greenland.results import NotEvaluated, State, if_evaluated

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.park import Park


def evaluate(
    park: Park,
    *,
    per_mu: PerMuResult | NotEvaluated | None = None,
    standard_land: StandardLandResult | NotEvaluated | None = None,
) -> StockResult | NotEvaluated:
    """Build the ledgers of a park on its day of assessment.

    Parameters
    ----------
    park : Park
        Its parcels, firms and supply history.
    per_mu, standard_land : PerMuResult, StandardLandResult, optional
        Give class D and the standards parcels fall short of; without them those criteria of
        inefficient land are not applied.

    Returns
    -------
    StockResult or NotEvaluated
        The latter when there are no parcels.

    Raises
    ------
    RuleNotFoundError
        If the rule packs in use lack a rule it needs.

    References
    ----------
    国土资源部令第53号 第二条, 第十二条, 第十四条; 自然资规〔2018〕1号; 楚办发〔2023〕5号 第22项.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> result.totals["ledger"].tolist()
    ['unsupplied', 'idle', 'inefficient']
    """
    parcels, rules, day = park.tables["parcels"], park.rulebook, park.as_of
    if parcels.empty:
        return NotEvaluated(_("宗地台账没有数据。"))
    approved = unsupplied(parcels, rules, day)
    idle_parcels = idle(parcels, rules, day)
    undecided_parcels = undecided(parcels, rules, day)
    inefficient_parcels = inefficient(
        parcels,
        park.tables["firms"],
        rules,
        park.year,
        idle=idle_parcels.index,
        per_mu=if_evaluated(per_mu),
        standard_land=if_evaluated(standard_land),
        as_of=day,
    )
    counted = approved[approved["state"] != State.NOT_APPLICABLE]
    return StockResult(
        as_of=day,
        unsupplied=approved,
        idle=idle_parcels,
        undecided=undecided_parcels,
        inefficient=inefficient_parcels,
        totals=totals(
            {
                Ledger.UNSUPPLIED: counted,
                Ledger.IDLE: idle_parcels,
                Ledger.INEFFICIENT: inefficient_parcels,
            },
            {Ledger.IDLE: len(undecided_parcels)},
        ),
        disposal=disposal(park.tables["supply_history"], rules),
        forecast=forecast(parcels, rules, day),
    )
