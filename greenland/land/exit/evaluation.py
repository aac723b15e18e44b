"""Evaluate the exit of a park's parcels from the findings of the other evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenland.i18n import _
from greenland.land.exit.decision import decide, summary
from greenland.land.exit.findings import collect
from greenland.land.exit.gaps import gaps
from greenland.land.exit.result import ExitResult
from greenland.results import NotEvaluated, if_evaluated

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult
    from greenland.park import Park


def evaluate(
    park: Park,
    *,
    per_mu: PerMuResult | NotEvaluated | None = None,
    standard_land: StandardLandResult | NotEvaluated | None = None,
    stock: StockResult | NotEvaluated | None = None,
) -> ExitResult | NotEvaluated:
    """Decide on every parcel of the park.

    Parameters
    ----------
    park : Park
        As `greenland.read_park` gives it.
    per_mu, standard_land, stock : PerMuResult, StandardLandResult, StockResult, optional
        Where the findings come from; what is not there is said in ``left_out``.

    Returns
    -------
    ExitResult or NotEvaluated
        The latter when there are no parcels.

    Raises
    ------
    InputError
        If `land.exit.measures` names an unknown finding, decision, route or deadline.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第24项 (动态评估—退出—再配置); 楚办发〔2023〕5号 第22项.

    Examples
    --------
    Without the other results their findings are left out, and the result says so.

    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> len(result.parcels), [str(name) for name in result.left_out]
    (172, ['亩均效益', '标准地', '存量土地'])
    """
    parcels = park.tables["parcels"]
    if parcels.empty:
        return NotEvaluated(_("宗地台账没有数据。"))
    given = {
        _("亩均效益"): per_mu,
        _("标准地"): standard_land,
        _("存量土地"): stock,
    }
    absent = tuple(
        name for name, item in given.items() if item is None or isinstance(item, NotEvaluated)
    )
    findings = collect(park, if_evaluated(per_mu), if_evaluated(standard_land), if_evaluated(stock))
    shortfalls = gaps(parcels, if_evaluated(per_mu), if_evaluated(standard_land))
    table = decide(
        parcels,
        findings,
        shortfalls,
        park.rulebook,
        park.as_of,
        if_evaluated(stock),
        wrong=park.set_aside.get("parcels", frozenset()),
    )
    return ExitResult(parcels=table, summary=summary(table), left_out=absent)
