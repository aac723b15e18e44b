"""Work side by side: tasks that do not depend on each other, in processes of their own.

The processes are programs started anew, never forked: a fork would copy the locks of threads (of
HiGHS, of BLAS, of a progress display) without the threads that release them. They need nothing of
the caller's main module, so a library call in a script without ``if __name__ == "__main__"`` works
as well, on Windows too. Where none can be started the caller's own process does everything; the
results are the same.
"""

from greenland.workers.batch import Batch, Watch
from greenland.workers.count import VARIABLE, cpus
from greenland.workers.crew import Alone, Crew, Outcome, ProcessCrew
from greenland.workers.pool import Workers, current, side_by_side

__all__ = [
    "VARIABLE",
    "Alone",
    "Batch",
    "Crew",
    "Outcome",
    "ProcessCrew",
    "Watch",
    "Workers",
    "cpus",
    "current",
    "side_by_side",
]
