"""The yearly power outlook of a park and its carbon account, from its workbook.

They join what the land programme knows of firms and projects with the core of
`greenland.energy.outlook` and `greenland.energy.account`.
"""

from greenland.outlook.power import OutlookResult, evaluate

__all__ = ["OutlookResult", "evaluate"]
