"""Green-power direct supply: sizing, money, rules, explanations.

The public names are loaded when they are first used, so that importing one part does not load
the solvers.
"""

from greenland.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
