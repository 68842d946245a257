"""Domain adaptation: gradient reversal, the domain classifier and how its strength grows."""

from .domain_classifier import PatchDomainClassifier
from .domain_head import DomainHead
from .reversal import GradientReversal, reverse_gradient
from .strength import ReversalStrength

__all__ = [
    "DomainHead",
    "GradientReversal",
    "PatchDomainClassifier",
    "ReversalStrength",
    "reverse_gradient",
]
