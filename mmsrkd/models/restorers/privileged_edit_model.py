"""An mmagic model whose network is fed the truth, or a mix with it, while testing too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from mmsrkd.models.distillation.inputs import InputConfig, build_input
from mmsrkd.registry import MODELS

from .distill_edit_model import DistillEditModel
from .normalised import first, normalised


@MODELS.register_module()
class PrivilegedEditModel(DistillEditModel):
    """`DistillEditModel` whose student is privileged: a teacher or an assistant in the making.

    Its PSNR is **no super-resolution result**: the network has seen the HR image, in training and
    in test alike. `mmsrkd.apis.test` says so in every key (``PSNR_Y_privileged``).

    A teacher (Eq. 5-7, TAKDSR) is ``input="gt"`` with a `PrivilegedSR`, no teachers of its own and
    one objective between its tap ``student.compact`` and ``lr``. An assistant (Eq. 4) is
    ``input=dict(type="Mix", of=["teacher.compact", "lr"], shares=[.3, .7])``; the teacher it names
    is needed at test, too. What is published is the bare generator, a plain super-resolution
    network in the assistant's case.

    Args:
        generator: Network; in the loss, ``student.*`` are its tensors.
        pixel_loss: As `DistillEditModel`.
        input: What it is fed, as the ``input`` of a teacher.
        distill: As `DistillEditModel`; may be left out.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic.

    Raises:
        KeyError: As `DistillEditModel`, and for a name in ``input`` that nothing makes.
    """

    #: Why its results are marked.
    privileged = "the network is fed the HR image: not a super-resolution result"

    def __init__(
        self,
        generator: dict[str, Any],
        pixel_loss: dict[str, Any],
        input: InputConfig = "gt",
        distill: Mapping[str, Any] | None = None,
        train_cfg: dict[str, Any] | None = None,
        test_cfg: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
        data_preprocessor: dict[str, Any] | None = None,
    ) -> None:
        self._student_input = build_input(input, "input of the student")
        super().__init__(
            generator, pixel_loss, distill or {}, train_cfg, test_cfg, init_cfg, data_preprocessor
        )

    def forward_tensor(self, inputs: Tensor, data_samples: Any = None, **kwargs: Any) -> Tensor:
        """Return the network's image; what mmagic's ``tensor`` and ``predict`` modes call.

        Args:
            inputs: LR images (N, 3, H, W), as the data preprocessor gives them.
            data_samples: The stacked sample with ``gt_img`` (N, 3, rH, rW), as the data
                preprocessor gives it: normalised while training, 0..255 otherwise.
            **kwargs: Handed to the generator, as mmagic does.

        Raises:
            ValueError: There is no HR image.
        """
        if data_samples is None or "gt_img" not in data_samples:
            raise ValueError(
                f"{type(self).__name__} is fed the HR image and got none: give data with gt_img, "
                "or test the published generator as a plain BaseEditModel"
            )
        gt = data_samples.gt_img if self.training else self._normalised_truth(data_samples)
        with torch.no_grad():
            named = self._before_student({"lr": inputs, "gt": gt})
        return self.generator(self._student_input(named), **kwargs)

    def _normalised_truth(self, data_samples: Any) -> Tensor:
        """Do what the preprocessor does in training only: the model's channel order and range."""
        facts = data_samples.metainfo
        given = first(facts.get("gt_img_output_channel_order", "BGR"))
        file = first(facts.get("gt_channel_order", "BGR"))
        return normalised(self.data_preprocessor, data_samples.gt_img, given, file)

    def _dummy_truth(self, lr: Tensor) -> Tensor:
        scale = getattr(self.generator, "scale", None)
        if not isinstance(scale, int):
            raise TypeError(
                f"{type(self.generator).__name__} does not say its scale, which the size of the HR "
                "image follows from; give it an attribute `scale`"
            )
        count, channels, height, width = lr.shape
        return lr.new_zeros(count, channels, scale * height, scale * width)
