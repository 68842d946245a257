"""Pipeline steps that mmagic does not have."""

from mmsrkd.datasets.transforms.alpha_blend import RGBAlphaBlend
from mmsrkd.datasets.transforms.colour import RGBToY
from mmsrkd.datasets.transforms.colour_mix import RandomColourMix
from mmsrkd.datasets.transforms.grey import EqualGrey
from mmsrkd.datasets.transforms.loading import LoadCheckedImage
from mmsrkd.datasets.transforms.low_resolution import GenerateLR
from mmsrkd.datasets.transforms.motion_blur import RandomMotionBlur
from mmsrkd.datasets.transforms.pairs import CheckPair, PairedPatchCrop
from mmsrkd.datasets.transforms.reduce import ReduceImages
from mmsrkd.datasets.transforms.task_truth import DeblurTruthOnly

__all__ = [
    "CheckPair",
    "DeblurTruthOnly",
    "EqualGrey",
    "GenerateLR",
    "LoadCheckedImage",
    "PairedPatchCrop",
    "RGBAlphaBlend",
    "RGBToY",
    "RandomColourMix",
    "RandomMotionBlur",
    "ReduceImages",
]
