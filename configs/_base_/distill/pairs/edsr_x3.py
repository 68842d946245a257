_base_ = "./edsr_x2.py"

student = dict(upscale_factor=3)
teachers = dict(
    teacher=dict(
        generator=dict(upscale_factor=3),
        checkpoint="{{$MMSRKD_WEIGHTS:weights/official}}/edsr_x3.safetensors",
    )
)
