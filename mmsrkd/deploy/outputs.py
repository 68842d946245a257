"""Networks that give several images, and one of those at a time."""

from __future__ import annotations

from torch import Tensor, nn

#: What the only image of a network is called in a file.
OUTPUT = "output"


def output_names(network: nn.Module) -> tuple[str, ...]:
    """Return what a file calls the images of a network, the main one last.

    Args:
        network: Its attribute ``output_names`` counts if it names several.
    """
    names = tuple(getattr(network, "output_names", ()))
    return names if len(names) > 1 else (OUTPUT,)


def one_output(network: nn.Module, index: int = -1) -> nn.Module:
    """Return a network that gives one image: itself, or a view on it that leaves out the others.

    Args:
        network: Any network.
        index: Which image of several; the main one by default.
    """
    return OneOutput(network, index) if len(output_names(network)) > 1 else network


class OneOutput(nn.Module):
    """One of the images of a network.

    Args:
        network: Returns a tuple.
        index: Which element.
    """

    def __init__(self, network: nn.Module, index: int) -> None:
        super().__init__()
        self.network = network
        self.index = index

    def forward(self, x: Tensor) -> Tensor:
        """Map images (N, 3, H, W) to those of one output."""
        return self.network(x)[self.index]
