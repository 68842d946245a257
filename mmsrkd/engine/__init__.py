"""Hooks and loops: everything that depends on time."""

from .hooks import (
    ChannelsLastHook,
    ProvenanceHook,
    SafeCheckpointHook,
    StepSeedHook,
    TeacherReferenceHook,
)
from .loops import EpochLengthTrainLoop

__all__ = [
    "ChannelsLastHook",
    "EpochLengthTrainLoop",
    "ProvenanceHook",
    "SafeCheckpointHook",
    "StepSeedHook",
    "TeacherReferenceHook",
]
