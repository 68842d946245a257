# MTKD (ECCV 2024): the student learns 1 from what the teachers say together and .1 from the truth.
# Published for [0, 1]. What they say together: a learnt mixture, trained along on the truth; the
# paper trains a transformer in a stage before.
_base_ = "../models/restorer.py"
everybody = ["teacher.out", "other.out"]
model = dict(
    type="DistillEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    pixel_loss=dict(loss_weight=0.1),
    distill=dict(
        teachers=dict(
            teacher=dict(checkpoint="span-ncnn:spanx2_ch52"),
            other=dict(checkpoint="span-ncnn:spanx2_ch48"),
        ),
        indicators=dict(
            together=dict(
                type="LearntMixture", teachers=len(everybody), args=dict(teachers=everybody)
            )
        ),
        losses=dict(
            # takes no gradient to the mixture: it must not come towards the student
            loss_teacher=dict(
                type="GuidanceLoss",
                args=dict(student="student.out", teachers="ind.together"),
            ),
            loss_mixture=dict(type="L1Loss", args=dict(pred="ind.together", target="gt")),
        ),
    ),
)
