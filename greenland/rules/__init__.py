"""The rulebook: dated, sourced thresholds kept as YAML packs."""

from greenland.rules.book import (
    Confidence,
    ConsultedRulebook,
    Override,
    Rule,
    Rulebook,
    available_packs,
    load_rulebook,
)

__all__ = [
    "Confidence",
    "ConsultedRulebook",
    "Override",
    "Rule",
    "Rulebook",
    "available_packs",
    "load_rulebook",
]
