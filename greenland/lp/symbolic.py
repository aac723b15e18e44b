"""Symbolic factorisation of the reduced system: the order of elimination and all positions.

After the local columns and the bound rows on them are eliminated, the unknowns of the KKT system
are the duals of the node rows (the *nodes*) and a *border* of global columns and global rows.
Nodes are eliminated in levels: rows whose columns all belong to one step come first, one per step
and level, as they are independent of each other; what remains, in order of time, is a narrow band.

All entries before elimination stand in one vector and are linear in the weights (see
`greenland.lp.schur_terms`), so that a single product with a fixed matrix writes them all. The
band is stored by diagonals, which makes the long diagonals of that matrix longer still.
"""

from __future__ import annotations

from dataclasses import dataclass

from greenland.lp.csr_index import Index
from greenland.lp.diagonals import DiagonalMatrix
from greenland.lp.program import Floats, Integers


@dataclass(frozen=True)
class NodeCoupling:
    """Entries between nodes of one level and later nodes; no node occurs twice on either side.

    Parameters
    ----------
    earlier, later : slice or integer array
        The coupled nodes.
    entries : slice or integer array
        Positions in the vector of entries.
    in_level : slice or integer array
        The earlier nodes, counted inside their level.
    """

    earlier: Index
    later: Index
    entries: Index
    in_level: Index


@dataclass(frozen=True)
class FillIn:
    """Update of later entries by the elimination of a level: ``target -= ratio * factor``.

    Parameters
    ----------
    coupling : int
        Coupling of the level whose ratios are used.
    ratio : slice or integer array
        Positions among these ratios.
    factor, target : slice or integer array
        Positions in the vector of entries.
    repeated : bool
        Whether a target occurs more than once.
    """

    coupling: int
    ratio: Index
    factor: Index
    target: Index
    repeated: bool


@dataclass(frozen=True)
class EliminationLevel:
    """Nodes ``start`` to before ``stop``, which are not coupled with each other."""

    start: int
    stop: int
    couplings: tuple[NodeCoupling, ...]
    fill_ins: tuple[FillIn, ...]


@dataclass(frozen=True)
class SymbolicFactorisation:
    """What is known of the factorisation from the matrix alone.

    The vector of entries holds off-diagonal and diagonal entries of the levels, the band by
    diagonals, the side (border unknowns coupled with nodes, by nodes), and the border matrix, in
    this order.

    Parameters
    ----------
    node_rows : integer array, shape (nodes,)
        Row of each node, in the order of elimination.
    border_columns, border_rows : integer array
        Global columns and rows; the border unknowns in this order.
    levels : tuple of EliminationLevel
    band_start : int
        First node of the band.
    nodes, bandwidth : int
    entry_map : DiagonalMatrix, shape (entries, weights)
        Writes the entries from the weights.
    constant_entries : array, shape (entries,)
        The part of the entries that does not change.
    band_offset, side_offset, border_offset : int
        Where the band, the side and the border matrix begin in the vector of entries.
    side_border : integer array, shape (side rows,)
        Border unknown of each row of the side.
    bound_coefficient_squared : array, shape (bound rows,)
    paired_bound_rows : pair of integer arrays
        As in `SchurTerms`.
    """

    node_rows: Integers
    border_columns: Integers
    border_rows: Integers
    levels: tuple[EliminationLevel, ...]
    band_start: int
    nodes: int
    bandwidth: int
    entry_map: DiagonalMatrix
    constant_entries: Floats
    band_offset: int
    side_offset: int
    border_offset: int
    side_border: Integers
    bound_coefficient_squared: Floats
    paired_bound_rows: tuple[Integers, Integers]

    @property
    def diagonal_offset(self) -> int:
        """Where the diagonal entries of the levels begin in the vector of entries."""
        return self.band_offset - self.band_start

    @property
    def border(self) -> int:
        """Number of border unknowns."""
        return len(self.border_columns) + len(self.border_rows)
