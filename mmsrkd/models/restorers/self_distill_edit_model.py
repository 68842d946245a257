"""A narrow network that learns inside a wide one, which learns along (CSD, IJCAI 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from mmagic.models.base_models import BaseEditModel
from torch import Tensor

from mmsrkd.checkpoints import load_network
from mmsrkd.models.distillation.distiller import Distiller
from mmsrkd.models.distillation.names import check_keys
from mmsrkd.models.distillation.slicing import copy_slices, width_slices
from mmsrkd.registry import MODELS

from .distill_edit_model import training_progress

BLOCK_KEYS = ("wide", "adapters", "indicators", "losses")


@MODELS.register_module()
class SelfDistillEditModel(BaseEditModel):
    """`BaseEditModel` whose generator is the first channels of every layer of a wide network.

    The wide network, at ``distill.wide``, holds the weights that train, in both roles at once: as
    the teacher (all channels) and as the student (the first). ``generator`` is a copy of the slice,
    brought up to date before testing and saving, so that its keys, tests and deployment are those
    of a plain narrow network.

    Args:
        generator: The narrow network.
        pixel_loss: Loss of its image against the truth, logged as ``loss_label``.
        distill: ``dict(wide=dict(generator=..., checkpoint=None), losses=..., adapters=...,
            indicators=...)``: the same network with more channels, where to start from, and the
            rest as in `DistillEditModel`, with the tensors ``lr``, ``gt``, ``student.out`` and
            ``wide.out``. ``wide.out`` carries gradient: an objective that is to train the narrow
            part alone detaches it.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic.

    Raises:
        KeyError: For an unknown key or tensor name.
        ValueError: If the narrow network is no part of the wide one.
    """

    def __init__(
        self,
        generator: dict[str, Any],
        pixel_loss: dict[str, Any],
        distill: Mapping[str, Any],
        train_cfg: dict[str, Any] | None = None,
        test_cfg: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
        data_preprocessor: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(generator, pixel_loss, train_cfg, test_cfg, init_cfg, data_preprocessor)
        check_keys(distill, BLOCK_KEYS, "distill")
        if "wide" not in distill:
            raise KeyError("distill: needs `wide`, the network the generator is a part of")
        check_keys(distill["wide"], ("generator", "checkpoint"), "distill.wide")
        self._checkpoint = distill["wide"].get("checkpoint")
        with torch.random.fork_rng(devices=[]):
            self.distill = Distiller(
                {"student": [], "wide": []},
                distill.get("losses", {}),
                distill.get("adapters"),
                distill.get("indicators"),
            )
            self.distill.add_module("wide", MODELS.build(dict(distill["wide"]["generator"])))
        self.generator.requires_grad_(False)
        # of whichever copy is saved, so not bound to this one
        self.register_state_dict_pre_hook(lambda model, *_: model.update_generator())
        self.update_generator()

    def init_weights(self) -> None:
        """Initialise, and start from the checkpoint of the wide network if one is given."""
        super().init_weights()
        if self._checkpoint is not None:
            load_network(self.wide, self._checkpoint)
        self.update_generator()

    @property
    def wide(self) -> torch.nn.Module:
        """The network that holds the weights."""
        return self.distill.get_submodule("wide")

    def update_generator(self) -> None:
        """Copy the slice into the generator."""
        copy_slices(self.wide, self.generator)

    def train(self, mode: bool = True) -> SelfDistillEditModel:
        """Switch; before evaluation the generator is brought up to date."""
        if not mode:
            self.update_generator()
        return super().train(mode)

    def forward_train(
        self, inputs: Tensor, data_samples: Any = None, **kwargs: Any
    ) -> dict[str, Tensor]:
        """Return the losses: ``loss_label`` and one entry for each objective.

        Args:
            inputs: (N, 3, H, W), in [0, 1].
            data_samples: mmagic's stacked sample with ``gt_img`` (N, 3, rH, rW).
            **kwargs: Handed to both networks, as mmagic does.
        """
        slices = width_slices(self.wide, self.generator)
        out = torch.func.functional_call(self.generator, slices, (inputs,), kwargs)
        gt = data_samples.gt_img
        named = {"lr": inputs, "gt": gt, "student.out": out}
        named["wide.out"] = self.wide(inputs, **kwargs)
        return {
            "loss_label": self.pixel_loss(out, gt),
            **self.distill(named, training_progress()),
        }
