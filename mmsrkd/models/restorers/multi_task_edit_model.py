"""An mmagic model of super-resolution and deblurring in one network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from mmsrkd.registry import MODELS

from .distill_edit_model import DistillEditModel
from .multi_task import MultiTask


@MODELS.register_module()
class MultiTaskEditModel(MultiTask):
    """Trains the tasks its losses name, with parts of the network frozen if asked; see `MultiTask`.

    The SR-deblur paper's phases: deblurring alone (``pixel_loss=dict(type="TaskLosses",
    deblur=...)``, ``freeze=["fit", "sr"]``, which it does not use), then super-resolution
    (``sr=...``, ``freeze=["deblur"]``: encoder, fusion and decoder). With both losses and nothing
    frozen it is the single phase the paper argues against.

    Args:
        generator: `SRDeblurNet`.
        pixel_loss: `TaskLosses`.
        freeze: Paths of modules of the generator that stay as they are.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic; the only place that knows value ranges.

    Raises:
        KeyError: ``freeze`` names a module that does not exist; the nearest are listed.
        TypeError: ``pixel_loss`` is another loss.
    """

    def __init__(
        self,
        generator: dict[str, Any],
        pixel_loss: dict[str, Any],
        freeze: Sequence[str] = (),
        train_cfg: dict[str, Any] | None = None,
        test_cfg: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
        data_preprocessor: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(generator, pixel_loss, train_cfg, test_cfg, init_cfg, data_preprocessor)
        self._check_losses()
        self._freeze(freeze)

    def forward_train(
        self, inputs: Tensor, data_samples: Any = None, **kwargs: Any
    ) -> dict[str, Tensor]:
        """Return ``loss_deblur``, ``loss_sr`` or both.

        Args:
            inputs: (N, 3, h, w) in [0, 1].
            data_samples: mmagic's stacked sample with the truths, see `MultiTask`.
            **kwargs: Handed to the generator, as mmagic does.
        """
        return self._label_losses(self._run_student(inputs, **kwargs), inputs, data_samples)


@MODELS.register_module()
class MultiTaskDistillEditModel(MultiTask, DistillEditModel):
    """`DistillEditModel` for a network of two tasks: features and pseudo labels of both.

    Samples without truth (``has_gt`` False, such as unlabelled infrared) learn from the teacher
    alone. Student and teacher give several images; ``student.out`` is the main one (the enlarged if
    it is trained), each is had by a tap on the network itself, e.g.
    ``quarter=dict(path="", index=0)``; a teacher's ``generator`` says its ``form``.

    Args:
        generator: `SRDeblurNet`, the student.
        pixel_loss: `TaskLosses`; logged as ``loss_deblur`` and ``loss_sr``.
        distill: As `DistillEditModel`.
        freeze: Paths of modules of the generator that stay as they are.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic.

    Raises:
        KeyError: As `DistillEditModel`, for a name in ``freeze``, and for an objective called as
            one of the losses.
        TypeError: ``pixel_loss`` is another loss.
    """

    def __init__(
        self,
        generator: dict[str, Any],
        pixel_loss: dict[str, Any],
        distill: Mapping[str, Any],
        freeze: Sequence[str] = (),
        train_cfg: dict[str, Any] | None = None,
        test_cfg: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
        data_preprocessor: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            generator, pixel_loss, distill, train_cfg, test_cfg, init_cfg, data_preprocessor
        )
        self._check_losses()
        self._freeze(freeze)
        for task in self.pixel_loss.tasks:
            if f"loss_{task}" in distill.get("losses", {}):
                raise KeyError(f"distill.losses: 'loss_{task}' is of pixel_loss; rename yours")
