"""Index arithmetic on lists of unequal length, stored one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from greenland.lp.program import Integers

Index = slice | Integers


def with_data(matrix: sparse.csr_array, data: NDArray[Any]) -> sparse.csr_array:
    """A matrix with the places of another and its own values."""
    return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def pattern(matrix: sparse.csr_array) -> sparse.csr_array:
    """Ones where a matrix has entries; its products count and sum over the members of rows."""
    return with_data(matrix, np.ones(matrix.nnz, dtype=np.int32))


def member_positions(starts: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """Positions of all members of the lists, and the list each belongs to."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(owner)) - before[owner] + starts[owner], owner


def pairs(pointer: Integers) -> tuple[Integers, Integers, Integers]:
    """All unordered pairs inside each list, a member with itself included.

    Returns
    -------
    later, earlier, owner : arrays
        Positions of the two members (``later >= earlier``) and the list.
    """
    counts = np.diff(pointer)
    later, earlier, owner = [], [], []
    for size in np.unique(counts[counts > 0]):
        lists = np.flatnonzero(counts == size)
        a, b = np.tril_indices(size)
        base = pointer[lists][:, None]
        later.append((base + a).ravel())
        earlier.append((base + b).ravel())
        owner.append(np.repeat(lists, len(a)))
    if not owner:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    return np.concatenate(later), np.concatenate(earlier), np.concatenate(owner)


def as_slice(index: Integers) -> Index:
    """The same index as a slice where it runs in equal steps, for it is many times faster."""
    if len(index) == 0:
        return slice(0, 0)
    step = int(index[1] - index[0]) if len(index) > 1 else 1
    if step > 0 and np.array_equal(index, np.arange(index[0], index[0] + step * len(index), step)):
        return slice(int(index[0]), int(index[-1]) + 1, step)
    return index


MAX_RUNS = 64


def runs(index: Integers) -> list[tuple[slice, Index]]:
    """Cut an index into repeated_patterns that run in equal steps.

    Returns
    -------
    list of (slice, slice or array)
        Positions in *index*, and the places they stand for; a single array where there would be
        very many repeated_patterns.
    """
    found: list[tuple[slice, Index]] = []
    step = np.diff(index)
    changes = np.flatnonzero(np.diff(step) != 0) + 1
    start, count = 0, len(index)
    while start < count:
        if len(found) == MAX_RUNS:
            return [(slice(0, count), index)]
        later = np.searchsorted(changes, start + 1)
        stop = int(changes[later]) + 1 if later < len(changes) else count
        if start + 1 < count and step[start] <= 0:
            stop = start + 1
        found.append((slice(start, stop), as_slice(index[start:stop])))
        start = stop
    return found
