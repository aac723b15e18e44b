"""宗地图形: files of parcel outlines read, whatever office or drawing they come from.

The libraries of the extra ``gis`` are loaded only when there is a file to read, so that a park
without outlines needs none of them.
"""

from greenland.park.outlines.reading import outlines_of, read_outlines

__all__ = ["outlines_of", "read_outlines"]
