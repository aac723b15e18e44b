"""Indicators of a scheme on the units of a group: the common ones, and those it defines itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.formula import columns_of, quotient, uses_last_year, value_of
from greenland.land.indicators import (
    INDICATOR_LABELS,
    INDICATOR_UNITS,
    QUOTIENTS,
    firm_indicators,
)
from greenland.land.per_mu.items import OwnIndicator
from greenland.land.reasons import lacking, reasons


@dataclass(frozen=True)
class Indicators:
    """The indicators a scheme may use, by name.

    Parameters
    ----------
    own : mapping of name to OwnIndicator
        Those of the scheme itself.
    """

    own: Mapping[str, OwnIndicator] = field(default_factory=dict)

    def label(self, name: str) -> Text:
        """What it is called."""
        if name in self.own:
            return _("{title}", title=self.own[name].name)
        return _(INDICATOR_LABELS[name])

    def unit(self, name: str) -> str:
        """Its unit; ``"share"`` for decimals."""
        return self.own[name].unit if name in self.own else INDICATOR_UNITS[name]

    def values(
        self, names: Iterable[str], units: pd.DataFrame, last: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """One column per indicator, on the index of *units*.

        Parameters
        ----------
        units, last : DataFrame
            Figures of this year and, for formulas with ``last``, of the year before.
        """
        wanted = list(names)
        common = firm_indicators(units, [name for name in wanted if name not in self.own])
        more = {
            name: value_of(self.own[name].formula, units, last)
            for name in wanted
            if name in self.own
        }
        return common.assign(**more)[wanted]

    def missing(
        self, name: str, units: pd.DataFrame, last: pd.DataFrame | None = None
    ) -> pd.Series[Any]:
        """What each unit lacks for an indicator, in words; None where nothing."""
        if name not in self.own:
            parts = QUOTIENTS[name]
            return lacking(
                {part: units[part] for part in (parts.numerator, parts.denominator)},
                positive=[parts.denominator],
            )
        formula = self.own[name].formula
        blank = lacking({part: units[part] for part in columns_of(formula)})
        unknown = self.values([name], units, last)[name].isna()
        before = unknown & blank.isna() & uses_last_year(formula)
        zero = unknown & blank.isna() & ~before
        also = reasons(
            units.index,
            {
                _("缺少上年数据，或上年的分母为零或负数"): before.to_numpy(bool),
                _("公式的分母为零或负数"): zero.to_numpy(bool),
            },
        )
        return blank.where(blank.notna(), also)

    def mean(
        self,
        name: str,
        units: pd.DataFrame,
        last: pd.DataFrame | None = None,
        kind: str = "aggregate",
    ) -> float:
        """Mean of an indicator over the units that have it; NaN when none has.

        Parameters
        ----------
        kind : {"aggregate", "simple"}
            Sum over sum, or mean of the units' values. A formula that is no fraction has only
            the mean of the values.
        """
        values = self.values([name], units, last)[name]
        known = values.notna()
        if not known.any():
            return math.nan
        if name in self.own:
            parts = quotient(self.own[name].formula)
        else:
            parts = (QUOTIENTS[name].numerator, QUOTIENTS[name].denominator)
        if kind == "simple" or parts is None:
            return math.fsum(values[known]) / int(known.sum())
        above, below = (math.fsum(value_of(part, units, last)[known]) for part in parts)
        return above / below if below > 0 else math.nan


COMMON = Indicators()
