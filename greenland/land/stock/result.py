"""Result of the evaluation of stock land, and the totals of its ledgers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.i18n import N_, _
from greenland.land.frames import LandResult
from greenland.land.summaries import parcels_and_area
from greenland.land.sums import known_sum, without_area
from greenland.results import records
from greenland.summary import Summary
from greenland.units import MU_PER_HA


class Ledger(StrEnum):
    """The three ledgers of stock land."""

    UNSUPPLIED = "unsupplied"
    IDLE = "idle"
    INEFFICIENT = "inefficient"


LEDGER_LABELS = {
    Ledger.UNSUPPLIED: N_("批而未供"),
    Ledger.IDLE: N_("闲置"),
    Ledger.INEFFICIENT: N_("低效"),
}


@dataclass(frozen=True, slots=True, repr=False)
class StockResult(LandResult):
    """The three ledgers, what is disposed of, and what will become idle.

    The tables of parcels are indexed by the row of the 宗地台账.

    Parameters
    ----------
    as_of : date
        Day the states are judged on.
    unsupplied : DataFrame
        批而未供: approved and not supplied, with the months since.
    idle : DataFrame
        闲置: what is idle, since when, by whose fault, and what follows.
    undecided : DataFrame
        Parcels that may be idle but lack the data to tell.
    inefficient : DataFrame
        低效: the criteria each parcel meets, and what it falls short by.
    totals : DataFrame
        Parcels and area of each ledger [亩], [公顷].
    disposal : DataFrame
        Disposed of by year and ledger, against the goal.
    forecast : DataFrame
        Parcels that will be idle, and when.
    """

    as_of: dt.date
    unsupplied: pd.DataFrame
    idle: pd.DataFrame
    undecided: pd.DataFrame
    inefficient: pd.DataFrame
    totals: pd.DataFrame
    disposal: pd.DataFrame
    forecast: pd.DataFrame

    def _summary(self) -> Summary:
        rows = self.totals.set_index("ledger").to_dict("index")
        lines = [
            (_(text), parcels_and_area(rows[code]))
            for code, text in LEDGER_LABELS.items()
            if code in rows
        ]
        return Summary(
            _("截至 {day}", day=self.as_of.isoformat()),
            (*lines, (_("即将闲置"), _("{count} 宗", count=len(self.forecast)))),
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "as_of": self.as_of.isoformat(),
            "unsupplied": records(self.unsupplied, index="row"),
            "idle": records(self.idle, index="row"),
            "undecided": records(self.undecided, index="row"),
            "inefficient": records(self.inefficient, index="row"),
            "totals": records(self.totals),
            "disposal": records(self.disposal),
            "forecast": records(self.forecast, index="row"),
        }


def totals(tables: dict[Ledger, pd.DataFrame], unresolved: dict[Ledger, int]) -> pd.DataFrame:
    """Parcels and area of each ledger; `missing` counts parcels whose area is not known.

    The area is missing where that of no parcel of the ledger is known.
    """
    rows = []
    for ledger, table in tables.items():
        area = known_sum(table["area_mu"])
        rows.append(
            {
                "ledger": str(ledger),
                "parcels": len(table),
                "area_mu": area,
                "area_ha": area / MU_PER_HA,
                "missing": int(without_area(table).sum()),
                "undecided": unresolved.get(ledger, 0),
            }
        )
    return pd.DataFrame(rows)
