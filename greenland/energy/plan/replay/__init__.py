"""The independent recomputation of a plan, which uses nothing of the model."""

from greenland.energy.plan.replay.recompute import TOLERANCE, Replay, ReplayError, replay

__all__ = ["TOLERANCE", "Replay", "ReplayError", "replay"]
