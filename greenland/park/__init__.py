"""The input side: column dictionary, reading, checking and the blank workbook."""

from greenland.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
