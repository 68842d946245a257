"""Optimiser wrappers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.device import get_device
from mmengine.optim import OptimWrapper
from torch import nn

from mmsrkd.registry import OPTIM_WRAPPERS


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Mixed precision in bfloat16 on any device, a CPU among them.

    mmengine's `AmpOptimWrapper` refuses to work without an accelerator because of its loss scaler;
    bfloat16 has the range of float32 and needs none.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Run the forward pass under autocast."""
        device = torch.device(get_device()).type
        with super().optim_context(model), torch.autocast(device, torch.bfloat16):
            yield
