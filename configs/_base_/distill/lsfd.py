# LSFD 2021: LFD, where the images of teacher and student differ.
_base_ = "lfd.py"
model = dict(
    distill=dict(
        indicators=dict(
            where=dict(
                type="OutputDifference",
                args=dict(student="student.out", teacher="teacher.out", like="student.f1"),
            )
        ),
        losses=dict(
            loss_feature=dict(type="WeightedFeatureL1Loss", args=dict(where="ind.where")),
        ),
    )
)
