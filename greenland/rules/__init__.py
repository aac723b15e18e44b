"""The rulebook: dated, sourced thresholds kept as YAML packs."""

from greenland.rules.book import (
    LEVEL,
    Confidence,
    ConsultedRulebook,
    Rule,
    Rulebook,
    available_packs,
    is_known_rule,
    known_rule_ids,
    load_rulebook,
)
from greenland.rules.override import Override

__all__ = [
    "LEVEL",
    "Confidence",
    "ConsultedRulebook",
    "Override",
    "Rule",
    "Rulebook",
    "available_packs",
    "is_known_rule",
    "known_rule_ids",
    "load_rulebook",
]
