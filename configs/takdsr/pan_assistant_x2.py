# Stage 2 of TAKDSR for PAN: eight of sixteen blocks.
_base_ = ["rlfn_assistant_x2.py"]
model = dict(
    generator=dict(_delete_=True, type="PAN", num_blocks=8, scale=2),
    distill=dict(
        taps=dict(
            student=dict(trunk=dict(path="upsample1")),
            teacher=dict(trunk=dict(path="decoder.upsample1")),
        )
    ),
)
