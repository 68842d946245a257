"""Image and feature losses, usable with or without a teacher."""

from .adaptive_pixel_loss import AdaptivePixelLoss
from .adversarial_loss import AdversarialLoss
from .affinity_loss import SpatialAffinityLoss
from .contrastive_loss import ContrastiveRatioLoss, InfoNCELoss
from .feature_l2_loss import FeatureL2Loss
from .feature_loss import FeatureL1Loss
from .frequency_loss import HighFrequencyLoss
from .guidance_loss import GuidanceLoss
from .image_contrast_loss import ImageContrastLoss
from .image_feature_loss import ImageFeatureLoss
from .image_features import GradientPyramid, VGG19Features
from .image_loss import SoftTargetLoss
from .luma_loss import LumaLoss
from .spectral_loss import SpectralL1Loss
from .task_losses import TaskLosses
from .total_variation_loss import TotalVariationLoss
from .vid_loss import VIDLoss
from .weighted_feature_loss import WeightedFeatureL1Loss

__all__ = [
    "AdaptivePixelLoss",
    "AdversarialLoss",
    "ContrastiveRatioLoss",
    "FeatureL1Loss",
    "FeatureL2Loss",
    "GradientPyramid",
    "GuidanceLoss",
    "HighFrequencyLoss",
    "ImageContrastLoss",
    "ImageFeatureLoss",
    "InfoNCELoss",
    "LumaLoss",
    "SoftTargetLoss",
    "SpatialAffinityLoss",
    "SpectralL1Loss",
    "TaskLosses",
    "TotalVariationLoss",
    "VGG19Features",
    "VIDLoss",
    "WeightedFeatureL1Loss",
]
