"""One message for tensors that cannot be compared."""

from __future__ import annotations

from torch import Tensor


def check_same_shape(student: Tensor, teacher: Tensor, where: str) -> None:
    """Raise if two tensors of a loss differ in shape.

    Args:
        student: Any shape.
        teacher: Must have the same shape; broadcasting would silently compare other things.
        where: The loss, for the message.

    Raises:
        ValueError: With both shapes and the adapter that would make them meet.
    """
    if student.shape == teacher.shape:
        return
    raise ValueError(
        f"{where}: the student gives {tuple(student.shape)}, the teacher {tuple(teacher.shape)}; "
        "put an "
        "adapter between them, e.g. adapters=dict(R=dict(type='ChannelGroupMean', on='teacher.*', "
        "like='student.*')) and name R.* instead of teacher.* in this loss"
    )
