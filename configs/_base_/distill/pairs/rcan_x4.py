# RCAN of ten groups of 20 blocks teaches RCAN of ten groups of 6. Taps as in FAKD's code: groups 3
# and 7 of ten, and the sum of trunk and skip.
student = dict(type="RCAN", num_blocks=6, scale=4)
teachers = dict(
    teacher=dict(
        generator=dict(type="RCAN", scale=4),
        checkpoint="{{$MMSRKD_WEIGHTS:weights/official}}/rcan_x4.safetensors",
    )
)
taps = dict(
    student=dict(f1="body.2", f2="body.6", f3=dict(path="tail", role="input")),
    teacher=dict(f1="body.2", f2="body.6", f3=dict(path="tail", role="input")),
)
