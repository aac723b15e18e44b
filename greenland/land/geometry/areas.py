"""Area by outline against the area of the ledger."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import Text, _
from greenland.land.geometry.plane import library, to_plane
from greenland.land.limits import within
from greenland.land.reasons import reasons
from greenland.results import State
from greenland.rules import Rulebook
from greenland.units import M2_PER_MU


def ellipsoidal_area_m2(frame: Any) -> np.ndarray:
    """Area of each outline on the ellipsoid [㎡], holes taken out.

    Parameters
    ----------
    frame : GeoDataFrame
        In longitude and latitude; areas without self-crossings, rings in any direction.

    Notes
    -----
    The vertices are put on the Lambert azimuthal equal-area plane of the ellipsoid around the
    middle of all outlines, where the area inside straight sides is exact. Straight sides of
    the plane and geodesics differ, for sides of parcel length within 100 km of the middle, by
    less than a millimetre across.
    """
    return np.asarray(library("shapely").area(to_plane(frame).geometry.to_numpy()))


def differences(parcels: pd.DataFrame, drawn: pd.Series[float], rules: Rulebook) -> pd.DataFrame:
    """Area by outline against the ledger, for every parcel of the ledger.

    Parameters
    ----------
    parcels : DataFrame
        The ledger.
    drawn : Series
        Area of each outline [㎡] by parcel number.
    rules : Rulebook
    """
    rule = rules.rule("land.geometry.area_difference")
    drawn_mu = parcels["parcel_id"].map(drawn / M2_PER_MU).astype(float)
    ledger = parcels["area_mu"].astype(float)
    share = drawn_mu / ledger.where(ledger > 0) - 1
    state = np.select(
        [share.isna(), ~within(share.abs(), rules.number(rule.id), greatest=True)],
        [State.NO_DATA, State.FAILED],
        State.MET,
    )
    flags: dict[Text, np.ndarray] = {
        _("没有图形"): drawn_mu.isna().to_numpy(),
        _("台账缺少面积"): (~(ledger > 0)).to_numpy(),
    }
    return pd.DataFrame(
        {
            "parcel_id": parcels["parcel_id"],
            "area_mu": ledger,
            "drawn_mu": drawn_mu,
            "difference": share,
            "required": rules.number(rule.id),
            "state": [str(item) for item in state],
            "rule_id": rule.id,
            "reason": reasons(parcels.index, flags),
        },
        index=parcels.index,
    )
