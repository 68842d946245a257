"""Hooks."""

from .safe_checkpoint_hook import SafeCheckpointHook
from .step_seed_hook import StepSeedHook
from .teacher_reference_hook import TeacherReferenceHook

__all__ = ["SafeCheckpointHook", "StepSeedHook", "TeacherReferenceHook"]
