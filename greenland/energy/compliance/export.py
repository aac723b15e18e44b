"""Whether a province lets energy be fed back, and what the share of export is a share of.

650 leaves both to the provinces; they are rules, which the sizing and the judgement ask alike.
"""

from __future__ import annotations

from enum import StrEnum

from greenland.energy.compliance.config import ComplianceConfig
from greenland.rules import Rule, Rulebook
from greenland.rules.choice import chosen

SWITCH = "energy.direct.export_allowed"
BASE = "energy.direct.export_share_base"
SHARE = "energy.direct.export_share"


class Switch(StrEnum):
    """Where energy may be fed back into the public grid."""

    SHARE = "within_share"  # up to the share of export
    SPOT = "spot_market_runs"  # single users only while the spot market runs continuously
    HYDROGEN = "hydrogen_only"  # only projects that make hydrogen
    NEVER = "never"


class Base(StrEnum):
    """What the share of export is a share of."""

    AVAILABLE = "available_generation"
    DELIVERED = "export_and_self_use"


LIMIT_FIELDS = {
    Base.AVAILABLE: "max_export_share",
    Base.DELIVERED: "max_export_share_of_delivered",
}
"""Field of `greenland.energy.site.Limits` for each denominator."""

CHECKED = {Base.AVAILABLE: "export_share", Base.DELIVERED: "export_share_of_delivered"}
"""Limit and ratio of a plan for each denominator."""


def export_base(rulebook: Rulebook) -> Base:
    """What the share of export is a share of; available generation where no rule says."""
    rule = rulebook.get(BASE)
    return Base.AVAILABLE if rule is None else chosen(rule, Base, touches=("energy",))


def export_ban(
    config: ComplianceConfig, rulebook: Rulebook, *, makes_hydrogen: bool
) -> Rule | None:
    """The rule by which a project may feed nothing back; None where it may.

    Parameters
    ----------
    config : ComplianceConfig
        ``export_allowed: false``, or the answer that the spot market does not run, closes what
        depends on the spot market; unanswered, it stays open and stands in the checklist.
    makes_hydrogen : bool
        Whether the project has electrolysers.
    """
    rule = rulebook.get(SWITCH)
    if rule is None:
        return None
    closed = config.export_allowed is False or config.answers.get("spot_market") == "no"
    banned = {
        Switch.SHARE: False,
        Switch.SPOT: closed and config.multi_user is not True,
        Switch.HYDROGEN: not makes_hydrogen,
        Switch.NEVER: True,
    }
    return rule if banned[chosen(rule, Switch, touches=("energy",))] else None
