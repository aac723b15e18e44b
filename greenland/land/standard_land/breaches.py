"""What failed and overdue indicators lead to."""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from greenland.i18n import N_, _
from greenland.land.choices import one_of
from greenland.land.indicators import INDICATOR_LABELS
from greenland.land.reasons import reasons
from greenland.land.standard_land.checks import CheckStage
from greenland.land.standard_land.tables import by_parcel
from greenland.land.standard_land.values import JUDGED
from greenland.results import State
from greenland.rules import Rulebook


class Measure(StrEnum):
    """What follows a breach."""

    NO_PRODUCTION = "no_production"
    RECTIFY = "rectify"


MEASURE_LABELS = {
    Measure.NO_PRODUCTION: N_("通过对标验收前不得投产"),
    Measure.RECTIFY: N_("责令立即整改，整改不合格的不得投产使用，失信行为联合惩戒"),
}

MEASURE_RULES = {
    Measure.NO_PRODUCTION: "land.standard_land.completion_check",
    Measure.RECTIFY: "land.standard_land.breach",
}


def consequences_of(checks: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """What follows from failed and overdue indicators, by the rules of the park's packs."""
    states = by_parcel(checks)
    failed, overdue = states == str(State.FAILED), states == str(State.OVERDUE)
    at_completion = by_parcel(checks, "stage") == str(CheckStage.COMPLETION)
    cases = {Measure.NO_PRODUCTION: failed & at_completion, Measure.RECTIFY: failed | overdue}
    frames = []
    for measure, wrong in cases.items():
        rule_id = MEASURE_RULES[measure]
        hits = wrong[wrong.any(axis=1)]
        if one_of(rulebook, rule_id, (measure,)) is None or hits.empty:
            continue
        flags = {_(INDICATOR_LABELS[name]): hits[name].to_numpy(bool) for name in JUDGED}
        ids = checks["parcel_id"].to_numpy(object)[:: len(JUDGED)][wrong.any(axis=1).to_numpy()]
        frame = pd.DataFrame({"row": hits.index, "parcel_id": ids, "measure": str(measure)})
        frame["rule_id"] = rule_id
        frame["reason"] = reasons(hits.index, flags).to_numpy(object)
        frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=["row", "parcel_id", "measure", "rule_id", "reason"])
    return pd.concat(frames, ignore_index=True)
