from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from mmsrkd.models.networks.compact_encoder import CompactEncoder
from mmsrkd.models.networks.discretise import Discretise
from mmsrkd.registry import MODELS


@MODELS.register_module()
class PrivilegedSR(nn.Module):
    """Teacher of PISR and TAKDSR: it sees the HR image, squeezed to the size of the LR image.

    ``decoder(discretise(encoder(hr)))``: RGB [0, 1] in, RGB [0, 1] out, and both of them HR. What
    it restores is no super-resolution result, since it has seen the truth; it is there to teach a
    network of the decoder's shape.

    Tap points are ``encoder`` (raw compact features), ``compact`` (what the decoder is fed, of LR
    size) and those of the decoder under ``decoder.``.

    Args:
        decoder: Config of a super-resolution network, e.g. ``dict(type="RLFN", scale=2)``.
        encoder: Arguments of `CompactEncoder`, without ``scale``.
        discretise: Clip and round the features to the grid of 8-bit images (Eq. 1, TAKDSR). False
            for PISR.
        scale: That of the decoder.

    Raises:
        ValueError: The decoder has another scale.
    """

    def __init__(
        self,
        decoder: Mapping[str, Any],
        encoder: Mapping[str, Any] | None = None,
        discretise: bool = True,
        scale: int = 2,
    ) -> None:
        super().__init__()
        self.encoder = CompactEncoder(**(encoder or {}), scale=scale)
        self.compact = Discretise() if discretise else nn.Identity()
        self.decoder: nn.Module = MODELS.build(dict(decoder))
        theirs = getattr(self.decoder, "scale", scale)
        if theirs != scale:
            raise ValueError(
                f"PrivilegedSR(scale={scale}) has a decoder for x{theirs}: give both the same scale"
            )
        self.scale = scale
        self.in_channels = self.encoder.in_channels
        self.min_side = scale * int(getattr(self.decoder, "min_side", 1))

    def forward(self, hr: Tensor) -> Tensor:
        """Take HR images (N, 3, rH, rW) through LR size and back, to (N, 3, rH, rW)."""
        return self.decoder(self.compact(self.encoder(hr)))
