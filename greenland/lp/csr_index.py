"""Index arithmetic on the lists of a CSR structure, and on indices that are mostly slices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from greenland.lp.program import Integers

Index = slice | Integers

MAX_RUNS = 64
"""An index that would fall into more runs than this stays an array."""


def with_data(matrix: sparse.csr_array, data: NDArray[Any]) -> sparse.csr_array:
    """A matrix of the same sparsity pattern with other values, shape (nnz,)."""
    return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def unit_pattern(matrix: sparse.csr_array) -> sparse.csr_array:
    """Sparsity pattern as a matrix of ones; its products count and sum over the rows' members."""
    return with_data(matrix, np.ones(matrix.nnz, dtype=np.int32))


def member_positions(starts: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """Positions of all members of some lists, and the list each belongs to.

    Parameters
    ----------
    starts, counts : integer array, shape (lists,)
        Position of the first member, and number of members.

    Returns
    -------
    position, owner : integer array, shape (sum of counts,)
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(owner)) - before[owner] + starts[owner], owner


def member_pairs(pointer: Integers) -> tuple[Integers, Integers, Integers]:
    """All unordered pairs of members of the same list, a member with itself included.

    Parameters
    ----------
    pointer : integer array, shape (lists + 1,)
        Where each list begins and ends, as ``indptr`` of a CSR matrix.

    Returns
    -------
    later, earlier, owner : integer array
        Positions of the two members (``later >= earlier``) and their list.
    """
    counts = np.diff(pointer)
    later, earlier, owner = [], [], []
    for size in np.unique(counts[counts > 0]):
        lists = np.flatnonzero(counts == size)
        first, second = np.tril_indices(size)
        base = pointer[lists][:, None]
        later.append((base + first).ravel())
        earlier.append((base + second).ravel())
        owner.append(np.repeat(lists, len(first)))
    if not owner:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    return np.concatenate(later), np.concatenate(earlier), np.concatenate(owner)


def as_slice(index: Integers) -> Index:
    """The index as a slice where it advances by a constant positive stride; slicing is faster."""
    if len(index) == 0:
        return slice(0, 0)
    stride = int(index[1] - index[0]) if len(index) > 1 else 1
    if stride > 0 and np.array_equal(
        index, np.arange(index[0], index[0] + stride * len(index), stride)
    ):
        return slice(int(index[0]), int(index[-1]) + 1, stride)
    return index


def strided_runs(index: Integers) -> list[tuple[slice, Index]]:
    """Cut an index into runs that advance by a constant stride.

    Returns
    -------
    list of (slice, slice or array)
        Positions in *index*, and the places they stand for; a single array where there would be
        more than `MAX_RUNS`.
    """
    runs: list[tuple[slice, Index]] = []
    stride = np.diff(index)
    changes = np.flatnonzero(np.diff(stride) != 0) + 1
    start, count = 0, len(index)
    while start < count:
        if len(runs) == MAX_RUNS:
            return [(slice(0, count), index)]
        later = np.searchsorted(changes, start + 1)
        stop = int(changes[later]) + 1 if later < len(changes) else count
        if start + 1 < count and stride[start] <= 0:
            stop = start + 1
        runs.append((slice(start, stop), as_slice(index[start:stop])))
        start = stop
    return runs
