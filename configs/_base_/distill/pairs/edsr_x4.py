# EDSR of 256 channels and 32 blocks teaches EDSR of 64 and 16. Taps: after a third and two thirds
# of the blocks, and the sum of trunk and skip, which is what enters the up-sampler (recorded there,
# because mmagic adds the skip in place).
student = dict(type="EDSRNet", in_channels=3, out_channels=3, upscale_factor=4)
teachers = dict(
    teacher=dict(
        generator=dict(
            type="EDSRNet",
            in_channels=3,
            out_channels=3,
            mid_channels=256,
            num_blocks=32,
            res_scale=0.1,
            upscale_factor=4,
        ),
        checkpoint="{{$MMSRKD_WEIGHTS:weights/official}}/edsr_x4.safetensors",
    )
)
taps = dict(
    student=dict(f1="body.4", f2="body.9", f3=dict(path="upsample", role="input")),
    teacher=dict(f1="body.9", f2="body.20", f3=dict(path="upsample", role="input")),
)
