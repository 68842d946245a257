# Stage 3 of TAKDSR: the student learns from the teacher and the assistant (Eq. 9, 11 and 13) and
# begins with the teacher's weights. It alone sees nothing but the LR image. Image terms weigh 1
# each; all are of one degree in the image range, so [0, 1] needs no other weights than 0..255.
_base_ = ["rlfn_pisr-student_x2.py"]
model = dict(
    distill=dict(
        teachers=dict(
            assistant=dict(
                checkpoint="{stage:assistant}",
                input=dict(type="Mix", of=["teacher.compact", "lr"], shares=[0.3, 0.7]),
            )
        ),
        taps=dict(assistant=dict(trunk=dict(path="upsampler", role="input"))),
        losses=dict(
            loss_assistant=dict(
                type="SoftTargetLoss", args=dict(student="student.out", teacher="assistant.out")
            ),
            loss_trunk_assistant=dict(
                type="FeatureL1Loss",
                weight=1e-4,  # lambda_S
                args=dict(student="student.trunk", teacher="assistant.trunk"),
            ),
        ),
    )
)
