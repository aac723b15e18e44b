"""Reports from a results record: a page, a workbook, a PDF, a Word file.

This package reads the record only; it evaluates nothing and imports neither land nor energy.
"""

from greenland.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
