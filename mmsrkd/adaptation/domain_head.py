"""Reversal and a classifier for every tapped feature, their loss and their accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .reversal import GradientReversal

__all__ = ["DomainHead"]


class DomainHead(nn.Module):
    """One classifier a tap, behind a common gradient reversal; source is 0, target 1.

    The classifiers learn at full strength, whatever lambda is; lambda alone says how much of their
    gradient, with the sign turned, reaches the network.

    Args:
        channels: Channels of the features by name of the tap.
        classifier: Config of the classifiers; ``in_channels`` is added. It maps (N, C, H, W) to
            logits of any shape (N, ...).

    Raises:
        ValueError: There is no tap.
    """

    def __init__(self, channels: Mapping[str, int], classifier: Mapping[str, Any]) -> None:
        super().__init__()
        if not channels:
            raise ValueError(
                "adapt.taps is empty; name at least one feature, e.g. dict(body='body.0')"
            )
        self.reversal = GradientReversal()
        self.classifiers = nn.ModuleDict(
            {
                name: MODELS.build({**classifier, "in_channels": count})
                for name, count in channels.items()
            }
        )

    def forward(
        self, source: Mapping[str, Tensor], target: Mapping[str, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Classify the features of both domains.

        Args:
            source: Features (N, C, H, W) by tap.
            target: The same of the other domain; sizes may differ.

        Returns:
            Binary cross-entropy (half the source's mean plus half the target's, mean over taps) and
            the share of patches told rightly (0.5: the domains look alike), both scalars.
        """
        losses, shares = [], []
        for name, classifier in self.classifiers.items():
            for features, label in ((source[name], 0.0), (target[name], 1.0)):
                logits = classifier(self.reversal(features)).float()
                truth = torch.full_like(logits, label)
                losses.append(F.binary_cross_entropy_with_logits(logits, truth))
                shares.append(((logits.detach() > 0) == (truth > 0)).float().mean())
        return torch.stack(losses).mean(), torch.stack(shares).mean()
