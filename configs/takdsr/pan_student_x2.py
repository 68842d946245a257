# Stage 3 of TAKDSR for PAN: one of sixteen blocks.
_base_ = ["rlfn_student_x2.py"]
model = dict(
    generator=dict(_delete_=True, type="PAN", num_blocks=1, scale=2),
    distill=dict(
        taps=dict(
            student=dict(trunk=dict(path="upsample1")),
            teacher=dict(trunk=dict(path="decoder.upsample1")),
            assistant=dict(trunk=dict(path="upsample1")),
        )
    ),
)
