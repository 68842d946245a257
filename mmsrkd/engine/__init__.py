"""Hooks and loops: everything that depends on time."""

from .hooks import ChannelsLastHook, SafeCheckpointHook, StepSeedHook, TeacherReferenceHook
from .loops import EpochLengthTrainLoop

__all__ = [
    "ChannelsLastHook",
    "EpochLengthTrainLoop",
    "SafeCheckpointHook",
    "StepSeedHook",
    "TeacherReferenceHook",
]
