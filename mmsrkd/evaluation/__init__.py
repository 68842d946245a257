"""Image quality, with the protocol in the name."""

from mmsrkd.evaluation.functional import psnr, ssim
from mmsrkd.evaluation.perceptual_metrics import RestorationLPIPS, RestorationNIQE
from mmsrkd.evaluation.restoration_metrics import RestorationPSNR, RestorationSSIM

__all__ = [
    "RestorationLPIPS",
    "RestorationNIQE",
    "RestorationPSNR",
    "RestorationSSIM",
    "psnr",
    "ssim",
]
