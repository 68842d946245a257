# Table 8: the student of two assistants.
_base_ = ["rlfn_student_x2.py"]
model = dict(
    distill=dict(
        teachers=dict(
            assistant=dict(input=dict(shares=[0.6, 0.4])),
            second=dict(
                checkpoint="{stage:second}",
                input=dict(type="Mix", of=["teacher.compact", "lr"], shares=[0.2, 0.8]),
            ),
        ),
        taps=dict(second=dict(trunk=dict(path="upsampler", role="input"))),
        losses=dict(
            loss_second=dict(
                type="SoftTargetLoss", args=dict(student="student.out", teacher="second.out")
            ),
            loss_trunk_second=dict(
                type="FeatureL1Loss",
                weight=1e-4,
                args=dict(student="student.trunk", teacher="second.trunk"),
            ),
        ),
    )
)
