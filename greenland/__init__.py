"""Land-use evaluation and green-power sizing for industrial parks.

``greenland.assess("DIR")`` reads a park folder and evaluates all it has data for. Nothing heavy
is imported until it is used.
"""

from greenland.lazy import attach

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = attach(__name__, __file__)
