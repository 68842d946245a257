"""Hooks and loops: everything that depends on time."""

from . import storage  # noqa: F401 - registers backend and reader
from .hooks import (
    ChannelsLastHook,
    GradientReversalHook,
    InitialiseHook,
    InterruptHook,
    ProvenanceHook,
    QATHook,
    SafeCheckpointHook,
    ShortHistoryHook,
    StepCostHook,
    StepSeedHook,
    TeacherCheckHook,
    TeacherReferenceHook,
)
from .loops import EpochLengthTrainLoop
from .optim_wrappers import BFloat16OptimWrapper

__all__ = [
    "BFloat16OptimWrapper",
    "ChannelsLastHook",
    "EpochLengthTrainLoop",
    "GradientReversalHook",
    "InitialiseHook",
    "InterruptHook",
    "ProvenanceHook",
    "QATHook",
    "SafeCheckpointHook",
    "ShortHistoryHook",
    "StepCostHook",
    "StepSeedHook",
    "TeacherCheckHook",
    "TeacherReferenceHook",
]
