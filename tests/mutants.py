"""Score of the last mutation run by module, and the mutants that lived: ``make mutants``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "mutants"
KILLED = {1, 3}  # exit codes of pytest: a failure, an internal error
TIMED_OUT = {24, -24, 36, 152, 255}


def verdict(code: int | None) -> str:
    """What an exit code of pytest says of a mutant."""
    if code is None:
        return "open"
    if code in KILLED:
        return "killed"
    return "timeout" if code in TIMED_OUT else "lived"


def main() -> None:
    """Print one line per module, then the names of the mutants that lived."""
    lived: list[str] = []
    print(f"{'module':44}{'mutants':>8}{'run':>7}{'killed':>7}{'time':>6}{'lived':>6}{'rate':>8}")
    for path in sorted(ROOT.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        found = {name: verdict(code) for name, code in codes.items()}
        count = Counter(found.values())
        run = len(found) - count["open"]
        if not run:
            continue
        module = path.relative_to(ROOT).as_posix().removesuffix(".meta")
        caught = count["killed"] + count["timeout"]
        parts = (len(found), run, count["killed"], count["timeout"], count["lived"])
        widths = (8, 7, 7, 6, 6)
        cells = "".join(f"{n:>{w}}" for n, w in zip(parts, widths, strict=True))
        print(f"{module:44}{cells}{caught / run:>8.1%}")
        lived += [name for name, told in found.items() if told == "lived"]
    print("", *lived, sep="\n")


if __name__ == "__main__":
    main()
