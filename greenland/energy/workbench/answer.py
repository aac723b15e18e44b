"""What a setting of the workbench came to, as a small record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from greenland.energy.case.changes import Changes
from greenland.energy.plan.plan import Plan
from greenland.energy.problem.solution import STATUS_LABELS
from greenland.energy.result import EnergyResult
from greenland.energy.site import Site
from greenland.energy.site.identity import ColumnKind, capacity_labels, column_labels
from greenland.energy.sizing.rounding import cost_rows
from greenland.errors import input_error
from greenland.i18n import _
from greenland.results import plain_value

OPEN = "open"
"""State of an answer that the quick way does not give: ask patiently."""
FLOWS = (
    *(ColumnKind.LOAD, ColumnKind.SOURCE, ColumnKind.IMPORT, ColumnKind.EXPORT),
    *(ColumnKind.CURTAILMENT, ColumnKind.UNSERVED, ColumnKind.CHARGE, ColumnKind.DISCHARGE),
    *(ColumnKind.SHIFTABLE, ColumnKind.INTERRUPTED, ColumnKind.ELECTROLYSER),
)
"""Columns of a schedule that a balance shows; traces of grid energy in storages are left out."""


@dataclass(frozen=True, eq=False)
class BenchAnswer:
    r"""What a setting came to.

    Parameters
    ----------
    changes : mapping of path to value
        What it puts into the case.
    result : EnergyResult, optional
        With the continuous optimum; None where it is `OPEN`.
    seconds : float
        From the setting to the judged plan [s].

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from greenland.energy.workbench import Workbench
    >>> times = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> curve = pd.Series(0.5, index=times.rename("时间"), name="负荷(MW)")
    >>> case = "load: load.csv\ngrid: {import_price: 0.5}\nyear: 2025\n"
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     _ = curve.to_csv(folder / "load.csv")
    ...     _ = (folder / "case.yaml").write_text(case, encoding="utf-8")
    ...     answer = Workbench.of_file(folder / "case.yaml").size({})
    >>> answer.state, round(answer.to_record()["price"], 3)
    ('optimal', 0.5)
    """

    changes: Changes
    result: EnergyResult | None
    seconds: float

    @property
    def state(self) -> str:
        """Status of the plan, or `OPEN`."""
        return OPEN if self.result is None else str(self.result.plan.status)

    @property
    def plan(self) -> Plan:
        """The plan; only where the answer is not `OPEN`."""
        if self.result is None:
            raise ValueError(OPEN)
        return self.result.plan

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values.

        Returns
        -------
        dict
            ``state``, ``seconds``; with a plan ``sizes``, ``shares``, ``costs`` and
            ``annual_cost`` [yuan/yr], ``price`` [yuan/kWh], ``capex`` [yuan], ``bill``,
            ``checks``, ``monthly`` [MWh] and ``days``, first and last.
        """
        found: dict[str, Any] = {
            "state": self.state,
            "seconds": round(self.seconds, 3),
            "changes": dict(self.changes),
        }
        if self.result is None:
            return dict(plain_value(found))
        plan = self.plan
        found |= {
            "status": str(_(STATUS_LABELS[plan.status])),
            "engine": plan.engine,
            "gap": plan.quality.gap if plan.status.has_plan else None,
            "notes": [str(note) for note in plan.notes],
            "warnings": [item.what for item in self.result.warnings],
        }
        if plan.status.has_plan:
            found |= self._of_plan(plan, self.result)
        return dict(plain_value(found))

    def _of_plan(self, plan: Plan, result: EnergyResult) -> dict[str, Any]:
        load = float(plan.energy["load"])
        return {
            "sizes": _sizes(plan),
            "shares": {str(k): float(v) if v == v else None for k, v in plan.ratios.items()},
            "energy": {str(k): float(v) for k, v in plan.energy.items()},
            "costs": cost_rows(plan),
            "annual_cost": plan.annual_cost,
            "price": plan.annual_cost / load / 1000 if load > 0 else None,
            "capex": plan.capex,
            "limits": _limits(plan),
            "bill": _bill(result),
            "tariff": None if result.tariff is None else str(result.tariff.title),
            "tariffs": [plain_value(item) for item in result.tariffs],
            "checks": []
            if result.compliance is None
            else result.compliance.to_record()["compliance"],
            "columns": _columns(plan.site),
            "monthly": [
                {"month": int(str(month)), **{str(name): float(v) for name, v in row.items()}}
                for month, row in plan.monthly[_shown(plan)].iterrows()
            ],
            "days": [str(self._days.min()), str(self._days.max())],
        }

    @cached_property
    def _days(self) -> Any:
        return pd.DatetimeIndex(self.plan.schedule.index).date

    def day(self, day: dt.date) -> dict[str, Any]:
        """The steps of one day.

        Parameters
        ----------
        day : date

        Returns
        -------
        dict
            ``times``, and for each column of the balance its values [MW], of energies [MWh].

        Raises
        ------
        InputError
            For a day the curves do not have.
        """
        inside = self._days == day
        if not inside.any():
            first, last = self._days.min(), self._days.max()
            raise input_error(
                "bench_day",
                _("曲线没有这一天。"),
                got=day.isoformat(),
                allowed=_("{first} 至 {last}", first=str(first), last=str(last)),
            )
        plan = self.plan
        table = plan.schedule[inside]
        times = pd.DatetimeIndex(table.index).strftime("%H:%M").tolist()
        stored = [
            label
            for key, label in column_labels(plan.site).items()
            if key.kind is ColumnKind.ENERGY
        ]
        names = [*_shown(plan), *(name for name in stored if name in table)]
        return {
            "day": day.isoformat(),
            "step_hours": plan.site.step_hours,
            "times": times,
            "columns": {name: [round(float(v), 6) for v in table[name]] for name in names},
        }


def _shown(plan: Plan) -> list[str]:
    """Labels of the columns a balance shows, as far as the schedule has them."""
    names = [label for key, label in column_labels(plan.site).items() if key.kind in FLOWS]
    return [name for name in names if name in plan.schedule]


def _columns(site: Site) -> dict[str, dict[str, Any]]:
    """What each column is: kind, owner and unit, by its label."""
    return {label: key.to_record() for key, label in column_labels(site).items()}


def _sizes(plan: Plan) -> list[dict[str, Any]]:
    labels = {label: key for key, label in capacity_labels(plan.site).items()}
    return [
        {"label": str(label), "value": float(value), **labels[str(label)].to_record()}
        for label, value in plan.capacities.items()
    ]


def _limits(plan: Plan) -> list[dict[str, Any]]:
    """Every limit of the case with its value in the worst year, those that bind marked."""
    prices = plan.shadow_prices
    return [
        {
            "limit": str(row["limit"]),
            "value": float(row["value"]),
            "required": float(row["required"]),
            "binds": str(row["limit"]) in prices.index,
        }
        for row in plan.limits.sort_values("excess").to_dict("records")
    ]


def _bill(result: EnergyResult) -> Mapping[str, Any] | None:
    """What is paid to the grid, and would be without the project [yuan/yr]."""
    money = result.money
    if money.grid_bill is None:
        return None
    return {
        "grid_only": money.grid_bill.yuan_per_year(),
        "plan": None if money.plan_bill is None else money.plan_bill.yuan_per_year(),
    }
