# Stage 2 of TAKDSR: the assistant, with half the blocks and the teacher's weights to begin with, is
# fed a mix of compact features and LR image (Eq. 4, 8, 10 and 12).
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/takdsr_scenes_x2.py",
    "../_base_/schedules/takdsr.py",
]
init_from = dict(checkpoint="{stage:teacher}", prefix="decoder.")
model = dict(
    type="PrivilegedEditModel",
    input=dict(type="Mix", of=["teacher.compact", "lr"], shares=[0.3, 0.7]),  # lambda_1, lambda_2
    generator=dict(type="RLFN", channels=48, num_blocks=3, scale=2),
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
                weight=1e-4,  # lambda_A
                args=dict(student="student.trunk", teacher="teacher.trunk"),
            ),
        ),
    ),
)
