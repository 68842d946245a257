"""Image and feature losses, usable with or without a teacher."""

from .adaptive_pixel_loss import AdaptivePixelLoss
from .affinity_loss import SpatialAffinityLoss
from .contrastive_loss import ContrastiveRatioLoss, InfoNCELoss
from .feature_l2_loss import FeatureL2Loss
from .feature_loss import FeatureL1Loss
from .frequency_loss import HighFrequencyLoss
from .image_contrast_loss import ImageContrastLoss
from .image_features import GradientPyramid, VGG19Features
from .image_loss import SoftTargetLoss
from .luma_loss import LumaLoss
from .spectral_loss import SpectralL1Loss
from .vid_loss import VIDLoss
from .weighted_feature_loss import WeightedFeatureL1Loss

__all__ = [
    "AdaptivePixelLoss",
    "ContrastiveRatioLoss",
    "FeatureL1Loss",
    "FeatureL2Loss",
    "GradientPyramid",
    "HighFrequencyLoss",
    "ImageContrastLoss",
    "InfoNCELoss",
    "LumaLoss",
    "SoftTargetLoss",
    "SpatialAffinityLoss",
    "SpectralL1Loss",
    "VGG19Features",
    "VIDLoss",
    "WeightedFeatureL1Loss",
]
