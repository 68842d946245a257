"""Hooks."""

from .channels_last_hook import ChannelsLastHook
from .interrupt_hook import InterruptHook
from .provenance_hook import ProvenanceHook
from .safe_checkpoint_hook import SafeCheckpointHook
from .short_history_hook import ShortHistoryHook
from .step_cost_hook import StepCostHook
from .step_seed_hook import StepSeedHook
from .teacher_reference_hook import TeacherReferenceHook

__all__ = [
    "ChannelsLastHook",
    "InterruptHook",
    "ProvenanceHook",
    "SafeCheckpointHook",
    "ShortHistoryHook",
    "StepCostHook",
    "StepSeedHook",
    "TeacherReferenceHook",
]
