"""Write ``docs/input.md`` anew: ``python -m greenland.park.reference_page``; a test compares."""

from __future__ import annotations

from pathlib import Path

from greenland.files import write_text
from greenland.park.reference_text import reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "input.md"

if __name__ == "__main__":
    write_text(PAGE, reference())
