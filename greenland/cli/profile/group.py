"""The group ``greenland energy profile``."""

from __future__ import annotations

import click

from greenland.cli.common import Group
from greenland.i18n import N_


@click.group(cls=Group, help=N_("由电表、账单、气象和测风数据整理负荷、光伏和风电曲线。"))
def profile() -> None:
    """Hold the commands that make curves."""
