# The teacher's image and the truth, one to one, and no features: what every other method has to be
# better than.
_base_ = "../models/restorer.py"
model = dict(
    type="DistillEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    pixel_loss=dict(loss_weight=0.5),
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="span-ncnn:spanx2_ch48")),
        losses=dict(
            loss_teacher=dict(
                type="SoftTargetLoss",
                weight=0.5,
                args=dict(student="student.out", teacher="teacher.out"),
            )
        ),
    ),
)
