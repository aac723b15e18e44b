"""What the rulebook says in both languages, in the language of the report.

A record keeps the wording of the language it was made in. Messages can be said again; a condition
of the checklist and a measure of a class come from a rule, which the record holds with both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from greenland.i18n import language
from greenland.record.record import Record, if_made
from greenland.report.blocks import title_of


def retold(record: Record) -> Record:
    """The record with titles and words of its rules in the language in use."""
    rules = {entry.id: entry for entry in record.rules}
    spoken = {other: said for entry in record.rules for said, other in _pairs(entry.value)}
    land, policy, energy = record.land, if_made(record.land.policy), if_made(record.energy)
    if policy is not None:
        measures = tuple(
            row.model_copy(update={"measure": spoken[row.measure]})
            if isinstance(row.measure, str) and row.measure in spoken
            else row
            for row in policy.measures
        )
        land = land.model_copy(
            update={"policy": policy.model_copy(update={"measures": measures})},
        )
    changed: dict[str, Any] = {"land": land}
    if energy is not None:
        checklist = tuple(_titled(row, "title", rules) for row in energy.checklist)
        changed["energy"] = energy.model_copy(update={"checklist": checklist})
    outlook = None if record.outlook is None else if_made(record.outlook)
    account = None if record.account is None else if_made(record.account)
    if outlook is not None:
        items = tuple(_titled(row, "item", rules) for row in outlook.assumptions)
        changed["outlook"] = outlook.model_copy(update={"assumptions": items})
    if account is not None:
        factors = tuple(_titled(row, "name", rules) for row in account.factors)
        changed["account"] = account.model_copy(update={"factors": factors})
    return record.model_copy(update=changed)


def _titled(row: Any, field: str, rules: Mapping[str, Any]) -> Any:
    """A row that is called like its rule, called so in the language in use."""
    rule = rules.get(row.rule_id)
    if rule is None or str(getattr(row, field)) not in _titles(rule):
        return row
    return row.model_copy(update={field: title_of(rule)})


def _titles(entry: Any) -> tuple[str, str]:
    return entry.title, entry.title_en


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    """Every text of a rule's value given in both languages: in the one in use, in the other."""
    if isinstance(value, Mapping):
        if set(value) == {"zh", "en"}:
            here = language()
            yield value[here], value["en" if here == "zh" else "zh"]
        else:
            for item in value.values():
                yield from _pairs(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _pairs(item)
