# FAKD 2020: half truth, half teacher, and the spatial affinities of three features. Its weight of
# 10 is for images of 0..255; affinities do not grow with the range, image losses do.
_base_ = "../models/restorer.py"
range = 255
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight=0.5),
    distill=dict(
        losses=dict(
            loss_teacher=dict(
                type="SoftTargetLoss",
                weight=0.5,
                args=dict(student="student.out", teacher="teacher.out"),
            ),
            loss_affinity=dict(
                type="SpatialAffinityLoss",
                weight=10 / range,
                args=dict(student="student.f*", teacher="teacher.f*"),
            ),
        )
    ),
)
