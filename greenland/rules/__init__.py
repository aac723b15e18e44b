"""The rulebook: dated, sourced thresholds kept as YAML packs."""

from greenland.rules.book import (
    Confidence,
    Override,
    Rule,
    Rulebook,
    available_packs,
    load_rulebook,
)

__all__ = ["Confidence", "Override", "Rule", "Rulebook", "available_packs", "load_rulebook"]
