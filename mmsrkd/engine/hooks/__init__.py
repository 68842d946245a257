"""Hooks."""

from .channels_last_hook import ChannelsLastHook
from .provenance_hook import ProvenanceHook
from .safe_checkpoint_hook import SafeCheckpointHook
from .step_seed_hook import StepSeedHook
from .teacher_reference_hook import TeacherReferenceHook

__all__ = [
    "ChannelsLastHook",
    "ProvenanceHook",
    "SafeCheckpointHook",
    "StepSeedHook",
    "TeacherReferenceHook",
]
