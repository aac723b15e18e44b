from greenland.key_results.extract import key_results as key_results
from greenland.key_results.extract import park_key as park_key
from greenland.key_results.parks import ParkKey as ParkKey
from greenland.key_results.table import KEYS as KEYS
from greenland.key_results.table import RANKED as RANKED
from greenland.key_results.table import Better as Better
from greenland.key_results.table import KeyResult as KeyResult

__all__: list[str]
