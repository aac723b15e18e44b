"""Make the example park ``examples/yunnan_park``: invented data, the same at every run.

No firm, parcel, project or reading in it is real. The sizes are plausible for a provincial zone
in central Yunnan, and every state, class, ledger and verdict of the programme occurs.

    python examples/make [DIR]
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from draw import SEED, YEAR
from firms import FirmMaker
from layout import geojson
from parcels import ParcelMaker
from power import facilities, firm_energy, monthly
from projects import PIPELINE
from series import write_series
from zone import indicators, land_use, supply_history

from greenland.files import write_text
from greenland.park import write_tables


def overview(codes: pd.DataFrame) -> pd.DataFrame:
    """One row: the whole zone."""
    of_year = codes[codes["year"] == YEAR].set_index("code")["area_ha"]
    total = float(of_year[["D1", "D21", "D22", "E1", "E21", "E22", "F"]].sum())
    return pd.DataFrame(
        [
            {
                "part": "main",
                "approved_area_ha": round(total, 4),
                "planned_area_ha": round(total, 4),
                "planned_industrial_ha": round(total * 0.73, 4),
                "approval_document": "示例批复〔2012〕18号（虚构）",
                "established": dt.date(2012, 6, 18),
                "leading_industries": "绿色硅、绿色铝、食品加工、精细化工",
            }
        ]
    )


def main(folder: Path) -> None:
    """Write the workbook, the parcel outlines and the series."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    firm_maker = FirmMaker(rng)
    firms = firm_maker.table()
    parcel_maker = ParcelMaker(rng, firm_maker.firms)
    parcels = parcel_maker.table(firms)
    landlords = {
        str(firm["firm_id"]): firm["landlord"] for firm in firm_maker.firms if firm["landlord"]
    }
    firms["landlord_id"] = firms["firm_id"].map(landlords)
    codes = land_use(parcels)
    sheets = {
        "overview": overview(codes),
        "parcels": parcels,
        "firms": firms,
        "pipeline": pd.DataFrame(PIPELINE),
        "land_use": codes.assign(part="main"),
        "supply_history": supply_history(parcels).assign(part="main"),
        "indicators": indicators(parcels, firms, codes).assign(part="main"),
        "firm_energy": firm_energy(firms),
        "power_facilities": facilities(),
        "power_months": monthly(),
    }
    write_tables(folder / "park.xlsx", sheets)
    write_text(folder / "parcels.geojson", geojson(parcel_maker.strips))
    write_series(folder)


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[1] / "yunnan_park"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
