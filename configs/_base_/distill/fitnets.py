# FitNets 2015 in one stage: half truth, half teacher, and three hints through a 1x1 convolution on
# the student's side. There is no recipe for super-resolution; the weight is ours. Features are
# normalised per pixel, because their size depends on the teacher's range.
_base_ = "../models/restorer.py"
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight=0.5),
    distill=dict(
        adapters=dict(
            S=dict(type="ChannelNormalise", on="student.f*"),
            T=dict(type="ChannelNormalise", on="teacher.f*"),
            R=dict(type="Conv1x1", on="S.f*", in_channels=64, out_channels=256),
        ),
        losses=dict(
            loss_teacher=dict(
                type="SoftTargetLoss",
                weight=0.5,
                args=dict(student="student.out", teacher="teacher.out"),
            ),
            loss_hint=dict(
                type="FeatureL2Loss", weight=1.0, args=dict(student="R.f*", teacher="T.f*")
            ),
        ),
    ),
)
