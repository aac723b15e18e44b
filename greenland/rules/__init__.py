"""The rulebook: dated, sourced thresholds kept as YAML packs."""

from greenland.rules.book import (
    LEVEL,
    ConsultedRulebook,
    Rulebook,
    available_packs,
    is_known_rule,
    known_rule_ids,
    load_rulebook,
)
from greenland.rules.dated import RuleSpan
from greenland.rules.override import Override
from greenland.rules.rule import Confidence, Origin, Rule

__all__ = [
    "LEVEL",
    "Confidence",
    "ConsultedRulebook",
    "Origin",
    "Override",
    "Rule",
    "RuleSpan",
    "Rulebook",
    "available_packs",
    "is_known_rule",
    "known_rule_ids",
    "load_rulebook",
]
