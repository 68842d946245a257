"""Image and feature losses, usable with or without a teacher."""

from .feature_loss import FeatureL1Loss
from .frequency_loss import HighFrequencyLoss
from .image_loss import SoftTargetLoss
from .luma_loss import LumaLoss
from .spectral_loss import SpectralL1Loss

__all__ = ["FeatureL1Loss", "HighFrequencyLoss", "LumaLoss", "SoftTargetLoss", "SpectralL1Loss"]
