# FACD 2023: the teacher's image and features where the teacher is the better (Eq. 1, 2), features
# in contrast to the rest of the batch (Eq. 4). Lambda, 4, is for images of 0..255: the contrast is
# a ratio and does not grow with the range. Truth is part of loss_image, hence the 0.
_base_ = "../models/restorer.py"
range = 255
model = dict(
    type="DistillEditModel",
    pixel_loss=dict(loss_weight=0.0),
    distill=dict(
        adapters=dict(
            S=dict(type="ChannelNormalise", on="student.f*"),
            T=dict(type="ChannelNormalise", on="teacher.f*"),
            DR=dict(type="DeepRegressor", on="S.f*", in_channels=64, out_channels=256),
        ),
        indicators=dict(
            alpha=dict(
                type="TeacherCloser",
                args=dict(student="student.out", teacher="teacher.out", gt="gt"),
            )
        ),
        losses=dict(
            loss_image=dict(
                type="AdaptivePixelLoss",
                args=dict(student="student.out", teacher="teacher.out", gt="gt", gate="ind.alpha"),
            ),
            loss_contrast=dict(
                type="ContrastiveRatioLoss",
                weight=4 / range,
                tap_weights=[0.5, 0.3, 0.2],
                args=dict(student="DR.f*", teacher="T.f*", gate="ind.alpha"),
            ),
        ),
    ),
)
