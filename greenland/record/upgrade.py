"""Records of older layouts, brought up to date.

Format 1 kept messages as rendered strings, with a table ``texts`` from each to its id and
arguments beside them; a name that read like a message was taken for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.evaluations import LAND
from greenland.i18n import N_
from greenland.record.message import Message
from greenland.record.record import FORMAT, Record
from greenland.record.upgrade_energy import energy_of

OLDEST = 1


def upgraded(data: Mapping[str, Any]) -> Record:
    """A record of an older layout as one of this.

    Parameters
    ----------
    data : mapping
        As in ``results.json`` of format 1.

    Raises
    ------
    pydantic.ValidationError
        If it is not of that layout.
    """
    old = dict(data)
    texts = _texts(old.pop("texts", None) or {})
    land = {key: dict(part) for key, part in dict(old.get("land") or {}).items()}
    for item in LAND:
        if not item.supplement:
            land.setdefault(item.name, {"evaluated": False, "reason": _NOT_ASKED})
    for project in land["admission"].get("projects") or []:
        if project["verdict"] == "no_data":
            project["verdict"] = "pending"
    if land["per_mu"].get("previous") == {}:
        land["per_mu"]["previous"] = None
    old.setdefault("language", "zh")
    new = old | {"format": FORMAT, "land": land, "energy": energy_of(old["energy"])}
    return Record.made(new, texts)


_NOT_ASKED = Message(text=N_("本次未要求评价。"), id="本次未要求评价。")


def _texts(table: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Id and arguments of each message, with the messages among the arguments."""
    return {
        text: (str(message_id), _arguments(args or {}, table, frozenset({text})))
        for text, (message_id, args) in table.items()
    }


def _arguments(
    args: Mapping[str, Any], table: Mapping[str, Any], inside: frozenset[str]
) -> dict[str, Any]:
    """Arguments of a message; a string of the table is a message, unless it is inside itself."""
    return {
        name: _message(value, table, inside)
        if isinstance(value, str) and value in table and value not in inside
        else value
        for name, value in args.items()
    }


def _message(text: str, table: Mapping[str, Any], inside: frozenset[str]) -> Message:
    message_id, args = table[text]
    return Message(text=text, id=message_id, args=_arguments(args or {}, table, inside | {text}))
