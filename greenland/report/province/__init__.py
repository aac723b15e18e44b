"""The report of a province: one page, a workbook, from the record of `greenland.province`."""
