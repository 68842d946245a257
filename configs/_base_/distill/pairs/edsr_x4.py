_base_ = "./edsr_x2.py"

student = dict(upscale_factor=4)
teachers = dict(
    teacher=dict(
        generator=dict(upscale_factor=4),
        checkpoint="{{$MMSRKD_WEIGHTS:weights/official}}/edsr_x4.safetensors",
    )
)
