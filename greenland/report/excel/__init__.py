"""The report as a workbook: its sheets, and the formulas that show how each figure comes about."""
