"""Green energy of a project with several users, shared out hour by hour.

发改能源〔2026〕688号: what is used on site in an hour is internal generation, storage release
included, less export; it is split among the users by their consumption in that hour.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

import numpy as np
import pandas as pd

from greenland.energy.site import horizon_years, step_hours
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _
from greenland.results import with_units
from greenland.rules import Rulebook

KWH = Decimal("0.001")  # in MWh
RULE = "energy.direct.allocation"
BY_CONSUMPTION, BY_AGREEMENT = "consumption_share", "agreement"


def not_shared_out(rulebook: Rulebook) -> Problem | None:
    """Why green energy is not split among the users by the rules; None where it is.

    Only the split by hourly consumption is computed. One by agreement is the project's own, and
    before 688 there was none.
    """
    rule = rulebook.get(RULE)
    if rule is not None and rule.value == BY_CONSUMPTION:
        return None
    if rule is None:
        message = _("{year}年没有多用户分摊绿电的条文，不计算分摊表。", year=rulebook.year)
    elif rule.value == BY_AGREEMENT:
        message = _("绿电按内部协议分摊（{source}），不计算分摊表。", source=rule.source)
    else:
        message = _("不认识的分摊办法，不计算分摊表。")
    got = "" if rule is None else str(rule.value)
    allowed = f"{BY_CONSUMPTION}、{BY_AGREEMENT}"
    return Problem(
        Severity.WARNING, "allocation", message, got=got, allowed=allowed, touches=("energy",)
    )


def allocate(self_use: pd.Series, users: pd.DataFrame) -> pd.DataFrame:
    """Green power of each user in each step.

    Parameters
    ----------
    self_use : Series
        On-site power that serves all users together [MW].
    users : DataFrame
        Consumption of each user, one column each [MW], on the same index.

    Returns
    -------
    DataFrame
        Green power of each user [MW]; each row sums to *self_use*.

    Raises
    ------
    InputError
        If indexes differ, consumption is negative or missing, or more is shared out in a step
        than the users consume.
    """
    _check(self_use, users)
    total = users.sum(axis=1)
    part = (self_use / total.where(total > 0)).fillna(0.0)
    return users.mul(part, axis=0)


def _check(self_use: pd.Series, users: pd.DataFrame) -> None:
    if not users.index.equals(self_use.index):
        raise input_error("users_index", _("用户用电曲线与项目的时间步不一致。"))
    values = users.to_numpy(dtype=float)
    if np.isnan(values).any() or (values < 0).any():
        bad = users.columns[(np.isnan(values) | (values < 0)).any(axis=0)]
        raise input_error(
            "users_values",
            _("用户用电曲线有缺值或负值。"),
            remedy=_("请补齐数据；余电上网的用户请按用电侧填写。"),
            got="、".join(map(str, bad)),
        )
    over = self_use - users.sum(axis=1)
    if over.max() > 1e-6 * max(1.0, float(self_use.abs().max())):
        place = int(np.argmax(over.to_numpy()))
        raise input_error(
            "users_total",
            _("{time} 各用户用电量之和小于当时的自发自用电量。", time=str(over.index[place])),
            remedy=_("各用户曲线之和应等于项目总负荷。"),
            got=f"{float(users.iloc[place].sum()):g} MW",
            allowed=f"≥ {float(self_use.iloc[place]):g} MW",
        )


def user_table(self_use: pd.Series, users: pd.DataFrame) -> pd.DataFrame:
    """Yearly energy of each user, to the kWh, and their sum.

    Parameters
    ----------
    self_use : Series
        [MW]
    users : DataFrame
        [MW]

    Returns
    -------
    DataFrame
        Columns ``user``, ``load_mwh``, ``self_use_mwh``, ``import_mwh`` and
        ``self_use_of_consumption``. Energies are rounded to the kWh so that every column sums
        exactly to the project's, and load = self-use + import in every row.
    """
    index = pd.DatetimeIndex(users.index)
    scale = step_hours(index) / horizon_years(index)
    green = allocate(self_use, users).sum() * scale
    load = users.sum() * scale
    green_kwh = round_to_total(green)
    grid_kwh = round_to_total(load - green)
    table = pd.DataFrame(
        {
            "user": [str(name) for name in users.columns],
            "self_use_mwh": [float(item) for item in green_kwh],
            "import_mwh": [float(item) for item in grid_kwh],
            "load_mwh": [float(a + b) for a, b in zip(green_kwh, grid_kwh, strict=True)],
        }
    )
    table["self_use_of_consumption"] = table["self_use_mwh"] / table["load_mwh"].where(
        table["load_mwh"] > 0
    )
    names = ["user", "load_mwh", "self_use_mwh", "import_mwh", "self_use_of_consumption"]
    energies = dict.fromkeys(names[1:4], "MWh")
    return with_units(table[names], {**energies, "self_use_of_consumption": "share"})


def round_to_total(values: pd.Series) -> list[Decimal]:
    """Round energies to the kWh so that their sum is the rounded sum.

    Parameters
    ----------
    values : Series
        [MWh]

    Notes
    -----
    Largest remainders are rounded up first; ties go to the earlier user.

    Examples
    --------
    >>> [str(item) for item in round_to_total(pd.Series([0.0005, 0.0005, 0.001]))]
    ['0.001', '0.000', '0.001']
    """
    exact = [Decimal(repr(float(value))) for value in values]
    down = [item.quantize(KWH, rounding=ROUND_FLOOR) for item in exact]
    total = sum(exact, Decimal(0)).quantize(KWH)
    missing = int((total - sum(down, Decimal(0))) / KWH)
    order = sorted(range(len(exact)), key=lambda place: down[place] - exact[place])
    for place in order[: max(0, missing)]:
        down[place] += KWH
    return down
