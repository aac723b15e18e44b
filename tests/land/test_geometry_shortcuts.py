"""What spares work on many outlines finds what the plain way finds, on outlines of every kind."""

from __future__ import annotations

import numpy as np
import pytest

shapely = pytest.importorskip("shapely")

from greenland.land.geometry.neighbours import (  # noqa: E402
    _length_in,
    misfits,
    near_pairs,
    pair_overlaps,
)

DISTANCE = 2.0  # m


@pytest.fixture(params=range(6))
def drawn(request: pytest.FixtureRequest) -> np.ndarray:
    """Sixty rectangles: on a grid with shared sides, turned, in two parts, with a hole, twice."""
    rng = np.random.default_rng(request.param)
    corner, size = rng.uniform(0, 300, (60, 2)), rng.choice([10, 20, 40], (60, 2))
    if request.param % 2:
        corner = np.round(corner / 10) * 10
    shapes = np.array(
        [shapely.box(*low, *(low + wide)) for low, wide in zip(corner, size, strict=True)], object
    )
    if request.param % 3 == 0:
        turned = [shapely.affinity.rotate(shape, rng.uniform(0, 90)) for shape in shapes]
        shapes = np.array(turned, object)
    shapes[1] = shapely.difference(shapes[1], shapely.centroid(shapes[1]).buffer(2))
    shapes[2] = shapely.union_all(shapes[2:4])
    shapes[5] = shapes[6]
    shapes[7] = shapes[8].buffer(-1)
    return shapes


def test_near_pairs_are_all_within_the_distance(drawn: np.ndarray) -> None:
    found = set(zip(*map(np.ndarray.tolist, near_pairs(drawn, DISTANCE)), strict=True))
    apart = shapely.distance(drawn[:, None], drawn[None, :])
    assert found == {(a, b) for a, b in np.argwhere(apart <= DISTANCE).tolist() if a < b}


def test_outlines_without_misfit_share_nothing(drawn: np.ndarray) -> None:
    pairs = near_pairs(drawn, DISTANCE)
    misfit = misfits(drawn, pairs)
    (left, right), area = pair_overlaps(drawn, pairs, 0.01)
    (one, other), same = pair_overlaps(drawn, pairs, 0.01, misfit)
    assert len(left) > 10
    assert not misfit.all()
    assert (one.tolist(), other.tolist(), same.tolist()) == (
        left.tolist(),
        right.tolist(),
        area.tolist(),
    )


def test_length_in_a_box_is_that_of_the_clipped_sides(drawn: np.ndarray) -> None:
    left, right = near_pairs(drawn, DISTANCE)
    boxes = shapely.bounds(drawn[left]) + np.array([-1, -1, 1, 1]) * DISTANCE
    clipped = shapely.intersection(shapely.boundary(drawn[right]), shapely.box(*boxes.T))
    assert _length_in(drawn, right, boxes) == pytest.approx(shapely.length(clipped), abs=1e-6)
