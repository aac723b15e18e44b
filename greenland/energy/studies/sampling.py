"""Draws of what is uncertain: named distributions, Gaussian copula, common random numbers.

Every variable has a stream of its own, made from the seed and its name. A variable that is added,
or taken away, leaves the draws of the others as they are, and two studies with the same seed see
the same draws: what differs between them is not chance.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from greenland.energy.studies.config_draws import Correlation, Distribution, Drawn

Floats = NDArray[np.float64]


def uniforms(
    names: Sequence[str], correlations: Sequence[Correlation], draws: int, seed: int
) -> dict[str, Floats]:
    """Numbers between zero and one for each variable, correlated as normal scores.

    Parameters
    ----------
    names : sequence of str
    correlations : sequence of Correlation
        Of pairs of names; pairs that are not named are independent.
    draws, seed : int

    Raises
    ------
    ValueError
        If no normal variables have these correlations.

    Examples
    --------
    >>> found = uniforms(["a", "b"], [], 3, 1)
    >>> bool((found["a"] == uniforms(["a"], [], 3, 1)["a"]).all())
    True
    """
    scores = np.array([_stream(name, seed).standard_normal(draws) for name in names])
    matrix = np.eye(len(names))
    for pair in correlations:
        one, other = (names.index(name) for name in pair.between)
        matrix[one, other] = matrix[other, one] = pair.value
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError as error:
        raise ValueError("not positive definite") from error
    return dict(zip(names, ndtr(factor @ scores), strict=True))


def _stream(name: str, seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, _number(name)])))


def _number(name: str) -> int:
    return zlib.crc32(name.encode("utf-8"))


def values_of_draws(drawn: Drawn, shares: Any) -> list[Any]:
    """Values of a variable at shares of its distribution [0-1]: its inverse distribution function.

    Returns
    -------
    list
        Numbers; for choices their values, or their changes.
    """
    shares = np.asarray(shares, dtype=float)
    if drawn.distribution is Distribution.DISCRETE:
        weights = np.array([one.weight for one in drawn.choices])
        ends = np.cumsum(weights) / weights.sum()
        places = np.minimum(np.searchsorted(ends, shares, side="right"), len(ends) - 1)
        return [drawn.choices[place].changes or drawn.choices[place].value for place in places]
    found = _continuous(drawn, shares)
    low = -np.inf if drawn.low is None else drawn.low
    high = np.inf if drawn.high is None else drawn.high
    return [min(max(float(f"{one:.9g}"), low), high) for one in found]


def _continuous(drawn: Drawn, shares: Floats) -> Floats:
    low, high = drawn.low, drawn.high
    if drawn.distribution is Distribution.UNIFORM:
        assert low is not None
        assert high is not None
        return low + shares * (high - low)
    if drawn.distribution is Distribution.TRIANGULAR:
        assert low is not None
        assert high is not None
        assert drawn.mode is not None
        at_mode = (drawn.mode - low) / (high - low)
        rising = low + np.sqrt(shares * (high - low) * (drawn.mode - low))
        falling = high - np.sqrt((1 - shares) * (high - low) * (high - drawn.mode))
        return np.where(shares < at_mode, rising, falling)
    assert drawn.mean is not None
    assert drawn.sd is not None
    logs = drawn.distribution is Distribution.LOGNORMAL
    mean, sd = drawn.mean, drawn.sd
    if logs:
        variance = np.log1p((sd / mean) ** 2)
        mean, sd = float(np.log(mean) - variance / 2), float(np.sqrt(variance))
        low = None if low is None else float(np.log(low)) if low > 0 else -np.inf
        high = None if high is None else float(np.log(high))
    begin = 0.0 if low is None else float(ndtr((low - mean) / sd))
    end = 1.0 if high is None else float(ndtr((high - mean) / sd))
    scores = mean + sd * ndtri(begin + shares * (end - begin))
    return np.asarray(np.exp(scores) if logs else scores)


def label_of_choice(drawn: Drawn, share: float) -> str:
    """Name of a choice at a share; its value where it has none."""
    weights = np.array([one.weight for one in drawn.choices])
    ends = np.cumsum(weights) / weights.sum()
    place = min(int(np.searchsorted(ends, share, side="right")), len(ends) - 1)
    choice = drawn.choices[place]
    return choice.name or (str(choice.value) if not choice.changes else str(place + 1))


def drawn_values(drawn: Drawn, shares: Floats) -> list[Any]:
    """What stands in tables for each draw: numbers, or names of choices."""
    if drawn.distribution is Distribution.DISCRETE:
        return [label_of_choice(drawn, float(one)) for one in shares]
    return values_of_draws(drawn, shares)


Draws = Mapping[str, Floats]
"""Shares of every variable, by its title."""
