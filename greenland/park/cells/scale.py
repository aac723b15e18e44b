"""Multiplication by a factor without the dust of binary fractions."""

from __future__ import annotations

from collections.abc import Callable


def scaling(number: float) -> Callable[[float], float]:
    """Multiply, or divide by the inverse where that is whole, so that 41.2 % is 0.412."""
    if number == 1.0:
        return float
    inverse = 1 / number
    if number < 1 and abs(inverse - round(inverse)) < 1e-9 * inverse:
        whole = float(round(inverse))
        return lambda value: round(value / whole, 15)
    return lambda value: value * number
