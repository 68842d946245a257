"""Image and feature losses, usable with or without a teacher."""

from .feature_loss import FeatureL1Loss
from .frequency_loss import HighFrequencyLoss
from .image_loss import SoftTargetLoss

__all__ = ["FeatureL1Loss", "HighFrequencyLoss", "SoftTargetLoss"]
