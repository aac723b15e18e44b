"""Re-allocate the land of a park to the projects of its pipeline."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from greenland.land.reallocate.data import prepare
from greenland.land.reallocate.result import ReallocationResult, result_of
from greenland.land.reallocate.search import solve
from greenland.land.reallocate.settings import ReallocationSettings
from greenland.land.settings import settings
from greenland.results import NotEvaluated, if_evaluated

if TYPE_CHECKING:
    from greenland.land.admission import AdmissionResult
    from greenland.land.exit import ExitResult
    from greenland.land.stock import StockResult
    from greenland.park import Park


def evaluate(
    park: Park,
    *,
    stock: StockResult | NotEvaluated | None = None,
    exit: ExitResult | NotEvaluated | None = None,  # noqa: A002 (name of the evaluation)
    admission: AdmissionResult | NotEvaluated | None = None,
) -> ReallocationResult | NotEvaluated:
    """Place the pipeline on the land that is free or becomes free.

    Parameters
    ----------
    park : Park
        As `greenland.read_park` gives it.
    stock, exit, admission : StockResult, ExitResult, AdmissionResult, optional
        Say which land is on offer and which projects take part under what area.

    Returns
    -------
    ReallocationResult or NotEvaluated
        The latter when there is no land or no project.

    Raises
    ------
    InputError
        If ``land.reallocation`` of park.yaml is faulty, such as weights that do not sum to 1.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第24项 (动态评估—退出—再配置).

    Examples
    --------
    >>> from dataclasses import replace
    >>> from greenland.land import stock
    >>> from greenland.park import read_example
    >>> park = read_example()
    >>> few = park.tables["pipeline"].head(2)
    >>> park = replace(park, tables={**park.tables, "pipeline": few})
    >>> result = evaluate(park, stock=stock.evaluate(park))
    >>> str(result.status), len(result.projects)
    ('optimal', 2)
    """
    begun = time.perf_counter()
    chosen = settings(park, "reallocation", ReallocationSettings)
    prepared = prepare(
        park, chosen, if_evaluated(stock), if_evaluated(exit), if_evaluated(admission)
    )
    if isinstance(prepared, NotEvaluated):
        return prepared
    most = int(park.rulebook.number("land.reallocation.max_parcels"))
    answer = solve(
        prepared.land, prepared.projects, prepared.limits, most, chosen.time_limit, chosen.gap
    )
    return result_of(prepared, chosen, answer, time.perf_counter() - begun)
