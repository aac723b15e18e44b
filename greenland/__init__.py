"""Land-use evaluation and green-power sizing for industrial parks.

``greenland.assess("DIR")`` reads a park folder and evaluates all it has data for. Nothing heavy
is imported until it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from greenland.assessment import Assessment, assess
    from greenland.errors import GreenlandError, InputError, Problem
    from greenland.park import Park, read_park

__all__ = ["Assessment", "GreenlandError", "InputError", "Park", "Problem", "assess", "read_park"]

_HOMES = {
    "Assessment": "greenland.assessment",
    "assess": "greenland.assessment",
    "GreenlandError": "greenland.errors",
    "InputError": "greenland.errors",
    "Problem": "greenland.errors",
    "Park": "greenland.park",
    "read_park": "greenland.park",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'greenland' has no attribute {name!r}")
