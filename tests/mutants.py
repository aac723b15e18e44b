"""Score of the mutation runs so far by module, and the mutants that lived: ``make mutants``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "mutants"
# What mutmut notes of a mutant: exit codes of pytest, signals, and numbers of its own.
KILLED = {1, 3}
TIMED_OUT = {24, -24, 36, 152, 255}
UNTESTED = {5, 33}


def verdict(code: int | None) -> str:
    """What became of a mutant."""
    if code is None:
        return "open"
    if code in KILLED:
        return "killed"
    if code in TIMED_OUT:
        return "timeout"
    return "untested" if code in UNTESTED else "lived"


def main() -> None:
    """Print one line per module, then the mutants no test noticed."""
    columns = ("killed", "timeout", "lived", "untested")
    print(f"{'module':42}{'mutants':>9}{'run':>6}{''.join(f'{name:>9}' for name in columns)}  rate")
    unnoticed: list[str] = []
    for path in sorted(ROOT.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        found = {name: verdict(code) for name, code in codes.items()}
        count = Counter(found.values())
        run = len(found) - count["open"]
        if run:
            module = path.relative_to(ROOT).as_posix().removesuffix(".meta")
            cells = "".join(f"{count[name]:>9}" for name in columns)
            rate = (count["killed"] + count["timeout"]) / run
            print(f"{module:42}{len(found):>9}{run:>6}{cells}  {rate:.1%}")
        unnoticed += [name for name, told in found.items() if told in ("lived", "untested")]
    print("", *unnoticed, sep="\n")


if __name__ == "__main__":
    main()
