"""An mmagic model whose student also learns from teachers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from mmagic.models.base_models import BaseEditModel
from mmengine.logging import MessageHub, print_log
from torch import Tensor

from mmsrkd.models.distillation.distiller import Distiller
from mmsrkd.models.distillation.inputs import INPUTS, InputBuilder, RunOrder, build_input
from mmsrkd.models.distillation.main_image import main_image
from mmsrkd.models.distillation.names import check_keys, near
from mmsrkd.models.distillation.taps import TapSet
from mmsrkd.models.distillation.teachers import TeacherSet
from mmsrkd.registry import MODELS

BLOCK_KEYS = ("teachers", "taps", "adapters", "indicators", "losses")


@MODELS.register_module()
class DistillEditModel(BaseEditModel):
    """`BaseEditModel` plus a ``distill`` block; test and inference are the plain model's.

    The student stays at ``generator``, so its keys are those of the plain model; everything else
    that trains sits under ``distill``; teachers are no submodule and are built for training only,
    when the model's weights are initialised or at the first loss.

    Args:
        generator: Student network.
        pixel_loss: Loss against the truth, logged as ``loss_label`` (Eq. 5, LGR-Net 2025). Its
            ``loss_weight`` is gamma of Eq. 6.
        distill: ``dict(teachers=..., taps=..., adapters=..., indicators=..., losses=...)``; see
            `FrozenTeacher`, `Tap` and `Distiller`. Unknown keys are refused.
        train_cfg: As mmagic.
        test_cfg: As mmagic.
        init_cfg: As mmagic.
        data_preprocessor: As mmagic; the only place that knows value ranges.

    Raises:
        KeyError: For a key, tap path, tensor or argument name that does not exist; the nearest are
            listed.
    """

    #: What the student is fed; a subclass sets its own before this class's ``__init__``.
    _student_input: InputBuilder = INPUTS["lr"]

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
        teachers, taps = distill.get("teachers", {}), distill.get("taps", {})
        if "student" in teachers:
            raise KeyError(
                "distill.teachers: 'student' is the generator; call the teacher otherwise"
            )
        for owner in taps:
            if owner not in ("student", *teachers):
                raise KeyError(
                    f"distill.taps: no network is called "
                    f"{owner!r}{near(owner, ['student', *teachers])}"
                )
        inputs = {
            name: build_input(config.get("input", "lr"), f"distill.teachers.{name}.input")
            for name, config in teachers.items()
        }
        self._order = RunOrder(inputs, taps, self._student_input)
        self._teachers = TeacherSet(teachers, taps)
        self._student_taps = TapSet(self.generator, taps.get("student", {}), "student")
        with torch.random.fork_rng(
            devices=[]
        ):  # adapters must not move the student's random numbers
            self.distill = Distiller(
                {owner: taps.get(owner, {}) for owner in ("student", *teachers)},
                distill.get("losses", {}),
                distill.get("adapters"),
                distill.get("indicators"),
            )
        self._checked = False

    def init_weights(self) -> None:
        """Initialise, then build the teachers and try the block, so that errors come now."""
        super().init_weights()
        self.check_distillation()

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> DistillEditModel:
        self._teachers.apply(fn)
        return super()._apply(fn, recurse)

    @torch.no_grad()
    def check_distillation(self, size: int = 32) -> dict[str, tuple[int, ...]]:
        """Run the block once on a dummy batch of two and log the shape of every tensor.

        Args:
            size: Height and width of the dummy LR image.

        Returns:
            Shapes by tensor name.

        Raises:
            ValueError: If shapes cannot meet (both are given, and the adapter to add).
        """
        reference = next(self.generator.parameters())
        lr = torch.linspace(0, 1, 2 * 3 * size * size, device=reference.device, dtype=torch.float32)
        lr = lr.reshape(2, 3, size, size)
        training = self.training
        self.eval()
        named = self._before_student({"lr": lr, "gt": self._dummy_truth(lr)}, learn_copies=True)
        with self._student_taps.learning_copies() as taps:
            out = self._run_student(self._student_input(named))
        named |= self._of_student(out, taps)
        for owner in self._order.after:
            named |= self._teach(owner, named, learn_copies=True)
        self.distill(named, progress=0.0, every=True)
        self.train(training)
        shapes = {name: tuple(tensor.shape) for name, tensor in named.items()}
        table = "\n".join(f"  {name:<24} {shape}" for name, shape in shapes.items())
        print_log(
            f"Tensors of the distillation block for 2 LR images {size}x{size}:\n{table}", "current"
        )
        self._checked = True
        return shapes

    def forward_train(
        self, inputs: Tensor, data_samples: Any = None, **kwargs: Any
    ) -> dict[str, Tensor]:
        """Return the losses: ``loss_label`` and one entry for each objective.

        Args:
            inputs: LR images (N, 3, H, W), in [0, 1].
            data_samples: mmagic's stacked sample with ``gt_img`` (N, 3, rH, rW).
            **kwargs: Handed to the generator, as mmagic does.
        """
        if not self._checked:
            self.check_distillation()
        progress = training_progress()
        gt = data_samples.gt_img
        named = self._before_student({"lr": inputs, "gt": gt})
        with self._student_taps.recording() as taps:
            out = self._run_student(self._student_input(named), **kwargs)
        named |= self._of_student(out, taps)
        wanted = self._order.with_sources(self.distill.needed_teachers(progress))
        for owner in self._order.after:
            if owner in wanted:
                named |= self._teach(owner, named)
        labels = self._label_losses(out, inputs, data_samples)
        return {**labels, **self.distill(named, progress)}

    @torch.no_grad()
    def images_of_networks(self, lr: Tensor, gt: Tensor) -> dict[str, Tensor]:
        """Return what the student, in eval mode, and every teacher make of a batch, by name.

        Args:
            lr: (N, 3, H, W), RGB in [0, 1].
            gt: (N, 3, rH, rW); privileged teachers read it.
        """
        training = self.training
        self.eval()
        named = self._before_student({"lr": lr, "gt": gt})
        with self._student_taps.recording() as taps:
            out = self._run_student(self._student_input(named))
        self.train(training)
        named |= self._of_student(out, taps)
        for owner in self._order.after:
            named |= self._teach(owner, named)
        return {owner: named[f"{owner}.out"] for owner in ("student", *self._teachers)}

    def _run_student(self, x: Tensor, **kwargs: Any) -> Tensor | tuple[Tensor, ...]:
        return self.generator(x, **kwargs)

    def _label_losses(
        self, out: Tensor | tuple[Tensor, ...], inputs: Tensor, data_samples: Any
    ) -> dict[str, Tensor]:
        """Compare what `_run_student` gave for ``inputs`` with the truth."""
        return {"loss_label": self.pixel_loss(out, data_samples.gt_img)}

    def _dummy_truth(self, lr: Tensor) -> Tensor:
        """An HR image of the right size for ``lr``."""
        return torch.zeros_like(main_image(self._run_student(lr)))

    def _before_student(
        self, batch: dict[str, Tensor], *, learn_copies: bool = False
    ) -> dict[str, Tensor]:
        """Add to the batch what the teachers make that the student is fed from."""
        named = dict(batch)
        for owner in self._order.before:
            named |= self._teach(owner, named, learn_copies=learn_copies)
        return named

    @staticmethod
    def _of_student(
        out: Tensor | tuple[Tensor, ...], taps: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        return {"student.out": main_image(out), **{f"student.{n}": t for n, t in taps.items()}}

    def _teach(
        self, owner: str, named: Mapping[str, Tensor], *, learn_copies: bool = False
    ) -> dict[str, Tensor]:
        teacher = self._teachers[owner]
        result = teacher(named, learn_copies=learn_copies)
        return {f"{owner}.{name}": tensor for name, tensor in result.items()}

    @property
    def teacher_names(self) -> list[str]:
        """Names of all teachers."""
        return list(self._teachers)

    def teacher_references(self) -> dict[str, dict[str, str | None]]:
        """Source and sha256 of the teachers in use, for the checkpoint's metadata."""
        return self._teachers.references()


def training_progress() -> float:
    """Part of the training done, in [0, 1], as mmengine publishes it; 0 outside a runner."""
    hub = MessageHub.get_current_instance()
    total = hub.get_info("max_iters", 0) or 0
    done = hub.get_info("iter", 0) or 0
    return min(done / total, 1.0) if total else 0.0
