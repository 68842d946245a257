"""What models of several tasks share: truths, forms of the network, parts that do not learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from mmagic.models.base_models import BaseEditModel
from torch import Tensor

from mmsrkd.models.distillation.names import near
from mmsrkd.models.losses.task_losses import Images, TaskLosses
from mmsrkd.models.networks.sr_deblur_net import FORMS

from .normalised import first, normalised

#: Form of the network by the tasks that are trained.
TRAINED = {("deblur",): "scales", ("sr",): "sr", ("deblur", "sr"): "all"}
TASKS = ("sr", "deblur")
ModelT = TypeVar("ModelT", bound="MultiTask")


class MultiTask(BaseEditModel):
    """Training and testing of a network of two tasks, such as `SRDeblurNet`.

    A training batch has ``img`` (N, 3, h, w), the input of all tasks, and truths:

    ============= ====================== ==================================================
    ``gt``        (N, 3, rh, rw)         of super-resolution
    ``gt_deblur`` (N, 3, h, w)           of deblurring, packed as data key; where it is
                                         missing, ``gt`` is taken and has to have this size
    ``has_gt``    metainfo               True, False, or the one task a sample has the truth of
                                         (default: True)
    ============= ====================== ==================================================

    Which tasks are trained is what `TaskLosses` has losses for. In a test, ``task`` of the metainfo
    (``sr``, the default, or ``deblur``) says which image a set is measured on.

    Attributes:
        pixel_loss: The losses.
    """

    pixel_loss: TaskLosses
    _frozen: tuple[str, ...] = ()

    def train(self: ModelT, mode: bool = True) -> ModelT:
        """Switch all but what is frozen, which stays in evaluation mode."""
        super().train(mode)
        for path in self._frozen:
            self.generator.get_submodule(path).eval()
        return self

    def forward_tensor(
        self, inputs: Tensor, data_samples: Any = None, **kwargs: Any
    ) -> Tensor | tuple[Tensor, ...]:
        """Return the image of the task that ``data_samples`` name; without them, all of the form.

        Args:
            inputs: (N, 3, h, w) in [0, 1].
            data_samples: mmagic's stacked sample.
            **kwargs: Handed to the generator, as mmagic does.

        Raises:
            ValueError: There is no such task.
        """
        if data_samples is None:
            return self.generator(inputs, **kwargs)
        task = first(data_samples.metainfo.get("task", "sr"))
        if task not in TASKS:
            raise ValueError(f"a test set has task={task!r}: choose one of {', '.join(TASKS)}")
        return self.generator(inputs, form=task, **kwargs)

    def _freeze(self, paths: Sequence[str]) -> None:
        """Take modules of the generator out of training: no gradients, and evaluation mode."""
        known = [name for name, _ in self.generator.named_modules() if name]
        for path in paths:
            if path not in known:
                raise KeyError(f"freeze: the generator has no module {path!r}{near(path, known)}")
            self.generator.get_submodule(path).requires_grad_(False)
        self._frozen = tuple(paths)
        self.train(self.training)

    def _check_losses(self) -> None:
        if not isinstance(self.pixel_loss, TaskLosses):
            raise TypeError(
                f"{type(self).__name__}: pixel_loss is {type(self.pixel_loss).__name__}; give "
                "dict(type='TaskLosses', deblur=..., sr=...)"
            )

    def _run_student(self, x: Tensor, **kwargs: Any) -> Tensor | tuple[Tensor, ...]:
        return self.generator(x, form=TRAINED[self.pixel_loss.tasks], **kwargs)

    def _label_losses(
        self, out: Tensor | tuple[Tensor, ...], inputs: Tensor, data_samples: Any
    ) -> dict[str, Tensor]:
        """Compare what `_run_student` gave with the truths of the batch."""
        truths = {task: self._truth(task, inputs, data_samples) for task in self.pixel_loss.tasks}
        has_gt = data_samples.metainfo.get("has_gt")
        return self.pixel_loss(_by_task(out, self.pixel_loss.tasks), truths, has_gt)

    def _truth(self, task: str, inputs: Tensor, data_samples: Any) -> Tensor:
        factor = self.generator.sr_scale if task == "sr" else 1
        truth = data_samples.gt_img
        if task == "deblur" and "gt_deblur" in data_samples:
            order = first(data_samples.metainfo.get("img_channel_order", "BGR"))
            truth = normalised(self.data_preprocessor, data_samples.gt_deblur, order)
        wanted = (factor * inputs.shape[2], factor * inputs.shape[3])
        if tuple(truth.shape[2:]) != wanted:
            found, size = ("x".join(map(str, s)) for s in (truth.shape[2:], inputs.shape[2:]))
            fix = "give it gt_deblur" if task == "deblur" else "correct its scale"
            raise ValueError(
                f"truth of {task!r} is {found} for an input of {size}, not "
                f"{wanted[0]}x{wanted[1]}: train another task on this data set, or {fix}"
            )
        return truth


def _by_task(out: Tensor | tuple[Tensor, ...], tasks: tuple[str, ...]) -> dict[str, Images]:
    """Sort the images of a form by task: all scales are deblurring's."""
    names = FORMS[TRAINED[tasks]]
    images = dict(zip(names, [out] if isinstance(out, Tensor) else out, strict=True))
    sorted_: dict[str, Images] = {}
    if "deblur" in tasks:
        sorted_["deblur"] = [images[name] for name in FORMS["scales"]]
    if "sr" in tasks:
        sorted_["sr"] = images["sr"]
    return sorted_
