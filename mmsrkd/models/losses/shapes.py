"""Messages for tensors that cannot be compared or taken."""

from __future__ import annotations

from torch import Tensor


class ShapeMismatchError(ValueError):
    """A student's and a teacher's tensor are of different shapes.

    Whoever knows where both came from adds what to do (`mmsrkd.models.distillation.wiring`).

    Attributes:
        student: Shape of the student's.
        teacher: Shape of the teacher's.
    """

    def __init__(self, where: str, student: Tensor, teacher: Tensor) -> None:
        self.student, self.teacher = tuple(student.shape), tuple(teacher.shape)
        super().__init__(f"{where}: the student gives {self.student}, the teacher {self.teacher}")


def check_same_shape(
    student: Tensor, teacher: Tensor, where: str, *, same_channels: bool = True
) -> None:
    """Raise if two tensors of a loss differ in shape.

    Args:
        student: Any shape.
        teacher: Must have the same shape; broadcasting would silently compare other things.
        where: The loss, for the message.
        same_channels: Whether they need the same number of channels.

    Raises:
        ShapeMismatchError: With both shapes.
    """
    ours, theirs = list(student.shape), list(teacher.shape)
    if not same_channels:
        ours[1:2], theirs[1:2] = [], []
    if ours != theirs:
        raise ShapeMismatchError(where, student, teacher)


def check_channels(x: Tensor, channels: int, where: str) -> None:
    """Raise if a tensor has another width than a layer was built for.

    Args:
        x: (N, C, H, W).
        channels: The C it must have.
        where: What it enters, for the message.

    Raises:
        ValueError: With both numbers.
    """
    if x.shape[1] != channels:
        raise ValueError(
            f"{where} was built with in_channels={channels} and is given {tuple(x.shape)}; set "
            f"in_channels={x.shape[1]}"
        )
