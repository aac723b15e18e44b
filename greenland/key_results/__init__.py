"""Key results: the few figures of an assessment that are kept from year to year and added up.

One fixed table, `KEYS`, names them with unit and title; `key_results` takes them from a results
record. The history keeps them, the province adds them up and ranks parks by them.
"""

from greenland.key_results.extract import ParkKey, key_results, park_key
from greenland.key_results.table import KEYS, RANKED, Better, KeyResult

__all__ = ["KEYS", "RANKED", "Better", "KeyResult", "ParkKey", "key_results", "park_key"]
