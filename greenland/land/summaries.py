"""Wording that the summaries of several results share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from greenland.i18n import _
from greenland.summary import counts, quantity


def tally(codes: pd.Series, labels: Mapping[Any, str]) -> str:
    """How many there are of each code, in the order of the labels."""
    found = codes.astype(str).value_counts()
    return counts((_(text), int(found.get(str(code), 0))) for code, text in labels.items())


def parcels_and_area(row: Mapping[Any, Any]) -> str:
    """A number of parcels with their area [亩]."""
    return _(
        "{count} 宗，{area}",
        count=int(row["parcels"]),
        area=quantity(float(row["area_mu"]), _("亩")),
    )
