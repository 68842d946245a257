"""mmagic models whose network learns features that do not tell the domain of an image (DANN)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from mmagic.models.base_models import BaseEditModel
from mmagic.structures import DataSample
from torch import Tensor, nn

from mmsrkd.adaptation import DomainHead
from mmsrkd.models.distillation.names import check_keys
from mmsrkd.models.distillation.taps import TapSet
from mmsrkd.registry import MODELS

from .distill_edit_model import DistillEditModel

BLOCK_KEYS = ("taps", "classifier", "weight", "target_weight")
#: What `DomainPairDataset` puts before the names of the target's images.
TARGET = "target_"


class AdaptMixin:
    """Adds a domain loss to a restorer; put it before the restorer among the base classes.

    A batch has as many target images as source samples (`DomainPairDataset`). They pass through
    the network one after the other, not joined: the source's pass, losses and gradients are then
    those of a run without adaptation, so that lambda 0 is that run bit for bit, and no loss needs
    to know which samples have a truth. Where gradients are clipped by their norm over all
    parameters, or the network has batch normalisation, the two runs do differ.

    The ``adapt`` block: ``dict(taps=..., classifier=..., weight=1.0, target_weight=0.0)``.
    ``taps`` are features of ``generator`` by name, as `Tap`; ``classifier`` is
    `PatchDomainClassifier` by default; ``weight`` is that of ``loss_domain`` (how much the network
    is to heed it is `GradientReversalHook`'s matter); with ``target_weight`` above 0 the target has
    a truth and its losses count so much (logged as ``loss_label_target``...), with 0 it adds
    nothing to restoration.
    """

    #: Whether ``forward_train`` takes samples without truth (metainfo ``has_gt`` False), leaving
    #: out of its losses what would need it. Then it sees the target's too, with zeros for truth.
    uses_unlabelled = False

    generator: nn.Module
    domain: DomainHead

    def __init__(self, *, adapt: Mapping[str, Any], **restorer: Any) -> None:
        # the restorer's own __init__ refuses a name it does not know
        super().__init__(**restorer)
        check_keys(adapt, BLOCK_KEYS, "adapt")
        self._domain_weight = float(adapt.get("weight", 1.0))
        self._target_weight = float(adapt.get("target_weight", 0.0))
        if self._domain_weight <= 0 or self._target_weight < 0:
            raise ValueError(
                "adapt: weight must be positive (it trains the classifier; GradientReversalHook's "
                "maximum=0 leaves the network alone) and target_weight at least 0, got "
                f"{self._domain_weight} and {self._target_weight}"
            )
        if self._target_weight:
            prepare = self.data_preprocessor  # type: ignore[attr-defined]
            prepare.data_keys = [*prepare.data_keys, *(TARGET + key for key in prepare.data_keys)]
        self._domain_taps = TapSet(self.generator, adapt.get("taps", {}), "adapt")
        with torch.random.fork_rng(devices=[]):  # the network's random numbers stay where they are
            classifier = adapt.get("classifier", {"type": "PatchDomainClassifier"})
            self.domain = DomainHead(self._tapped_channels(), classifier)

    @torch.no_grad()
    def _tapped_channels(self, size: int = 32) -> dict[str, int]:
        reference = next(self.generator.parameters())
        training = self.generator.training
        self.generator.eval()
        with self._domain_taps.learning_copies() as features:
            self.generator(torch.zeros(1, 3, size, size, device=reference.device))
        self.generator.train(training)
        return {name: tensor.shape[1] for name, tensor in features.items()}

    def forward(
        self, inputs: Any, data_samples: Any = None, mode: str = "tensor", **kwargs: Any
    ) -> Any:
        """As mmagic's; in mode ``loss`` the target images are kept."""
        if mode == "loss":
            return self.forward_train(inputs, data_samples, **kwargs)
        return super().forward(inputs, data_samples, mode, **kwargs)  # type: ignore[misc]

    def forward_train(
        self, inputs: Any, data_samples: Any = None, **kwargs: Any
    ) -> dict[str, Tensor]:
        """Return the restorer's losses of the source, and those of the domain.

        Args:
            inputs: ``img``, the source's images (N, 3, H, W), and ``target_img`` (N, 3, H', W'),
                both in [0, 1].
            data_samples: The source's stacked sample.
            **kwargs: Handed to the restorer, as mmagic does.

        Returns:
            The restorer's losses; those of the target, named ``..._target``; ``loss_domain``;
            ``domain_accuracy`` and ``domain_lambda``, which are logged alone.

        Raises:
            ValueError: If the batch has no target images, or no truth where the target's counts.
        """
        source, target = _split(inputs)
        if getattr(self, "_checked", True) is False:  # would run the network while taps record
            self.check_distillation()  # type: ignore[attr-defined]
        with self._domain_taps.recording() as of_source:
            losses = self._restoration(source, data_samples, **kwargs)
        with self._domain_taps.recording() as of_target:
            losses |= self._of_target(target, data_samples, source.shape[2:], **kwargs)
        domain, accuracy = self.domain(of_source, of_target)
        return {
            **losses,
            "loss_domain": self._domain_weight * domain,
            "domain_accuracy": accuracy,
            "domain_lambda": self.domain.reversal.strength.clone(),
        }

    def _of_target(
        self, images: Tensor, source: Any, source_size: Sequence[int], **kwargs: Any
    ) -> dict[str, Tensor]:
        """Run the network on the target; return what the restorer learns from it, if anything."""
        if self._target_weight:
            sample, factor = _target_sample(source), self._target_weight
        elif self.uses_unlabelled:
            sample, factor = _without_truth(source, source_size, images.shape[2:]), 1.0
        else:
            self.generator(images, **kwargs)
            return {}
        found = self._restoration(images, sample, **kwargs)
        return {
            f"{name}_target": factor * value if "loss" in name else value
            for name, value in found.items()
        }

    def _restoration(self, images: Tensor, sample: Any, **kwargs: Any) -> dict[str, Tensor]:
        """The restorer's losses; mmagic's ``loss`` would hide the sum of all in the log."""
        found = super().forward_train(images, sample, **kwargs)  # type: ignore[misc]
        return {"loss_label" if name == "loss" else name: value for name, value in found.items()}


def _split(inputs: Any) -> tuple[Tensor, Tensor]:
    if not isinstance(inputs, Mapping) or f"{TARGET}img" not in inputs:
        raise ValueError(
            "the domain loss is on and the batch has no target images; make the training set a "
            "DomainPairDataset(source=..., target=...), or train without `adapt`"
        )
    return inputs["img"], inputs[f"{TARGET}img"]


def _target_sample(source: Any) -> DataSample:
    """The target's own truth, under the names a restorer knows."""
    fields = {k.removeprefix(TARGET): source.get(k) for k in source.keys() if k.startswith(TARGET)}  # noqa: SIM118
    if "gt_img" not in fields:
        raise ValueError(
            "adapt.target_weight is above 0 and the target has no truth; set labelled=True on "
            "DomainPairDataset and give it a target set with HR images, or set target_weight=0"
        )
    sample = _sample(source, fields)
    if f"{TARGET}has_gt" in source.metainfo:
        sample.set_metainfo({"has_gt": source.metainfo[f"{TARGET}has_gt"]})
    return sample


def _without_truth(
    source: Any, source_size: Sequence[int], target_size: Sequence[int]
) -> DataSample:
    """A sample that has every field, zeros of the target's size, and says that none is true."""
    fields = {k: source.get(k) for k in source.keys() if not k.startswith(TARGET)}  # noqa: SIM118
    blank = {
        k: v.new_zeros(*v.shape[:2], *_resized(v.shape[2:], source_size, target_size))
        for k, v in fields.items()
        if isinstance(v, Tensor)
    }
    sample = _sample(source, blank)
    sample.set_metainfo({"has_gt": [False] * len(source.gt_img)})
    return sample


def _sample(source: Any, fields: Mapping[str, Any]) -> DataSample:
    sample = DataSample()
    sample.set_metainfo({k: v for k, v in source.metainfo.items() if k != "has_gt"})
    for name, value in fields.items():
        sample.set_field(value, name)
    return sample


@MODELS.register_module()
class AdaptEditModel(AdaptMixin, BaseEditModel):
    """`BaseEditModel` plus a domain loss; test and inference are the plain model's.

    Domain-adversarial training (DANN, JMLR 2016) of any network here. The network stays at
    ``generator`` with the keys of the plain model; what trains besides is under ``domain``.

    Args:
        generator: Network.
        pixel_loss: Loss against the truth, logged as ``loss_label``.
        adapt: See `AdaptMixin`. Unknown keys are refused.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic.

    Raises:
        KeyError: For a key or tap path that does not exist; the nearest are listed.
    """


@MODELS.register_module()
class AdaptDistillEditModel(AdaptMixin, DistillEditModel):
    """`DistillEditModel` plus a domain loss: a student that learns from teachers and adapts.

    Args:
        generator: As `DistillEditModel`.
        pixel_loss: As `DistillEditModel`.
        distill: As `DistillEditModel`.
        adapt: See `AdaptMixin`.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic.
    """


def _resized(truth: Sequence[int], source: Sequence[int], target: Sequence[int]) -> list[int]:
    """Height and width of a truth for an input of another size."""
    return [t * to // of for t, of, to in zip(truth, source, target, strict=True)]
