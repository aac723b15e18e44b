"""存量土地: the ledgers of approved-but-unsupplied, idle and inefficient land.

Built from the 宗地台账 and its dates alone; what is idle today stays idle until something is
done. Formulas and terms: 国土资源部令第53号 (闲置), 自然资规〔2018〕1号 (批而未供).
"""

from greenland.land.stock.disposal import disposal
from greenland.land.stock.evaluation import evaluate
from greenland.land.stock.forecast import forecast
from greenland.land.stock.idle import Consequence, idle, undecided
from greenland.land.stock.idle_time import IdleDefinition
from greenland.land.stock.inefficient import Criterion, inefficient
from greenland.land.stock.result import Ledger, StockResult, totals
from greenland.land.stock.unsupplied import unsupplied

__all__ = [
    "Consequence",
    "Criterion",
    "IdleDefinition",
    "Ledger",
    "StockResult",
    "disposal",
    "evaluate",
    "forecast",
    "idle",
    "inefficient",
    "totals",
    "undecided",
    "unsupplied",
]
