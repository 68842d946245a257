# Several teachers, and the mean of their images as the one that teaches: nothing to learn there.
_base_ = "mtkd.py"
model = dict(
    distill=dict(
        indicators=dict(
            together=dict(
                _delete_=True, type="MeanOf", args=dict(teachers=["teacher.out", "other.out"])
            )
        ),
        losses=dict(
            _delete_=True,
            loss_teacher=dict(
                type="GuidanceLoss",
                args=dict(student="student.out", teachers="ind.together"),
            ),
        ),
    )
)
