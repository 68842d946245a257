# PISR' of TAKDSR: Eq. 9, 11 and 13 without the assistant's terms. With the teacher of
# rlfn_pisr-teacher_x2.py, whose compact features are not discretised.
_base_ = ["rlfn_init-only_x2.py"]
model = dict(
    type="DistillEditModel",
    distill=dict(
        teachers=dict(teacher=dict(checkpoint="{stage:teacher}", input="gt")),
        taps=dict(
            student=dict(trunk=dict(path="upsampler", role="input")),
            teacher=dict(compact="compact", trunk=dict(path="decoder.upsampler", role="input")),
        ),
        losses=dict(
            loss_teacher=dict(
                type="SoftTargetLoss", args=dict(student="student.out", teacher="teacher.out")
            ),
            loss_trunk_teacher=dict(
                type="FeatureL1Loss",
                weight=1e-4,  # lambda_S
                args=dict(student="student.trunk", teacher="teacher.trunk"),
            ),
        ),
    ),
)
