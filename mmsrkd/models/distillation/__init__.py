"""Taps, adapters, teachers, indicators and objectives; nothing here knows a network by name."""

from .adapters import ChannelGroupMean, Conv1x1, OrthogonalProjection
from .distiller import Distiller
from .indicators import TeacherCloser
from .taps import Tap, TapSet
from .teachers import FrozenTeacher, TeacherSet

__all__ = [
    "ChannelGroupMean",
    "Conv1x1",
    "Distiller",
    "FrozenTeacher",
    "OrthogonalProjection",
    "Tap",
    "TapSet",
    "TeacherCloser",
    "TeacherSet",
]
