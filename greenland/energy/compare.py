"""Cases side by side: sizes, shares, costs, money, compliance, and what differs in the inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from greenland.energy.case.loading import LoadedCase, rulebook_of
from greenland.energy.case.scenarios import KEY, scenarios_of
from greenland.energy.evaluate import evaluate_case, with_engine
from greenland.energy.problem.solution import STATUS_LABELS
from greenland.energy.result import EnergyResult
from greenland.energy.site.identity import capacity_labels
from greenland.energy.sizing.rounding import cost_rows
from greenland.i18n import _
from greenland.results import STATE_LABELS, State, plain_value

GROUPS = ("status", "sizes", "shares", "costs", "money", "compliance", "inputs")
"""Groups of rows, in order; what they are called is said where they are shown."""
FINANCE = {
    "npv": "yuan",
    "irr": "share",
    "irr_before_tax": "share",
    "equity_irr": "share",
    "payback_years": "年",
    "lcoe": "yuan/kWh",
    "green_price": "yuan/kWh",
}


@dataclass(frozen=True)
class Row:
    """One quantity of all cases.

    Parameters
    ----------
    group : str
        A key of `GROUPS`.
    item : str
        Label, as in the results record; a path for an input.
    unit : str
        ``share`` for decimals.
    values : tuple
        In the order of the cases; None where a case has no such value.
    """

    group: str
    item: str
    unit: str
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        """Whether the cases do not all have the same value."""
        return any(value != self.values[0] for value in self.values[1:])


@dataclass(frozen=True)
class Comparison:
    """Cases side by side.

    Parameters
    ----------
    cases : tuple of str
        Names, in the order asked for.
    results : tuple of EnergyResult
    rows : tuple of Row
    """

    cases: tuple[str, ...]
    results: tuple[EnergyResult, ...]
    rows: tuple[Row, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row per quantity, one column per case."""
        table = [[row.group, row.item, row.unit, *row.values] for row in self.rows]
        return pd.DataFrame(table, columns=["group", "item", "unit", *self.cases])

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "cases": list(self.cases),
            "rows": [
                {
                    "group": row.group,
                    "item": row.item,
                    "unit": row.unit,
                    "values": [plain_value(value) for value in row.values],
                }
                for row in self.rows
            ],
        }


def compare_files(paths: Sequence[Path], *, engine: str | None = None) -> Comparison:
    """Size every case of some files, and every scenario in them, and lay them side by side.

    Parameters
    ----------
    paths : sequence of Path
        Case files.
    engine : str, optional
        As in `greenland.energy.size`, instead of what the cases name.

    Raises
    ------
    InputError
        With every fault of a file.
    """
    cases = dict(scenarios_of(_titles(paths)))
    results = [
        evaluate_case(with_engine(loaded, engine), rulebook_of(loaded)) for loaded in cases.values()
    ]
    return compare(dict(zip(cases, results, strict=True)))


def compare(results: Mapping[str, EnergyResult]) -> Comparison:
    """Lay evaluated cases side by side.

    Parameters
    ----------
    results : mapping of name to EnergyResult
    """
    sides = list(results.values())
    tables = [_quantities(result) for result in sides]
    inputs = [dict(_flat(_inputs(result.loaded))) for result in sides]
    rows = _joined(tables)
    differing = [
        Row("inputs", path, "", tuple(one.get(path) for one in inputs)) for path in _union(inputs)
    ]
    return Comparison(
        tuple(results), tuple(sides), (*rows, *(row for row in differing if row.differs))
    )


def _titles(paths: Iterable[Path]) -> dict[str, Path]:
    """A name for every file: its own without the ending, with its folder where two are alike."""
    paths = list(paths)
    stems = [path.stem for path in paths]
    return {path.stem if stems.count(path.stem) == 1 else str(path): path for path in paths}


Key = tuple[str, str, str]


def _quantities(result: EnergyResult) -> dict[Key, Any]:
    """What a case came to, by group, item and unit."""
    plan = result.plan
    found: dict[Key, Any] = {("status", "status", ""): str(_(STATUS_LABELS[plan.status]))}
    if not plan.status.has_plan:
        return found
    units = {label: key.unit for key, label in capacity_labels(plan.site).items()}
    for label, value in plan.capacities.items():
        found["sizes", str(label), units[str(label)]] = float(value)
    for label, value in plan.ratios.items():
        found["shares", str(label), "share"] = float(value) if value == value else None
    for row in cost_rows(plan):
        found["costs", row["item"], "yuan/yr"] = row["yuan_per_year"]
    found["money", "annual_cost", "yuan/yr"] = float(plan.annual_cost)
    found["money", "capex", "yuan"] = float(plan.capex)
    if result.money.finance is not None:
        for name, unit in FINANCE.items():
            found["money", name, unit] = getattr(result.money.finance, name)
    return found | _judged(result)


def _judged(result: EnergyResult) -> dict[Key, Any]:
    """How many limits are met, failed …, and which are failed."""
    if result.compliance is None:
        return {}
    states = [check.state for check in result.compliance.checks]
    found: dict[Key, Any] = {
        ("compliance", str(state), ""): states.count(state)
        for state in STATE_LABELS
        if state in states
    }
    for check in result.compliance.checks:
        if check.state is State.FAILED:
            item = f"{check.limit}:{check.reading}" if check.reading else check.limit
            found["compliance", item, check.unit] = check.value
    return found


def _joined(tables: Sequence[Mapping[Key, Any]]) -> list[Row]:
    keys = sorted(_union(tables), key=lambda key: GROUPS.index(key[0]))
    return [
        Row(group, item, unit, tuple(table.get((group, item, unit)) for table in tables))
        for group, item, unit in keys
    ]


def _union(tables: Iterable[Mapping[Any, Any]]) -> list[Any]:
    """Keys of all tables, in the order in which they first come."""
    return list(dict.fromkeys(key for table in tables for key in table))


def _inputs(loaded: LoadedCase) -> dict[str, Any]:
    return loaded.case.model_dump(mode="json", exclude={KEY, "name", "engine"})


def _flat(node: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    """Every value with its path; parts in lists go by their names."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list) and node and all(isinstance(item, dict) for item in node):
        for number, item in enumerate(node):
            yield from _flat(item, f"{path}.{item.get('name') or number}")
    else:
        yield path, node
