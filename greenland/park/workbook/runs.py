"""Runs of a text that are raised, lowered or struck through, kept as signs of the text itself.

A footnote mark typed as a raised 1 is to XML a 1 like others, and what was struck through stands
there as before. Raised and lowered digits become those of Unicode; each struck sign is followed
by the combining long stroke, as plain text writes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from greenland.park.normal import STROKE

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_OFF = ("0", "false", "off")
HINTS = (b"vertAlign", b"strike")  # one of them stands in a part that has such runs


def is_struck(attributes: Mapping[str, str]) -> bool:
    """Whether an element ``strike`` strikes the text through."""
    return attributes.get("val", "1") not in _OFF


class Runs:
    """Follows the elements of a rich text (ECMA-376-1, 18.4.4)."""

    def __init__(self) -> None:
        self._digits: dict[int, int] | None = None
        self._struck = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note of the properties of a run."""
        if tag == "vertAlign":
            self._digits = {"superscript": _RAISED, "subscript": _LOWERED}.get(
                attributes.get("val", "")
            )
        elif tag == "strike":
            self._struck = is_struck(attributes)

    def end(self, tag: str) -> None:
        """Forget them where the run, or the text, ends."""
        if tag in ("r", "si", "is", "c"):
            self._digits, self._struck = None, False

    def marked(self, text: str) -> str:
        """Text of the run with its marks."""
        if self._digits is not None:
            text = text.translate(self._digits)
        return "".join(sign + STROKE for sign in text) if self._struck else text
