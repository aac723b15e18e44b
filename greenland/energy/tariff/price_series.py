"""Read a price from what a file says: a number, twelve, one per season, or one per step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.energy.tariff.config import PriceOrFile, SeriesFile
from greenland.energy.tariff.price_file import LARGEST_YUAN_PER_KWH, read_price_file
from greenland.energy.tariff.spellings import spellings
from greenland.energy.tou import PERIOD_LABELS, season_of, wall_clock
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _

_USUAL = 0.4
_FACTORS = {"yuan/MWh": 1000.0, "fen/kWh": 100.0, "yuan/10MWh": 10000.0}


def by_period(price: object) -> bool:
    """Whether a price is given by time-of-use period; 平 alone is a season.

    Examples
    --------
    >>> by_period({"峰": 0.5, "平": 0.3, "谷": 0.2}), by_period({"丰": 0.2, "平": 0.3, "枯": 0.4})
    (True, False)
    """
    if not isinstance(price, dict):
        return False
    seasons, periods = spellings("season"), spellings("period")
    by_season = all(name in seasons or name in seasons.values() for name in price)
    return not by_season and all(name in periods or name in periods.values() for name in price)


class PriceReader:
    """Turns prices of one file into Series on one index, noting what is wrong with them.

    Parameters
    ----------
    index : DatetimeIndex
    folder : Path, optional
        Where named files lie.
    seasons : callable
        Gives the months of each season, asked only when a price is given by season.
    problems : list of Problem
        Faults are appended here.
    """

    def __init__(
        self,
        index: pd.DatetimeIndex,
        folder: Path | None,
        seasons: Callable[[], Mapping[str, Sequence[int]]],
        problems: list[Problem],
    ) -> None:
        self.index, self.folder, self.seasons, self.problems = index, folder, seasons, problems
        self.notes: dict[str, tuple[str, ...]] = {}  # by field: how its file was understood
        self.period: pd.Series | None = None  # time-of-use period of each step

    def read(self, price: PriceOrFile, field: str) -> pd.Series | None:
        """Price per step [yuan/kWh], or None when it cannot be used."""
        series = self._by_kind(price, field)
        if series is None or not self._plausible(series, field):
            return None
        return series.rename(field)

    def _by_kind(self, price: PriceOrFile, field: str) -> pd.Series | None:
        if isinstance(price, SeriesFile):
            return self._file(price, field)
        if isinstance(price, dict):
            return (self._by_period if by_period(price) else self._by_season)(price, field)
        if isinstance(price, list):
            months = wall_clock(self.index).month.to_numpy()
            return pd.Series(np.asarray(price, dtype=float)[months - 1], index=self.index)
        return pd.Series(float(price), index=self.index)

    def _by_period(self, price: Mapping[str, float], field: str) -> pd.Series | None:
        written = spellings("period")
        price = {written.get(name, name): value for name, value in price.items()}
        period = self.period
        there = set() if period is None else set(period)
        missing = sorted(there - set(price))
        if missing or not there:
            self._fault(
                "price_period",
                field,
                _(
                    "“{field}”没有给出时段 {periods} 的价格",
                    field=field,
                    periods="、".join(_(PERIOD_LABELS.get(name, name)) for name in missing),
                ),
                remedy=_("各时段都要给出；时段取自 tariff.tou 的 schedule 和 ratios，或规则包。"),
                allowed="、".join(sorted(there)),
            )
            return None
        assert period is not None
        return period.map(price).astype(float)

    def _by_season(self, price: Mapping[str, float], field: str) -> pd.Series | None:
        written = spellings("season")
        price = {written.get(name, name): value for name, value in price.items()}
        try:
            season = season_of(self.index, self.seasons())
        except InputError as error:
            self.problems += error.problems
            return None
        missing = sorted(set(season) - set(price))
        if missing:
            self._fault(
                "price_season",
                field,
                _("“{field}”没有给出 {seasons} 的价格", field=field, seasons="、".join(missing)),
                allowed="、".join(sorted(set(season))),
            )
            return None
        return season.map(price).astype(float)

    def _file(self, price: SeriesFile, field: str) -> pd.Series | None:
        path = (self.folder or Path()) / price.file
        try:
            prices = read_price_file(path, price, self.index)
        except InputError as error:
            self.problems += [
                replace(problem, file=price.file, touches=("energy",)) for problem in error.problems
            ]
            return None
        except (OSError, ValueError, ImportError) as error:
            self._fault(
                "price_file",
                field,
                _("读不出价格文件：{detail}", detail=str(error)),
                got=price.file,
            )
            return None
        self.notes[field] = prices.notes
        return prices.series

    def _plausible(self, series: pd.Series, field: str) -> bool:
        if series.isna().any():
            where = int(np.argmax(series.isna().to_numpy()))
            self._fault(
                "price_missing",
                field,
                _("“{field}”第 {step} 步没有数值。", field=field, step=where + 1),
            )
            return False
        # hours at nought say nothing of the unit, a single hour above the limit does
        prices = series.abs().to_numpy()
        size = float(np.median(prices[prices > 0])) if (prices > 0).any() else 0.0
        if size <= LARGEST_YUAN_PER_KWH < prices.max():
            size = float(prices.max())
        if size <= LARGEST_YUAN_PER_KWH:
            return True
        unit = min(_FACTORS, key=lambda name: abs(np.log(size / _FACTORS[name] / _USUAL)))
        self._fault(
            "price_unit",
            field,
            _("“{field}”应以元/kWh计，数值大得不像", field=field),
            remedy=_("看来单位是 {unit}，请换算后再填。", unit=unit),
            got=f"{size:g}",
        )
        return False

    def _fault(self, code: str, field: str, message: str, **parts: str) -> None:
        remedy = parts.pop("remedy", "")
        self.problems.append(
            Problem(
                Severity.ERROR,
                code,
                message,
                remedy,
                column=f"tariff.{field}",
                got=parts.get("got", ""),
                allowed=parts.get("allowed", ""),
                touches=("energy",),
            )
        )
