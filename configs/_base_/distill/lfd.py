# LFD 2021: half truth, half teacher, and L1 of three features through a regressor of 1x1
# convolutions. Its weights are not known here, so they are ours, and features are normalised per
# pixel as in FACD, because their size depends on the teacher's range.
_base_ = "../models/restorer.py"
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight=0.5),
    distill=dict(
        adapters=dict(
            S=dict(type="ChannelNormalise", on="student.f*"),
            T=dict(type="ChannelNormalise", on="teacher.f*"),
            R=dict(type="DeepRegressor", on="S.f*", in_channels=64, out_channels=256),
        ),
        losses=dict(
            loss_teacher=dict(
                type="SoftTargetLoss",
                weight=0.5,
                args=dict(student="student.out", teacher="teacher.out"),
            ),
            loss_feature=dict(
                type="FeatureL1Loss", weight=0.1, args=dict(student="R.f*", teacher="T.f*")
            ),
        ),
    ),
)
