"""The page ``docs/results.md``: every name of ``results.json``, from a record itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from greenland.i18n import use_language
from greenland.report.labels import label, unit_text

# Mappings whose keys are names of the park's own sources, storages, rules or sentences.
NAMED = frozenset(
    {
        "texts",
        "energy.case.sources",
        "energy.plan.capacities",
        "energy.plan.schedule.columns",
        "energy.plan.rounding.capacities",
        "energy.study.pareto[].capacities",
        "energy.plan.rounding.units",
        "energy.plan.rounding.unit_sizes",
        "energy.series[].provenance",
        "energy.series[].quality",
        "rules[].value",
    }
)
_KINDS = {bool: "true/false", int: "number", float: "number", str: "text", type(None): "null"}


def names_in(record: Mapping[str, Any]) -> dict[str, str]:
    """Every path of a record with the kind of value that stands there.

    Parameters
    ----------
    record : mapping
        As in ``results.json``.

    Returns
    -------
    dict
        Paths such as ``land.per_mu.firms[].score``; kinds such as ``"number, null"``.
    """
    found: dict[str, set[str]] = {}
    for path, kind in _walk(record, ""):
        found.setdefault(path, set()).add(kind)
    return {path: ", ".join(sorted(kinds)) for path, kinds in found.items()}


def _walk(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        if path:
            yield path, "object"
        if path in NAMED:
            return
        for key, value in node.items():
            yield from _walk(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        yield path, "list"
        for item in node:
            yield from _walk(item, f"{path}[]")
    else:
        yield path, _KINDS.get(type(node), "text")


def layout_list(record: Mapping[str, Any]) -> str:
    """The names of a record in Markdown: one paragraph for every object or row of a table.

    Each name is followed by its Chinese label and unit, as the report shows them.
    """
    groups: dict[str, list[str]] = {}
    paths = names_in(record)
    with use_language("zh"):
        for path, kind in paths.items():
            kinds = kind.split(", ")
            if "object" in kinds or ("list" in kinds and f"{path}[]" in paths):
                continue
            group, _dot, key = path.rpartition(".")
            groups.setdefault(group, []).append(_named(key.removesuffix("[]")))
    return "".join(
        f"- {f'**`{group}`**' if group else '**顶层**'}：{'、'.join(dict.fromkeys(names))}\n"
        for group, names in groups.items()
    )


def _named(key: str) -> str:
    entry = label(key)
    unit = "小数" if entry.kind == "share" else unit_text(entry.unit)
    said = "" if entry.text == key else f" {entry.text}"
    return f"`{key}`{said}{f'（{unit}）' if unit else ''}"
