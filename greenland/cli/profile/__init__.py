"""``greenland energy profile``: make profiles from exports, bills, weather and wind."""

from greenland.cli.profile import load, quality, renewable
from greenland.cli.profile.group import profile

__all__ = ["load", "profile", "quality", "renewable"]
