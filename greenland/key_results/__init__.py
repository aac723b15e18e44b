"""Key results: the few figures of an assessment that are kept from year to year and added up.

One fixed table, `KEYS`, names them with unit and title; `key_results` takes them from a results
record. The history keeps them, the province adds them up and ranks parks by them. What takes them
from a record is loaded when it is first used: a history is kept and read without records.
"""

from greenland.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
