"""mmagic models of two tasks whose features do not tell the domain of an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmsrkd.registry import MODELS

from .adapt_edit_model import AdaptMixin
from .multi_task_edit_model import MultiTaskDistillEditModel, MultiTaskEditModel


@MODELS.register_module()
class AdaptMultiTaskEditModel(AdaptMixin, MultiTaskEditModel):
    """`MultiTaskEditModel` plus a domain loss.

    Args:
        generator: As `MultiTaskEditModel`.
        pixel_loss: As `MultiTaskEditModel`.
        adapt: See `AdaptMixin`.
        freeze: As `MultiTaskEditModel`.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic.
    """

    def __init__(
        self,
        generator: dict[str, Any],
        pixel_loss: dict[str, Any],
        adapt: Mapping[str, Any],
        freeze: Sequence[str] = (),
        train_cfg: dict[str, Any] | None = None,
        test_cfg: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
        data_preprocessor: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            generator, pixel_loss, freeze, train_cfg, test_cfg, init_cfg, data_preprocessor
        )
        self._init_adaptation(adapt)


@MODELS.register_module()
class AdaptMultiTaskDistillEditModel(AdaptMixin, MultiTaskDistillEditModel):
    """`MultiTaskDistillEditModel` plus a domain loss; the target learns from the teacher too.

    Args:
        generator: As `MultiTaskDistillEditModel`.
        pixel_loss: As `MultiTaskDistillEditModel`.
        distill: As `MultiTaskDistillEditModel`.
        adapt: See `AdaptMixin`.
        freeze: As `MultiTaskDistillEditModel`.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic.
    """

    uses_unlabelled = True

    def __init__(
        self,
        generator: dict[str, Any],
        pixel_loss: dict[str, Any],
        distill: Mapping[str, Any],
        adapt: Mapping[str, Any],
        freeze: Sequence[str] = (),
        train_cfg: dict[str, Any] | None = None,
        test_cfg: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
        data_preprocessor: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            generator, pixel_loss, distill, freeze, train_cfg, test_cfg, init_cfg, data_preprocessor
        )
        self._init_adaptation(adapt)
