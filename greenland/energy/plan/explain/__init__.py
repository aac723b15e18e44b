"""A plan in words: what conflicts, or what each limit is worth and what sets each capacity."""

from greenland.energy.plan.explain.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
