"""L1 of images and of their spectra, at one size or several."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .distance import mean_absolute_difference
from .shapes import check_same_shape


@MODELS.register_module()
class SpectralL1Loss(nn.Module):
    """L1 plus a weighted L1 of real and imaginary parts of the Fourier transform.

    What MIMO-UNet trains with (weight 0.1), on each of its three images with the truth resized to
    it, and what SAFMN trains with (0.05), whose half spectrum gives the same mean but for the
    weight of two columns. The transform is not normalised, as in both: for noise in patches of
    64x64 the second term is tens of times the first before its weight.

    Args:
        weight: Of the spectral term.
    """

    def __init__(self, weight: float = 0.1) -> None:
        super().__init__()
        self.weight = weight

    def forward(self, pred: Tensor | Sequence[Tensor], target: Tensor) -> Tensor:
        """Compare one image, or several of the same scene, with the truth.

        Args:
            pred: (N, C, H, W), or several of any sizes.
            target: (N, C, H, W) of the largest size; bilinearly reduced for the others.

        Returns:
            Scalar, summed over the images.
        """
        images = [pred] if isinstance(pred, Tensor) else list(pred)
        terms = []
        for image in images:
            truth = target
            if image is not images[-1]:
                size = (image.shape[2], image.shape[3])
                truth = F.interpolate(target, size=size, mode="bilinear", align_corners=False)
            check_same_shape(image, truth, "SpectralL1Loss")
            terms.append(self._compare(image, truth))
        return torch.stack(terms).sum()

    def _compare(self, image: Tensor, truth: Tensor) -> Tensor:
        # Half precision has no transform for sizes that are no powers of two.
        spectrum = torch.view_as_real(torch.fft.fft2((image - truth).float().contiguous()))
        spectral = mean_absolute_difference(spectrum, torch.zeros_like(spectrum))
        return mean_absolute_difference(image, truth) + self.weight * spectral
