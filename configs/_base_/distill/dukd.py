# Label-consistency regularisation of DUKD (2023), as DCKD's code has it: the teacher sees the batch
# inverted, flipped and transposed at random, its image is changed back. 1 truth + 1 teacher, for
# images of 0..1.
_base_ = "../models/restorer.py"
model = dict(
    type="DistillEditModel",
    generator=dict(type="LGRNet", preset="T", scale=2),
    distill=dict(
        teachers=dict(
            teacher=dict(
                checkpoint="span-ncnn:spanx2_ch48",
                consistency=dict(
                    changes=["invert", "hflip", "vflip", "transpose"], probability=0.5
                ),
            )
        ),
        losses=dict(
            loss_teacher=dict(
                type="SoftTargetLoss", args=dict(student="student.out", teacher="teacher.out")
            )
        ),
    ),
)
