from __future__ import annotations

from mmsrkd.models.networks.rlfn import RLFN
from mmsrkd.registry import MODELS


@MODELS.register_module()
class DIPNet(RLFN):
    """DIPNet (CVPRW 2023), winner of NTIRE 2023 in runtime, as it is deployed.

    The graph is RLFN's, pruned, and without biases outside the attention. RGB [0, 1] in and out
    (unlike RLFN's, the published weights want just that), (N, 3, H, W) -> (N, 3, rH, rW), H and W
    of at least 15. The re-parameterised blocks and the pruning of the paper's training are not
    published, nor are they here: this is the network that came out, to be trained as it is.

    State keys are the official ones, tap points those of :class:`RLFN`. Parameters at x2, x3 and
    x4: 228,996, 234,936 and 243,252; weights are published for x4.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width.
        mid_channels: Width between the convolutions of a block.
        num_blocks: Number of blocks.
        esa_channels: Width inside the attention.
        scale: 2, 3 or 4.

    Raises:
        ValueError: ``scale``, a width or the depth is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 44,
        mid_channels: int = 38,
        num_blocks: int = 4,
        esa_channels: int = 16,
        scale: int = 2,
    ) -> None:
        super().__init__(
            in_channels=in_channels,
            out_channels=out_channels,
            channels=channels,
            mid_channels=mid_channels,
            num_blocks=num_blocks,
            esa_channels=esa_channels,
            bias=False,
            scale=scale,
        )
