# The SR-deblur paper: features of every encoder level and of the fitting convolution, pseudo labels
# on all images, unweighted. The student's encoder has half of the channels, so that a learnt 1x1
# convolution brings each level to the teacher's.
_base_ = "../models/sr_deblur.py"

outputs = {
    name: dict(path="", index=index)
    for index, name in enumerate(["quarter", "half", "deblur", "sr"])
}
taps = dict(
    **{f"level{level}": f"deblur.Encoder.{level}" for level in range(3)}, fit="fit", **outputs
)
model = dict(
    distill=dict(
        taps=dict(student=taps, teacher=taps),
        adapters={
            f"to{level}": dict(
                type="Conv1x1",
                on=f"student.level{level}",
                in_channels=16 * 2**level,
                out_channels=32 * 2**level,
            )
            for level in range(3)
        },
        losses=dict(
            loss_features=dict(
                type="FeatureL1Loss",
                args=dict(
                    student=[f"to{level}.level{level}" for level in range(3)],
                    teacher=[f"teacher.level{level}" for level in range(3)],
                ),
            ),
            loss_fit=dict(
                type="FeatureL1Loss", args=dict(student="student.fit", teacher="teacher.fit")
            ),
            loss_pseudo=dict(
                type="FeatureL1Loss",
                weight=4.0,  # a mean of four images: their sum
                args=dict(
                    student=[f"student.{name}" for name in outputs],
                    teacher=[f"teacher.{name}" for name in outputs],
                ),
            ),
        ),
    )
)
