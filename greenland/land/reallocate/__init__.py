"""再配置: freed and stock land meets the pipeline in a mixed-integer programme.

Variables and rows, by name (p project, s site: a group of adjacent parcels, k parcel):

- ``placed[p]`` in {0, 1}: the project is placed; ``site[p,s]`` in {0, 1}: on this site;
  ``area[p,k]`` [亩]: what it takes of a parcel; ``power[p,k]`` [MW]: what the parcel feeds it;
  ``rest[k]`` in {0, 1}: something of the parcel is left over.
- ``one_site[p]``: one site if placed, none otherwise.
- ``piece_max[p,k]``, ``piece_min[p,k]``: area only on the site taken, at least the least piece;
  a cut vertex of the site whole. ``area_min[p]``, ``area_max[p]``: the range asked.
- ``land_max[k]``, ``land_min[k]``: what is left of a parcel is nothing or at least the least
  piece.
- ``power_site[p,k]``, ``power_need[p]``, ``power_max[k]``: the load is fed by the parcels of the
  site within their capacity, where all of these are known.
- ``limit[name]``: what the park has of land, power, energy and emission.
- maximise the benefit of the projects placed.

Cases too large for one programme are improved by large neighbourhood search: some of the land is
opened with the projects on it and those left out, solved exactly, and put back. The bound then
comes from a relaxation (`upper_bound`), and the gap is measured against it.

Solvers are loaded when they are first used: settings are checked without.
"""

from greenland.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
