"""Hooks."""

from .channels_last_hook import ChannelsLastHook
from .gradient_reversal_hook import GradientReversalHook
from .initialise_hook import InitialiseHook
from .interrupt_hook import InterruptHook
from .provenance_hook import ProvenanceHook
from .qat_hook import QATHook
from .safe_checkpoint_hook import SafeCheckpointHook
from .short_history_hook import ShortHistoryHook
from .step_cost_hook import StepCostHook
from .step_seed_hook import StepSeedHook
from .teacher_check_hook import TeacherCheckHook
from .teacher_reference_hook import TeacherReferenceHook

__all__ = [
    "ChannelsLastHook",
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
