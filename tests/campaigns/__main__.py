"""Run one campaign and print its table; exit 1 when a trial failed."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from .frame import FAILURES, Campaign, keep_failures, run, table, work

HERE = Path(__file__).parent
NAMES = sorted(
    path.stem
    for path in HERE.glob("*.py")
    if path.stem != "frame" and not path.stem.startswith(("_", "test_"))
)


def main() -> int:
    """Parse the command line and run the campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns", description=__doc__)
    parser.add_argument("name", help=", ".join(NAMES))
    parser.add_argument("--count", type=int, help="trials; those of the whole campaign by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first trial")
    parser.add_argument("--keep", type=Path, help="folder for the inputs of failed trials")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.name not in NAMES and not options.worker:
        parser.error(f"there is no campaign {options.name}; there are: {', '.join(NAMES)}")
    campaign: Campaign = importlib.import_module(f"{__package__}.{options.name}").CAMPAIGN
    count = campaign.count if options.count is None else options.count
    if options.worker:
        work(campaign, options.seed, range(options.first, options.first + count))
        return 0
    trials = run(options.name, options.seed, options.first, count)
    failed = [trial for trial in trials if trial.outcome in FAILURES]
    for trial in failed[:20]:
        print(f"-- trial {trial.number}, {trial.kind}: {trial.outcome}\n{trial.detail}")
    print(table(trials))
    if options.keep is not None:
        print(*keep_failures(campaign, options.seed, failed, options.keep), sep="\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
