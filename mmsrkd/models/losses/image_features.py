"""Feature maps of images, from a network with weights of its own or from none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.registry import MODELS

#: Places of the activations in torchvision's VGG-19.
VGG19_LAYERS = {"relu1_1": 1, "relu2_1": 6, "relu3_1": 11, "relu4_1": 20, "relu5_1": 29}


@MODELS.register_module()
class VGG19Features(nn.Module):
    """Activations of VGG-19 trained on ImageNet, frozen.

    Its weights are no part of any state dict: 80 MB that never change. mmagic's `PerceptualVGG`
    does the same but downloads torchvision's weights whatever file it is given.

    Args:
        weights: torchvision's ``vgg19-dcbb9e9d.pth``, from download.pytorch.org/models.
        layers: Names in `VGG19_LAYERS`.
        image_range: What 1 becomes; CSD hands over 0..255.
        normalise: Take off ImageNet's mean and divide by its deviation, before ``image_range``.

    Raises:
        FileNotFoundError: If there are no weights.
        ValueError: For an unknown layer.
    """

    def __init__(
        self,
        weights: str,
        layers: Sequence[str] = tuple(VGG19_LAYERS),
        image_range: float = 1.0,
        normalise: bool = True,
    ) -> None:
        super().__init__()
        unknown = [layer for layer in layers if layer not in VGG19_LAYERS]
        if unknown:
            raise ValueError(
                f"VGG19Features: no layer is called {', '.join(unknown)}; choose from "
                f"{', '.join(VGG19_LAYERS)}"
            )
        if not Path(weights).is_file():
            raise FileNotFoundError(
                f"VGG19Features: there is no file {weights}; put torchvision's "
                "vgg19-dcbb9e9d.pth there (https://download.pytorch.org/models), or use "
                "features=dict(type='GradientPyramid'), which needs no weights"
            )
        self.places = [VGG19_LAYERS[layer] for layer in layers]
        self.image_range, self.normalise = image_range, normalise
        self._network = [_vgg19(weights, max(self.places) + 1)]  # a list: not a submodule

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return one map per layer for RGB (N, 3, H, W) in [0, 1]; H, W >= 16 for relu5_1."""
        network = self._network[0].to(x.device)
        if self.normalise:
            mean, std = x.new_tensor([0.485, 0.456, 0.406]), x.new_tensor([0.229, 0.224, 0.225])
            x = (x - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)
        x = x * self.image_range
        maps = []
        for place, layer in enumerate(network):
            x = layer(x)
            if place in self.places:
                maps.append(x)
        return maps


def _vgg19(weights: str, depth: int) -> nn.Sequential:
    """The first layers, without the classifier that would take half a gigabyte."""
    from torchvision.models import vgg

    from mmsrkd.checkpoints import read_checkpoint

    with torch.random.fork_rng(devices=[]):
        network = vgg.make_layers(vgg.cfgs["E"])[:depth]
    state = read_checkpoint(weights)
    wanted = {name: state.get(f"features.{name}") for name in network.state_dict()}
    missing = [f"features.{name}" for name, value in wanted.items() if value is None]
    if missing:
        raise ValueError(
            f"VGG19Features: {weights} has no {missing[0]}; is it torchvision's VGG-19?"
        )
    network.load_state_dict(wanted)
    return network.requires_grad_(False).eval()


@MODELS.register_module()
class GradientPyramid(nn.Module):
    """The image and its horizontal and vertical differences at several sizes; no weights at all.

    What to take where VGG's weights cannot be had. Like VGG's first five stages, each level has
    half the size of the one before, edges count as well as values, and nothing is learnt, so the
    student cannot shape the measure in its own favour. It knows no textures or objects: a contrast
    in it is weaker than the published one, and results with it are no reproduction.

    Args:
        levels: How many sizes, the full one included.
    """

    def __init__(self, levels: int = 5) -> None:
        super().__init__()
        if levels < 1:
            raise ValueError(f"GradientPyramid: levels must be at least 1, got {levels}")
        self.levels = levels

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return ``levels`` maps (N, 3 C, H / 2^l, W / 2^l) for (N, C, H, W)."""
        least = 2 ** (self.levels - 1)
        if min(x.shape[-2:]) < least:
            raise ValueError(
                f"GradientPyramid: {self.levels} levels need images of {least}x{least} or more, "
                f"got {x.shape[-2]}x{x.shape[-1]}; lower `levels` or enlarge the patches"
            )
        maps = []
        for level in range(self.levels):
            x = F.avg_pool2d(x, 2) if level else x
            dx = F.pad(x[..., :, 1:] - x[..., :, :-1], (0, 1))
            dy = F.pad(x[..., 1:, :] - x[..., :-1, :], (0, 0, 0, 1))
            maps.append(torch.cat([x, dx, dy], dim=1))
        return maps
