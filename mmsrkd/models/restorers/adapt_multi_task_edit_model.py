"""mmagic models of two tasks whose features do not tell the domain of an image."""

from __future__ import annotations

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
