"""绿电直连: the energy part."""

from __future__ import annotations

from pydantic import ConfigDict

from greenland.record.base import Evaluated


class EnergyRecord(Evaluated):
    """Everything known about the energy of a park; its parts are not described yet."""

    model_config = ConfigDict(extra="allow")
