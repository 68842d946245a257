from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.models.networks.blocks import pad_to_multiple
from mmsrkd.models.networks.checks import check_choice, check_image, check_scale
from mmsrkd.models.networks.mimo_unet import MIMOUNet
from mmsrkd.models.networks.span import SPAN
from mmsrkd.registry import MODELS

#: What each form returns; several images are a tuple in this order, the last one the main one.
FORMS: dict[str, tuple[str, ...]] = {
    "sr": ("sr",),
    "deblur": ("deblur",),
    "both": ("deblur", "sr"),
    "scales": ("quarter", "half", "deblur"),
    "all": ("quarter", "half", "deblur", "sr"),
}


@MODELS.register_module()
class SRDeblurNet(nn.Module):
    """Integrated super-resolution and deblurring: MIMO-UNet whose encoder also feeds a SPAN.

    RGB [0, 1] in, (N, 3, H, W), H and W of at least 3. The encoder of `MIMOUNet` and its fusion at
    full size give features that MIMO-UNet's decoder goes on with to a sharp image (N, 3, H, W), and
    that a 3x3 convolution ("Fitting Channel to SR") turns into the three channels SPAN takes, for a
    sharp image (N, 3, rH, rW). Sides that are no multiples of 4 are reflected inside; SPAN sees the
    part that is image alone.

    ``form`` says what is computed and returned, the same in training and evaluation, and can be
    named in the call instead:

    ========== ================================================= ===========================
    ``sr``     the image of SPAN; no decoder runs                Tensor
    ``deblur`` the restored image; no SPAN runs                  Tensor
    ``both``   the two from one pass of the encoder              (deblur, sr)
    ``scales`` MIMO-UNet's three, to train deblurring            (quarter, half, deblur)
    ``all``    to train both                                     (quarter, half, deblur, sr)
    ========== ================================================= ===========================

    The published sizes follow from an unchanged SPAN of 48 channels in the form it trains in: 9.04M
    parameters with 32 channels, 3.94M with 16 (`count_parameters` with ``as_published``). They
    leave room only for a convolution to three channels.

    Deviation: the paper does not say whether the fitted channels replace the image. Here they are
    added to it (``fit_residual``) and the convolution begins at zero, so that a trained SPAN begins
    as what it is.

    State keys are those of the parts: ``deblur.*`` (MIMO-UNet's own), ``fit.*``, ``sr.*`` (SPAN's).
    Every form has all of them. Tap points: ``deblur.Encoder.{k}``, ``fit``, ``sr.block_{n}``; the
    images of a form as elements of the output of the network itself (path '').

    Args:
        channels: Width of MIMO-UNet at full size; 32 for the teacher, 16 for the student.
        num_blocks: Residual blocks of each of its stages.
        sr_channels: Width of SPAN.
        sr_blocks: Blocks of SPAN.
        scale: Of the super-resolution: 2, 3 or 4.
        img_range: SPAN's factor for its input.
        fit_residual: Add the fitted channels to the image.
        form: What ``forward`` returns unless it is told, see above.
        deploy: Build SPAN's re-parameterised convolutions merged (7.23M and 2.13M parameters).

    Raises:
        ValueError: An argument has a value that is not possible.
    """

    def __init__(
        self,
        channels: int = 32,
        num_blocks: int = 8,
        sr_channels: int = 48,
        sr_blocks: int = 6,
        scale: int = 4,
        img_range: float = 255.0,
        fit_residual: bool = True,
        form: str = "both",
        deploy: bool = False,
    ) -> None:
        super().__init__()
        check_scale("SRDeblurNet", scale)
        self.form = check_choice("SRDeblurNet", "form", form, tuple(FORMS))
        self.in_channels = 3
        self.min_side = 3
        self.size_divisor = 4
        self.sr_scale = scale
        self.deblur = MIMOUNet(channels=channels, num_blocks=num_blocks)
        self.fit = nn.Conv2d(channels, 3, 3, padding=1)
        self.fit_residual = fit_residual
        if fit_residual:
            nn.init.zeros_(self.fit.weight)
            nn.init.zeros_(self.fit.bias)  # type: ignore[arg-type]
        self.sr = SPAN(
            channels=sr_channels,
            num_blocks=sr_blocks,
            scale=scale,
            img_range=img_range,
            deploy=deploy,
        )

    @property
    def scale(self) -> int:
        """Of the last image that ``forward`` returns."""
        return self.sr_scale if "sr" in FORMS[self.form] else 1

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the images that ``forward`` returns."""
        return FORMS[self.form]

    def forward(self, x: Tensor, form: str | None = None) -> Tensor | tuple[Tensor, ...]:
        """Restore RGB [0, 1] images (N, 3, H, W).

        Args:
            x: The images.
            form: What to return; the network's own if not given.

        Returns:
            One image or a tuple: (N, 3, H, W) deblurred, (N, 3, ceil(H / 2), ceil(W / 2)) and
            (N, 3, ceil(H / 4), ceil(W / 4)) of its smaller scales, (N, 3, rH, rW) enlarged.

        Raises:
            ValueError: The form does not exist, or the images are too small or of other channels.
        """
        check_image("SRDeblurNet", x, self.in_channels, self.min_side)
        names = FORMS[check_choice("SRDeblurNet", "form", form or self.form, tuple(FORMS))]
        padded = pad_to_multiple(x, 4)
        full, half, quarter = self.deblur.pyramid(padded)
        fused = self.deblur.fuse_full(full, half, quarter)
        images: dict[str, Tensor] = {}
        if "deblur" in names:
            fused_half = self.deblur.fuse_half(full, half, quarter)
            scales = self.deblur.decode(padded, quarter, fused, fused_half)
            images = self._cropped(scales, x)
        if "sr" in names:
            images["sr"] = self._enlarge(x, fused)
        if len(names) == 1:
            return images[names[0]]
        return tuple(images[name] for name in names)

    def _cropped(self, scales: tuple[Tensor, Tensor, Tensor], x: Tensor) -> dict[str, Tensor]:
        """Cut what was reflected off the three images."""
        height, width = x.shape[2], x.shape[3]
        quarter, half, full = scales
        return {
            "quarter": quarter[:, :, : (height + 3) // 4, : (width + 3) // 4],
            "half": half[:, :, : (height + 1) // 2, : (width + 1) // 2],
            "deblur": full[:, :, :height, :width],
        }

    def _enlarge(self, x: Tensor, fused: Tensor) -> Tensor:
        # cropped before SPAN, which takes any size and knows the border from its own training
        fitted = self.fit(fused)[:, :, : x.shape[2], : x.shape[3]]
        return self.sr(x + fitted if self.fit_residual else fitted)
