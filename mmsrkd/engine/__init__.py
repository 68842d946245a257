"""Hooks and loops: everything that depends on time."""

from .hooks import SafeCheckpointHook, StepSeedHook, TeacherReferenceHook
from .loops import EpochLengthTrainLoop

__all__ = ["EpochLengthTrainLoop", "SafeCheckpointHook", "StepSeedHook", "TeacherReferenceHook"]
