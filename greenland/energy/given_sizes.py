"""Sizes as people give them: ``pv=60,bess=10/20``, a YAML file, or the record of a plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from greenland.energy.site import Site
from greenland.energy.site.identity import CapacityKind, Identity, capacity_labels
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import Text, _
from greenland.yamlfile import nearest, plain, read_tree

GRID_NAME = "grid"
EXAMPLE = "pv=60,wind=30,battery=10/20"


def read_sizes(text: str) -> dict[str, Any]:
    """What ``--capacities`` says: sizes by name, or a file of them.

    Parameters
    ----------
    text : str
        ``pv=60,wind=30,battery=10/20``, with power and energy of a storage; or the path of a
        YAML or JSON file with such names and values under ``capacities``, or with a plan that
        ``greenland energy size --json`` wrote.

    Raises
    ------
    InputError
        If it is neither.
    """
    if "=" not in text:
        return _of_file(Path(text))
    sizes: dict[str, Any] = {}
    problems = []
    for part in filter(None, (one.strip() for one in text.replace("，", ",").split(","))):
        name, equals, value = (one.strip() for one in part.partition("="))
        if not (name and equals and value):
            problems.append(_fault(_("看不懂“{part}”。", part=part), got=part))
        elif name in sizes:
            problems.append(_fault(_("“{name}”给了两次。", name=name), got=part))
        else:
            sizes[name] = value
    if problems:
        raise InputError(problems)
    return sizes


def _of_file(path: Path) -> dict[str, Any]:
    tree = plain(read_tree(path))
    plan = tree.get("plan") or (tree.get("energy") or {}).get("plan")
    found = plan.get("capacities") if isinstance(plan, dict) else tree.get("capacities", tree)
    if not isinstance(found, dict) or not found:
        raise InputError([_fault(_("{file} 中没有 capacities。", file=path.name), got=path.name)])
    return found


def sizes_of(given: Mapping[str, Any], site: Site) -> dict[str, float]:
    """Totals by the labels of a site's capacities [MW], [MWh].

    Parameters
    ----------
    given : mapping
        By the names of sources, storages and electrolysers, ``grid`` for the connection; or by
        the labels of `Plan.capacities`.
    site : Site

    Raises
    ------
    InputError
        With every name that is not there, every value that is no size, and every size that is
        not given.
    """
    labels = capacity_labels(site)
    names = {
        **{key.owner or GRID_NAME: key for key in labels},
        **{label: key for key, label in labels.items()},
    }
    storages = {item.name for item in site.storages}
    found: dict[str, float] = {}
    problems: list[Problem] = []
    for name, value in given.items():
        if name in storages:
            problems += _storage(name, value, labels, found)
        elif name not in names:
            guess = nearest(name, list(names))
            hint = _("是否应为“{guess}”？", guess=guess) if guess else ""
            known = "、".join(dict.fromkeys(key.owner or GRID_NAME for key in labels))
            text = _("案例中没有“{name}”。", name=name)
            problems.append(_fault(text, remedy=hint, got=name, allowed=known))
        else:
            size = _number(value)
            if size is None:
                problems.append(_fault(_no_size(name), got=str(value)))
            else:
                found[labels[names[name]]] = size
    decided = [key for key in labels if key.kind is not CapacityKind.GRID or _decides(site)]
    lacking = [labels[key] for key in decided if labels[key] not in found]
    if lacking and not problems:
        text = _("没有给出 {names} 的容量；不建的请写 0。", names="、".join(lacking))
        problems.append(_fault(text, remedy=_("写法如 {example}。", example=EXAMPLE)))
    if problems:
        raise InputError(problems)
    return found


def _decides(site: Site) -> bool:
    return site.grid is not None and site.grid.decides_capacity


def _storage(
    name: str, value: Any, labels: Mapping[Identity, str], found: dict[str, float]
) -> Iterator[Problem]:
    """Power and energy of a storage: ``10/20``, ``[10, 20]`` or ``{mw: 10, mwh: 20}``.

    Where the charging power is a capacity of its own it stands first: ``8/10/20``,
    ``{charge_mw: 8, mw: 10, mwh: 20}``.
    """
    kinds = {
        "charge_mw": CapacityKind.STORAGE_CHARGE_POWER,
        "mw": CapacityKind.STORAGE_POWER,
        "mwh": CapacityKind.STORAGE_ENERGY,
    }
    keys = {field: Identity(kind, name) for field, kind in kinds.items()}
    keys = {field: key for field, key in keys.items() if key in labels}
    parts: list[Any] = []
    if isinstance(value, str):
        parts = value.split("/")
    elif isinstance(value, list):
        parts = value
    elif isinstance(value, dict):
        parts = [value.get(field) for field in keys]
    sizes = [size for one in parts if (size := _number(one)) is not None]
    if len(sizes) != len(parts) or len(sizes) != len(keys):
        text = _("储能“{name}”要给出功率和容量，如 {name}=10/20（MW/MWh）。", name=name)
        if len(keys) > len(("mw", "mwh")):
            text = _(
                "储能“{name}”要给出充电功率、放电功率和容量，如 {name}=8/10/20（MW/MW/MWh）。",
                name=name,
            )
        yield _fault(text, got=str(value))
        return
    found |= {labels[key]: size for key, size in zip(keys.values(), sizes, strict=True)}


def _number(value: Any) -> float | None:
    """A size: a number that is not negative, with or without its unit."""
    if isinstance(value, bool):
        return None
    try:
        text = str(value).strip().lower().removesuffix("mwh").removesuffix("mw")
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _no_size(name: str) -> Text:
    return _("“{name}”的容量应为不小于 0 的数（MW、MWh）。", name=name)


def _fault(message: Text, remedy: Text | str = "", **parts: Any) -> Problem:
    return Problem(Severity.ERROR, "given_sizes", message, remedy, column="capacities", **parts)


def with_sizes(
    site: Site, sizes: Mapping[str, float], *, at_least: bool = False, slack: float = 0.0
) -> Site:
    """The site with its capacities held at given totals, or at no less than these.

    Parameters
    ----------
    sizes : mapping of label to float
        [MW], [MWh]
    at_least : bool
        Whether more may be built, up to the bounds of the site.
    slack : float
        Share by which a size may be exceeded, for sizes that are only just enough.
    """
    labels = capacity_labels(site)

    def bounds(key: Identity, part: Any, unit: str) -> dict[str, Any]:
        size = sizes.get(labels.get(key, ""))
        if size is None:
            return {}
        new = max(0.0, size - getattr(part, f"existing_{unit}", 0.0))
        most = max(new, getattr(part, f"max_{unit}")) if at_least else new * (1 + slack)
        held = {f"min_{unit}": new, f"max_{unit}": most}
        if unit == "mw" and not at_least:
            held["min_built_mw"] = 0.0  # the size is what it is
        return held

    kinds = CapacityKind
    changes: dict[str, Any] = {
        "sources": [
            replace(one, **bounds(Identity(kinds.SOURCE, one.name), one, "mw"))
            for one in site.sources
        ],
        "storages": [
            replace(
                one,
                **bounds(Identity(kinds.STORAGE_POWER, one.name), one, "mw"),
                **bounds(Identity(kinds.STORAGE_ENERGY, one.name), one, "mwh"),
                **bounds(Identity(kinds.STORAGE_CHARGE_POWER, one.name), one, "charge_mw"),
            )
            for one in site.storages
        ],
        "generators": [
            replace(one, **bounds(Identity(kinds.SOURCE, one.name), one, "mw"))
            for one in site.generators
        ],
        "electrolysers": [
            replace(one, **bounds(Identity(kinds.ELECTROLYSER, one.name), one, "mw"))
            for one in site.electrolysers
        ],
    }
    grid, connected = site.grid, sizes.get(GRID_NAME)
    if grid is not None and connected is not None:
        if not grid.decides_capacity:
            grid = replace(grid, capacity_mw=connected)
        else:
            most = max(connected, grid.max_capacity_mw or 0.0) if at_least else connected
            grid = replace(grid, min_capacity_mw=connected, max_capacity_mw=most * (1 + slack))
        changes["grid"] = grid
    return replace(site, **changes)
