"""The intake workbook (收资清单): a case filled in with Excel, and the same case in YAML."""

from greenland.energy.case.book.convert import convert_case, write_intake
from greenland.energy.case.book.reader import read_intake

__all__ = ["convert_case", "read_intake", "write_intake"]
