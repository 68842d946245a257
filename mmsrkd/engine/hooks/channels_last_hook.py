"""Train in the memory layout convolutions like best."""

from __future__ import annotations

import torch
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class ChannelsLastHook(Hook):
    """Keeps the network's weights channels-last, which carries over to everything they touch.

    Not under DistributedDataParallel, which lays out its gradient buckets when it wraps the model,
    before any hook. A training step of LGR-Net-T (batch 8 of 32x32, one CPU thread) took 48 ms
    instead of 68 ms.
    """

    def before_train(self, runner: Runner) -> None:
        """Convert ``generator``; values stay the same."""
        if not is_model_wrapper(runner.model):
            runner.model.generator.to(memory_format=torch.channels_last)
