"""A case on the workbench: its values are turned, and the exact optimum follows.

From the bottom: ``knobs`` (what can be turned, and what a setting puts into the case) ·
``catalogue`` (the knobs of one case) · ``source`` (a case file, or the direct supply of a park) ·
``kept`` (the sizing that keeps the assembled problem) · ``answer`` (what it came to) ·
``workbench`` · ``cards`` (scenarios kept as files) · ``front`` (cost against green share).
"""

from greenland.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
