"""Indicators a review scheme defines itself, and the figures of supply its formulas may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, Field

from greenland.i18n import Text, _, joined, language
from greenland.land.formula import checked, columns_of, quotient, value_of
from greenland.land.parts import ZONE, part_of, zone_by_year
from greenland.land.review.zone_indicators import (
    FIGURE_LABELS,
    SUPPLY_LABELS,
    ZONE_INDICATORS,
    fact_name,
)
from greenland.land.schemes import SchemeModel
from greenland.park.codes import land_codes


def _formula(text: str) -> str:
    return checked(text, [*land_codes(), *FIGURE_LABELS, *SUPPLY_LABELS])


def _new_name(name: str) -> str:
    if name in ZONE_INDICATORS:
        raise ValueError(_("指标“{name}”已有定义，请另取名称", name=name))
    return name


Formula = Annotated[str, AfterValidator(_formula)]
OwnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), AfterValidator(_new_name)]


class OwnZoneIndicator(SchemeModel):
    """An indicator of the zone a scheme defines itself.

    Parameters
    ----------
    unit : str
        ``"share"`` for decimals, else as it is printed.
    formula : str
        Over land codes [公顷], figures of the year and of supply; see `greenland.land.formula`.
    ideal : float, optional
        In the unit; a park's own goes before it.
    """

    title: str
    title_en: str
    unit: str
    formula: Formula
    ideal: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en


Own = Mapping[str, OwnZoneIndicator]


def label_of(name: str, own: Own) -> Text:
    """What an indicator is called."""
    if name in own:
        return _("{title}", title=own[name].name)
    return _(ZONE_INDICATORS[name].label)


def unit_of(name: str, own: Own) -> str:
    """Unit of an indicator; ``"share"`` for decimals."""
    return own[name].unit if name in own else ZONE_INDICATORS[name].unit


def formula_of(name: str, own: Own) -> str:
    """Formula of an indicator as people write it."""
    return own[name].formula if name in own else ZONE_INDICATORS[name].formula


def terms_of(name: str, own: Own) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns whose sums are numerator and denominator; nothing where they are no plain sums."""
    if name not in own:
        spec = ZONE_INDICATORS[name]
        return spec.numerator, spec.denominator
    parts = quotient(own[name].formula)
    if parts is None:
        return (), ()
    above, below = (tuple(columns_of(part)) for part in parts)
    plain = all(
        " + ".join(terms) == text for terms, text in zip((above, below), parts, strict=True)
    )
    return (above, below) if plain else ((), ())


def with_supply(table: pd.DataFrame, history: pd.DataFrame, year: int) -> pd.DataFrame:
    """Facts with the figures of supply of the year: of the part where they are told apart.

    Parameters
    ----------
    table : DataFrame
        A row for the zone and for each part.
    history : DataFrame
        The 历年供地 sheet.
    """
    names = list(SUPPLY_LABELS)
    rows = history[history["year"].eq(year).fillna(False).astype(bool)]
    zone = zone_by_year(rows, names)
    by_part = rows.assign(part=part_of(rows)).set_index("part")[names]
    found = pd.DataFrame(float("nan"), index=table.index, columns=names)
    for part in table.index:
        if part != ZONE and part in by_part.index:
            found.loc[part] = by_part.loc[[part]].sum(min_count=1).to_numpy()
        elif year in zone.index:
            found.loc[part] = zone.loc[year].to_numpy()
    return table.join(found)


def own_indicator(facts: pd.DataFrame, item: OwnZoneIndicator) -> pd.DataFrame:
    """One indicator of the scheme for every row of facts, as `zone_indicator` gives it."""
    value = value_of(item.formula, facts)
    parts = quotient(item.formula)
    nothing = pd.Series(float("nan"), index=facts.index)
    above, below = (value_of(part, facts) for part in parts) if parts else (value, nothing)
    columns = columns_of(item.formula)
    blank = facts[columns].isna()
    reason = [
        None if known else _missing([name for name in columns if row[name]])
        for known, row in zip(value.notna().tolist(), blank.to_dict("records"), strict=True)
    ]
    return pd.DataFrame(
        {
            "value": value,
            "numerator": above,
            "denominator": below,
            "reason": pd.Series(reason, index=facts.index, dtype=object),
        }
    )


def _missing(columns: Sequence[str]) -> Text:
    gaps = [fact_name(column) for column in columns]
    return _("缺少{what}", what=joined(gaps)) if gaps else _("公式的分母为零或负数")
