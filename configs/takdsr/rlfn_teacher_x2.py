# Stage 1 of TAKDSR: encoder and full decoder, fed the HR image (Eq. 1, 5, 6 and 7).
_base_ = [
    "../_base_/runtime/default.py",
    "../_base_/models/restorer.py",
    "../_base_/datasets/takdsr_scenes_x2.py",
    "../_base_/schedules/takdsr.py",
]
model = dict(
    type="PrivilegedEditModel",
    input="gt",
    generator=dict(
        type="PrivilegedSR", decoder=dict(type="RLFN", channels=48, num_blocks=6, scale=2), scale=2
    ),
    distill=dict(
        taps=dict(student=dict(compact="compact")),
        losses=dict(
            loss_imitation=dict(
                type="FeatureL1Loss",
                weight=1e-2,  # lambda_T
                args=dict(student="student.compact", teacher="lr"),
            )
        ),
    ),
)
