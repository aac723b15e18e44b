"""One key at a time: what moves the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from greenland.energy.sizing.sensitivity import LEVER_LABELS
from greenland.energy.studies.cases import (
    Findings,
    StudiedCase,
    all_faults,
    base_case,
    base_task,
    require_plan,
)
from greenland.energy.studies.config import Ends, SensitivityPart, StudyKind
from greenland.energy.studies.reading import StudyBase, Where, multiplied
from greenland.energy.studies.running import Runner
from greenland.energy.studies.task import StudyTask, TaskKind
from greenland.i18n import _

PARTS = {
    "sources": (("capex",),),
    "storages": (("power_capex", "energy_capex"),),
    "electrolysers": (("capex",), ("product_price",), ("start_cost", "start_cost_per_mw")),
    "generators": (("capex",), ("fuel_price",), ("start_cost", "start_cost_per_mw")),
    "interruptible": (("price",),),
}
"""Prices of parts that move together."""
PRICES = (
    *("grid.import_price", "grid.export_price", "grid.capacity_price", "grid.self_use_price"),
    *("tariff.market_price", "tariff.export_price", "unserved_price", "discount_rate"),
)
"""Prices of the case as a whole."""


def sensitivity(base: StudyBase, runner: Runner) -> Findings:
    """Each variable low and high, all others as they are."""
    part = base.study.sensitivity
    assert part is not None
    ends = list(_ends(base, part))
    base.require(problem for *_rest, problems in ends for problem in problems)
    varied = [(title, values, changes, where) for title, values, changes, where, _none in ends]
    base.require(
        all_faults(base, ((one, where) for *_title, both, where in varied for one in both))
    )
    tasks = [base_task()]
    tasks += [StudyTask(TaskKind.SIZE, one) for *_title, both, _where in varied for one in both]
    runner.expected = len(tasks)
    rows = runner.rows(tasks)
    require_plan(base, rows[0])
    cases, tornado = [base_case(rows[0])], []
    found = iter(zip(tasks[1:], rows[1:], strict=True))
    for title, values, _changes, _where in varied:
        sides: dict[str, Any] = {}
        for side, value in zip(("low", "high"), values, strict=True):
            task, row = next(found)
            words = _("低") if side == "low" else _("高")
            label = f"{title} {words} {value:g}"
            cases.append(StudiedCase(str(len(cases)), label, {title: value}, task, row))
            sides |= {side: value, f"{side}_cost": row.get("annual_cost")}
        tornado.append({"variable": title, **sides})
    cost = rows[0]["annual_cost"]
    tornado.sort(key=lambda one: -_span(one, cost))
    return Findings(tuple(cases), {"base_cost": cost, "tornado": tornado})


def _span(one: Mapping[str, Any], base: float) -> float:
    ends = [one[f"{side}_cost"] for side in ("low", "high")]
    return max(abs(float(base if end is None else end) - base) for end in ends)


_Side = tuple[str, tuple[float, float], list[dict[str, Any]], Where, list[Any]]


def _ends(base: StudyBase, part: SensitivityPart) -> Iterator[_Side]:
    """Title, values, changes, place in the file and faults of every variable."""
    for number, one in enumerate(part.variables):
        where: Where = (StudyKind.SENSITIVITY, "variables", number)
        yield _end(base, one, where)
    if part.prices is not None:
        for paths in _prices(base.tree):
            name = _name_of(paths)
            one = Ends(paths=paths, factor=True, change=part.prices, name=name)
            yield _end(base, one, (StudyKind.SENSITIVITY, "prices"))


def _end(base: StudyBase, one: Ends, where: Where) -> _Side:
    if one.change is not None:
        values, factor = (1 - one.change, 1 + one.change), True
    else:
        assert one.low is not None
        assert one.high is not None
        values, factor = (one.low, one.high), one.factor
    both, problems = [], []
    for value in values:
        changes, faults = base.varied(one.all_paths, value, factor=factor, where=where)
        both.append(changes)
        problems += faults
    return one.title, values, both, where, problems


def _name_of(paths: list[str]) -> str:
    """What a price is called: its part and what it is the price of."""
    head, _dot, key = paths[0].rpartition(".")
    if key == "market_price":
        return str(_("市场电价"))
    lever = next((one for one in ("capex", "start_cost") if one in key), key)
    label = str(_(LEVER_LABELS[lever]))
    kind, _dot, owner = head.partition(".")
    return f"{owner} {label}" if kind in PARTS else label


def _prices(tree: Mapping[str, Any]) -> Iterator[list[str]]:
    """Paths of the prices of a case that are not zero, those of a storage together."""
    for kind, groups in PARTS.items():
        for part in tree.get(kind) or ():
            for keys in groups:
                given = [key for key in keys if part.get(key)]
                given = [key for key in given if multiplied(part[key], 1.0) is not None]
                paths = [f"{kind}.{part['name']}.{key}" for key in given]
                if paths:
                    yield paths
    for path in PRICES:
        head, _dot, key = path.rpartition(".")
        holder = tree.get(head) if head else tree
        value = holder.get(key) if isinstance(holder, Mapping) else None
        if value and multiplied(value, 1.0) is not None:
            yield [path]
