"""How many processes may work at once."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _

VARIABLE = "GREENLAND_WORKERS"
"""Environment variable with the number of processes, the caller's own included; 1: no others."""
MOST = 8
"""More than these are not used unless asked for: each takes about 200 MB."""
QUOTA = Path("/sys/fs/cgroup/cpu.max")


def cpus() -> int:
    """CPUs this process may use: those it may run on, or its container's share of them."""
    count = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    with suppress(OSError, ValueError):
        quota, period = QUOTA.read_text(encoding="ascii").split()
        if quota != "max":
            count = min(count, max(1, int(quota) // int(period)))
    return count


def processes() -> int:
    """How many processes are to work, the caller's own included.

    Raises
    ------
    InputError
        If the environment asks for something else than a whole number from 1 on.
    """
    asked = os.environ.get(VARIABLE, "").strip()
    if not asked:
        return min(cpus(), MOST) if _startable() else 1
    if not asked.isascii() or not asked.isdigit() or int(asked) < 1:
        raise input_error(
            "workers",
            _("环境变量 {name} 不是进程数。", name=VARIABLE),
            remedy=_("请改为不小于 1 的整数；1 表示不另开进程，删去则按处理器数取。"),
            got=asked,
        )
    return int(asked) if _startable() else 1


def _startable() -> bool:
    """Whether there is an interpreter to start: none inside a frozen or embedding program."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)
