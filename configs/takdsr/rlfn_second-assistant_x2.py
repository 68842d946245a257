# Table 8: a second assistant, fed less of the truth. Every model learns from all above it, so this
# one from the teacher and the first assistant.
_base_ = ["rlfn_assistant_x2.py"]
model = dict(
    input=dict(shares=[0.2, 0.8]),
    distill=dict(
        teachers=dict(
            assistant=dict(
                checkpoint="{stage:assistant}",
                input=dict(type="Mix", of=["teacher.compact", "lr"], shares=[0.6, 0.4]),
            )
        ),
        taps=dict(assistant=dict(trunk=dict(path="upsampler", role="input"))),
        losses=dict(
            loss_assistant=dict(
                type="SoftTargetLoss", args=dict(student="student.out", teacher="assistant.out")
            ),
            loss_trunk_assistant=dict(
                type="FeatureL1Loss",
                weight=1e-4,
                args=dict(student="student.trunk", teacher="assistant.trunk"),
            ),
        ),
    ),
)
