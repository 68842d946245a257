"""Taps, adapters, teachers, indicators and objectives; nothing here knows a network by name."""

from .adapters import ChannelGroupMean, Conv1x1, OrthogonalProjection
from .consistency import LabelConsistency
from .distiller import Distiller
from .feature_adapters import AffinityMap, ChannelNormalise, DeepRegressor
from .guides import LearntMixture, MeanOf, RandomGuide
from .indicators import AlwaysOne, OutputDifference, TeacherCloser
from .taps import Tap, TapSet
from .teachers import FrozenTeacher, TeacherSet

__all__ = [
    "AffinityMap",
    "AlwaysOne",
    "ChannelGroupMean",
    "ChannelNormalise",
    "Conv1x1",
    "DeepRegressor",
    "Distiller",
    "FrozenTeacher",
    "LabelConsistency",
    "LearntMixture",
    "MeanOf",
    "OrthogonalProjection",
    "OutputDifference",
    "RandomGuide",
    "Tap",
    "TapSet",
    "TeacherCloser",
    "TeacherSet",
]
