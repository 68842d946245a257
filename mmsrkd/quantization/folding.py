"""Normalisations become part of the convolution before them."""

from __future__ import annotations

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .recording import Graph


def fold_norms(network: nn.Module, graph: Graph) -> int:
    """Fold every batch normalisation that alone follows a convolution, in place.

    Args:
        network: In evaluation or training mode; running statistics are what is folded.
        graph: What it does.

    Returns:
        How many were folded.
    """
    folded = 0
    for op in graph.ops.values():
        if op.kind != "norm":
            continue
        (source,) = op.inputs[0]
        before = graph.ops.get(source)
        if before is None or before.kind != "conv" or len(graph.users(source)) != 1:
            continue
        norm_path = op.address.rpartition(".")[0]
        norm = network.get_submodule(norm_path)
        conv = network.get_submodule(source)
        training = conv.training
        fused = fuse_conv_bn_eval(conv.eval(), norm.eval()).train(training)  # type: ignore[arg-type,type-var]
        network.set_submodule(source, fused)
        network.set_submodule(norm_path, nn.Identity())
        folded += 1
    return folded
