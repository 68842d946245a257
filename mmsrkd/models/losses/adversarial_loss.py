"""A discriminator that trains along, as one objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .shapes import check_same_shape

GAN = {"type": "GANLoss", "gan_type": "vanilla", "loss_weight": 5e-3}


@MODELS.register_module()
class AdversarialLoss(nn.Module):
    """Generator's and discriminator's term in one number, each with gradient to its own side.

    mmagic's adversarial models alternate two optimisers. Here both sides step together: the
    discriminator is an objective's parameter like an adapter's, no second optimiser, so it fits
    into any distilling model. Give it a learning rate of its own with
    ``paramwise_cfg=dict(custom_keys={"distill.objectives.loss_gan": dict(lr_mult=...)})``.

    Weigh the student's term by ``gan.loss_weight`` and leave the objective's ``weight`` at 1, which
    multiplies both.

    Args:
        discriminator: Of images (N, 3, H, W), e.g. mmagic's
            ``dict(type="UNetDiscriminatorWithSpectralNorm", in_channels=3, mid_channels=32)``.
        gan: Loss of its scores, mmagic's `GANLoss`: ``vanilla``, ``lsgan``, ``hinge``, ``wgan``.
    """

    def __init__(self, discriminator: Mapping[str, Any], gan: Mapping[str, Any] = GAN) -> None:
        super().__init__()
        self.discriminator: nn.Module = MODELS.build(dict(discriminator))
        self.gan: nn.Module = MODELS.build(dict(gan))

    def forward(self, student: Tensor, real: Tensor) -> Tensor:
        """Return what deceiving costs the student plus what being deceived costs the discriminator.

        Args:
            student: (N, 3, H, W), RGB in [0, 1].
            real: The same shape: the truth, or a teacher's image.

        Returns:
            Scalar.
        """
        check_same_shape(student, real, "AdversarialLoss")
        self.discriminator.requires_grad_(False)
        deceiving = self.gan(self.discriminator(student), True, is_disc=False)
        self.discriminator.requires_grad_(True)
        right = self.gan(self.discriminator(real.detach()), True, is_disc=True)
        wrong = self.gan(self.discriminator(student.detach()), False, is_disc=True)
        return deceiving + (right + wrong) / 2
