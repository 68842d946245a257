"""Hooks."""

from .channels_last_hook import ChannelsLastHook
from .safe_checkpoint_hook import SafeCheckpointHook
from .step_seed_hook import StepSeedHook
from .teacher_reference_hook import TeacherReferenceHook

__all__ = ["ChannelsLastHook", "SafeCheckpointHook", "StepSeedHook", "TeacherReferenceHook"]
