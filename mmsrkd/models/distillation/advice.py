"""What to write into a config where a student's and a teacher's tensor do not fit."""

from __future__ import annotations

from collections.abc import Sequence

Shape = tuple[int, ...]


def how_to_meet(student: Shape, teacher: Shape, ours: Sequence[str], theirs: Sequence[str]) -> str:
    """Name the entry that makes two tensors of a loss meet.

    Args:
        student: (N, C, H, W) of the student's tensor.
        teacher: The same of the teacher's.
        ours: Names of all tensors of the student that this loss compares, such as ``student.f1``.
        theirs: As many of the teacher.
    """
    if len(student) != 4 or len(teacher) != 4:
        return "tap both where they are feature maps (N, C, H, W)"
    if student[1] == teacher[1] and student[1] in (1, 3):
        return "these are images of different size: take a teacher of the student's scale"
    adapter = ours[0].partition(".")[0]
    if student[2:] == teacher[2:] and adapter != "student":
        return f"set out_channels={teacher[1]} in adapters.{adapter}"
    if all(big >= small for big, small in zip(teacher[1:], student[1:], strict=True)):
        pair = f"type='ChannelGroupMean', on={list(theirs)}, like={list(ours)}"
        return _entry(pair, theirs)
    if student[2:] == teacher[2:]:
        pair = f"type='Conv1x1', in_channels={student[1]}, out_channels={teacher[1]}"
        return _entry(f"{pair}, on={list(ours)}", ours)
    return "tap both networks at one resolution"


def _entry(arguments: str, replaced: Sequence[str]) -> str:
    new = [f"R.{name.partition('.')[2] or name}" for name in replaced]
    return (
        f"put an adapter between them, adapters=dict(R=dict({arguments})), and name {new} instead "
        f"of {list(replaced)} in this loss"
    )
